/** The question and its filters: in the address, which can be shared, and in the form. */

import { el } from "./dom.js";
import { languageName, t } from "./language.js";

const OPTIONS = { k: "5", context_sentences: "0", collection: "default" }; // and what they are where the address does not say
const FILTERS = [
  "source",
  "document_id",
  "language",
  "published_after",
  "published_before",
  "mentions_year",
  "min_confidence",
];
const NAMES = ["q", ...Object.keys(OPTIONS), ...FILTERS];

/** Return what an address asks for, without what is not ours and what goes without saying. */
export function questionOf(search) {
  const given = new URLSearchParams(search);
  const known = NAMES.flatMap((name) => given.getAll(name).map((value) => [name, value.trim()]));
  return new URLSearchParams(known.filter(([name, value]) => value && value !== OPTIONS[name]));
}

/** Return the question of a form; values of `before` that the form has no room for are kept. */
export function readForm(form, before) {
  const given = [...new FormData(form)];
  const kept = [...FILTERS, "collection"].flatMap((name) => {
    const values = before.getAll(name).slice(name in form.elements ? 1 : 0);
    return values.map((value) => [name, value]);
  });
  return questionOf(new URLSearchParams([...given, ...kept]));
}

/** Return the same question in another collection, where the filters would mean nothing. */
export function questionIn(collection, question) {
  const kept = [...question].filter(([name]) => !FILTERS.includes(name) && name !== "collection");
  return questionOf(new URLSearchParams([...kept, ["collection", collection]]));
}

/** Show a question in a form. */
export function writeForm(form, question) {
  for (const name of NAMES) {
    const control = form.elements[name];
    if (!control) continue;
    const value = question.get(name) ?? OPTIONS[name] ?? "";
    if (control instanceof HTMLSelectElement && ![...control.options].some((option) => option.value === value)) {
      control.add(new Option(name === "language" ? languageName(value) : value, value));
    }
    control.value = value;
  }
}

/** Return a button for each filter of a question, which takes it away. */
export function chips(question, titles, takeAway) {
  return [...question]
    .filter(([name]) => FILTERS.includes(name))
    .map(([name, value]) => {
      const shownValue = name === "language" ? languageName(value) : (titles.get(value) ?? value);
      const label = t("removeFilter", { name: t(name), value: shownValue });
      const click = () => takeAway(without(question, name, value));
      return el("button", { type: "button", class: "chip", "aria-label": label, click }, `${t(name)}: ${shownValue}`);
    });
}

function without(question, name, value) {
  return new URLSearchParams([...question].filter((pair) => pair[0] !== name || pair[1] !== value));
}
