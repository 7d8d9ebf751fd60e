/** What a browser remembers; one that refuses to remember is no reason to fail. */

const stores = { session: () => sessionStorage, local: () => localStorage };

export function remembered(store, name) {
  try {
    return stores[store]().getItem(name);
  } catch {
    return null;
  }
}

export function remember(store, name, value) {
  try {
    stores[store]().setItem(name, value);
  } catch {
    // it holds for as long as the page is open
  }
}
