/** The documents there are: where to begin, and what the filters offer. */

import { listDocuments } from "./api.js";
import { el } from "./dom.js";
import { languageName, numberText, t } from "./language.js";
import { dateline, written } from "./results.js";

const MOST = 1000; // documents that are listed; a page of the service's list holds no more
const FIRST = 10; // titles that are shown at first

/** Return the documents there are, up to a number, and whether there are more. */
export async function readLibrary(signal) {
  const { documents, next_after: next } = await listDocuments(MOST, signal);
  return { documents, more: next !== null, titles: new Map(documents.map((each) => [each.document_id, each.title])) };
}

/** Return the elements that show what can be asked. */
export function libraryElements({ documents, more }) {
  if (!documents.length) return [el("p", { class: "count" }, t("noDocuments"))];
  const count = numberText(documents.length);
  const told = more ? "manyDocuments" : documents.length === 1 ? "oneDocument" : "documents";
  const list = el("ul", { class: "library", role: "list" }, documents.slice(0, FIRST).map(libraryItem));
  const rest = documents.slice(FIRST);
  const showRest = () => {
    const items = rest.map(libraryItem);
    list.append(...items);
    button.remove();
    items[0].querySelector("a").focus();
  };
  const label = more ? t("moreDocuments", { count }) : t("allDocuments");
  const button = el("button", { type: "button", class: "quiet", click: showRest }, label);
  return [el("h2", { class: "count" }, t(told, { count })), list, ...(rest.length ? [button] : [])];
}

function libraryItem(document) {
  const address = `source?${new URLSearchParams({ document: document.document_id })}`;
  return el("li", {}, el("a", { href: address }, written(document.title)), dateline(document));
}

/** Offer the files and languages of the documents in the filters. */
export function offerFilters(form, { documents }) {
  const sources = new Set(documents.map((each) => each.source));
  form.querySelector("datalist").replaceChildren(...[...sources].sort().map((value) => el("option", { value })));
  const select = form.elements.language;
  const chosen = select.value;
  const codes = new Set([...documents.map((each) => each.language), chosen].filter(Boolean));
  const options = [...codes].map((code) => new Option(languageName(code), code));
  options.sort((one, other) => one.text.localeCompare(other.text));
  select.replaceChildren(new Option(t("anyLanguage"), ""), ...options);
  select.value = chosen;
}
