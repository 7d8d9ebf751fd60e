/** The documents there are: where to begin, and what the filters offer. */

import { listDocuments } from "./api.js";
import { pageAddress } from "./collection.js";
import { el } from "./dom.js";
import { FORMATS } from "./formats.js";
import { languageName, numberText, t } from "./language.js";
import { dateline, written } from "./results.js";

const MOST = 1000; // documents that are listed; a page of the service's list holds no more
const FIRST = 10; // titles that are shown

/** Return the documents there are, up to a number, and whether there are more. */
export async function readLibrary(signal) {
  const { documents, next_after: next } = await listDocuments({ limit: MOST }, signal);
  return { documents, more: next !== null, titles: new Map(documents.map((each) => [each.document_id, each.title])) };
}

/** Return the elements that show what can be asked. */
export function libraryElements(library) {
  const { documents } = library;
  if (!documents.length) return [emptyElement()];
  const list = el("ul", { class: "library", role: "list" }, documents.slice(0, FIRST).map(libraryItem));
  const rest = el("a", { class: "open", href: pageAddress("library") }, t("allDocuments"));
  const parts = [el("h2", { class: "count" }, countText(library)), list];
  return documents.length > FIRST ? [...parts, el("p", {}, rest)] : parts;
}

/** Return what stands where documents would stand. */
export function emptyElement() {
  return el("div", { class: "empty" }, el("p", { class: "count" }, t("noDocuments")), el("p", {}, t("noDocumentsHint", { formats: FORMATS.join(", ") })));
}

/** Return how many documents there are to ask. */
export function countText({ documents, more }) {
  const told = more ? "manyDocuments" : documents.length === 1 ? "oneDocument" : "documents";
  return t(told, { count: numberText(documents.length) });
}

function libraryItem(document) {
  const address = pageAddress("source", { document: document.document_id });
  return el("li", {}, el("a", { href: address }, written(document.title)), dateline(document));
}

/** Offer the files and languages of the documents in the filters. */
export function offerFilters(form, { documents }) {
  const sources = new Set(documents.map((each) => each.source));
  form.querySelector("datalist").replaceChildren(...[...sources].sort().map((value) => el("option", { value })));
  offerLanguagesOf(form.elements.language, documents);
}

/** Offer the languages of documents, and the one that is chosen, in a select element. */
export function offerLanguagesOf(select, documents) {
  const chosen = select.value;
  const codes = new Set([...documents.map((each) => each.language), chosen].filter(Boolean));
  const options = [...codes].map((code) => new Option(languageName(code), code));
  options.sort((one, other) => one.text.localeCompare(other.text));
  select.replaceChildren(new Option(t("anyLanguage"), ""), ...options);
  select.value = chosen;
}
