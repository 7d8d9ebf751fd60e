/** Making and deleting collections. */

import { createCollection, deleteCollection, listCollections } from "./api.js";
import { collection, pageAddress } from "./collection.js";
import { collectionName } from "./collections.js";
import { confirmed } from "./dialog.js";
import { el } from "./dom.js";
import { keyring, mayWrite } from "./keys.js";
import { numberText, t } from "./language.js";
import { attempt } from "./problems.js";

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** The part of a page that makes and deletes collections; it is there for those who may write. */
export class Management {
  #collections = [];

  /**
   * @param {HTMLDetailsElement} place holds .managed and the form #create.
   * @param {Element} needed where a key is asked for.
   * @param {(name: string) => void} go is called with the collection to show.
   */
  constructor(place, needed, go) {
    Object.assign(this, { place, needed, go, form: place.querySelector("form"), list: place.querySelector(".managed") });
    this.hint = this.form.querySelector(".hint");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#create(this.form.elements.name);
    });
    keyring.addEventListener("change", () => this.load());
    this.load();
  }

  /** Read again what collections there are. */
  async load() {
    if (!mayWrite()) return;
    const { collections } = await listCollections().catch(() => ({ collections: [] })); // the page tells what is wrong
    this.#collections = collections;
    this.place.hidden = !collections.length;
    this.draw();
  }

  /** Show the collections in the language of the page. */
  draw() {
    this.list.replaceChildren(...this.#collections.map(this.#item, this));
  }

  #item({ name, documents, passages }) {
    const counts = [t("countOfDocuments", { count: numberText(documents) }), t("countOfPassages", { count: numberText(passages) })];
    const label = t("actionOn", { action: t("delete"), name });
    const click = () => this.#delete(name, counts.join(" · "));
    const button = el("button", { type: "button", class: "quiet", "aria-label": label, click }, t("delete"));
    const link = el("a", { href: pageAddress("library", {}, name), "aria-current": name === collection() || null });
    link.append(collectionName(name));
    return el("li", {}, link, el("span", { class: "facts" }, counts.join(" · ")), name === "default" ? null : button);
  }

  async #create(field) {
    const name = field.value.trim().toLowerCase();
    if (!NAME.test(name)) return this.#tell("nameForm", field);
    const work = () => createCollection(name).catch((error) => (error.status === 409 ? "taken" : Promise.reject(error)));
    const made = await attempt(this.needed, work, new AbortController().signal, { scope: "write" });
    if (made === "taken") return this.#tell("nameTaken", field);
    field.value = "";
    this.#say(t("made", { name }));
    this.load();
    this.go(name);
  }

  #tell(said, field) {
    this.#say(t(said), true);
    field.select();
  }

  #say(text, wrong = false) {
    this.hint.textContent = text;
    this.hint.classList.toggle("wrong", wrong);
  }

  async #delete(name, counts) {
    const lines = [t("deleteCollectionLoses"), el("span", { class: "facts" }, counts)];
    const title = t("deleteCollection", { name });
    if (!(await confirmed({ title, lines, action: t("delete"), typed: name }))) return;
    const gone = (error) => (error.status === 404 ? null : Promise.reject(error));
    const work = () => deleteCollection(name).catch(gone);
    await attempt(this.needed, work, new AbortController().signal, { scope: "write" });
    await this.load();
    this.place.querySelector("summary").focus();
    this.#say(t("deleted", { title: name }));
    this.go(name === collection() ? "default" : collection());
  }
}
