/** The collection that the page's address names, and links that stay in it. */

const DEFAULT = "default";

/** Return the name of the collection that is shown. */
export function collection() {
  return new URLSearchParams(location.search).get("collection") || DEFAULT;
}

/** Return parameters that name a collection, too, unless it goes without saying. */
export function inCollection(parameters = {}, name = collection()) {
  const given = new URLSearchParams(parameters);
  if (name === DEFAULT) given.delete("collection");
  else given.set("collection", name);
  return given;
}

/** Return the address of a page in a collection. */
export function pageAddress(page, parameters = {}, name = collection()) {
  const given = inCollection(parameters, name);
  return given.size ? `${page}?${given}` : page;
}

/** Let the links to pages lead to the collection that is shown. */
export function linkPages() {
  for (const link of document.querySelectorAll("a[data-page]")) link.href = pageAddress(link.dataset.page);
}
