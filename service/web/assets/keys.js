/** The keys of this tab: one that reads, and one that writes, which reads as well. */

import { remember, remembered } from "./storage.js";

const NAMES = { read: "key", write: "write-key" };
const FRAGMENT = /^#write=(.+)$/; // how the address ends that the service prints when it starts

const keys = { read: remembered("session", NAMES.read), write: remembered("session", NAMES.write) };

/** Tells of each new key by an event `change`. */
export const keyring = new EventTarget();

/** Use a key from now on, in this tab only. */
export function useKey(given, scope) {
  keys[scope] = given.trim().replace(/[^\x20-\x7e]/g, "?"); // a header can hold no others
  remember("session", NAMES[scope], keys[scope]);
  keyring.dispatchEvent(new Event("change"));
}

/** Return whether there is a key that writes; whether it is the right one, only the service knows. */
export function mayWrite() {
  return Boolean(keys.write);
}

/** Return the header that shows a key, or none where there is no key. */
export function authorization(scope) {
  const key = scope === "write" ? keys.write : keys.read || keys.write;
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** Take the key out of the address, where others could read it over a shoulder or in a bookmark. */
function takeKey() {
  const [, key] = FRAGMENT.exec(location.hash) ?? [];
  if (!key) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  useKey(key, "write");
}

takeKey();
addEventListener("hashchange", takeKey); // the address may be opened where the page is open already
