/** Choosing among the collections there are. */

import { listCollections } from "./api.js";
import { collection } from "./collection.js";
import { keyring, mayWrite } from "./keys.js";
import { t } from "./language.js";

/** The chooser of a page; it is hidden where there is nothing to choose. */
export class Chooser {
  #names = [];

  /** @param {(name: string) => void} go is called with the collection that is chosen. */
  constructor(go) {
    this.place = document.getElementById("collections");
    this.select = this.place.querySelector("select");
    this.select.addEventListener("change", () => go(this.select.value));
    keyring.addEventListener("change", () => this.load());
    this.load();
  }

  /** Read what collections there are. */
  async load() {
    try {
      this.#names = (await listCollections()).collections.map(({ name }) => name);
    } catch {
      // what is in the way is told by what the page is for
    }
    this.show();
  }

  /** Show the collection of the address, in the language of the page. */
  show() {
    const names = new Set([...this.#names, collection()]);
    this.select.replaceChildren(...[...names].map((name) => new Option(collectionName(name), name)));
    this.select.value = collection();
    this.place.hidden = names.size < 2 && !mayWrite();
  }
}

/** Return what a collection is called. */
export function collectionName(name) {
  return name === "default" ? t("defaultCollection") : name;
}
