/** The page that shows a document with a quote marked where it stands. */

import { readDocument } from "./api.js";
import { copyButton } from "./cite.js";
import { el, shown, webLink } from "./dom.js";
import { languageName, numberText, offerLanguages, t, translate } from "./language.js";
import { attempt } from "./problems.js";
import { laidOut } from "./layout.js";
import { dateline, written } from "./results.js";
import { cut, lengthOf } from "./text.js";

const find = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let draw = () => {};

/** Return the half-open range of code points that the address names, or null if that is no place in the text. */
function placeIn(length) {
  if (!asked.has("start") && !asked.has("end")) return null;
  const [start, end] = ["start", "end"].map((name) => asked.get(name)).map(wholeNumber);
  return start < end && end <= length ? { start, end } : null;
}

function wholeNumber(text) {
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

function show(source) {
  const length = lengthOf(source.text);
  const place = placeIn(length);
  const text = source.layout ? setText(source, place) : plainText(source, place);
  const parts = [heading(source, length), ...warnings(source, place)];
  if (place) parts.push(tools(source, place, text.querySelector("#quote") ?? text));
  find("content").replaceChildren(...parts, text);
}

/** Return a document as its layout sets it, with the quote marked in each of its parts. */
function setText({ layout, text, language }, place) {
  const marks = place ? [{ ...place, attributes: { id: "quote" } }] : [];
  return el("article", { class: "text set", dir: "auto", lang: language }, laidOut(layout, text, 0, marks));
}

/** Return a document as it is written, line by line. */
function plainText({ text, language }, place) {
  const attributes = { class: "text", dir: "auto", lang: language };
  if (!place) return el("article", attributes, shown(text));
  const [before, quote, after] = cut(text, place.start, place.end);
  return el("article", attributes, shown(before), el("mark", { id: "quote", tabindex: "-1" }, shown(quote)), shown(after));
}

function heading(source, length) {
  const facts = [languageName(source.language), t("characters", { count: numberText(length) })];
  const ask = `./?${new URLSearchParams({ document_id: source.document_id })}`;
  return el(
    "header",
    { class: "about" },
    el("h1", {}, written(source.title)),
    dateline(source),
    source.author ? el("p", { class: "author" }, written(t("author", { author: source.author }))) : null,
    el("p", { class: "file" }, shown(source.source), ` · ${facts.join(" · ")}`),
    source.url ? el("p", { class: "file" }, `${t("original")}: `, webLink(source.url, shown(source.url))) : null,
    el("p", {}, el("a", { class: "open", href: ask }, t("askDocument"))),
  );
}

function warnings(source, place) {
  const changed = asked.has("sha256") && asked.get("sha256") !== source.sha256;
  const misplaced = (asked.has("start") || asked.has("end")) && !place;
  const told = [changed && "changed", misplaced && "noPlace"].filter(Boolean);
  return told.map((name) => el("p", { class: "notice", role: "alert" }, t(name)));
}

function tools({ title, text }, { start, end }, mark) {
  const [, quote] = cut(text, start, end);
  return el(
    "p",
    { class: "tools" },
    el("a", { class: "title", href: "#main" }, written(title)),
    el("a", { href: "#quote" }, t("toQuote")),
    el("span", {}, t("place", { start: numberText(start), end: numberText(end) })),
    copyButton(t("quote"), quote, mark, t("copyQuote")),
  );
}

async function load() {
  const id = asked.get("document");
  if (!id) {
    find("problem").replaceChildren(el("p", { class: "notice" }, t("noDocument")));
    return;
  }
  const { signal } = new AbortController();
  const source = await attempt(find("problem"), () => readDocument(id, signal, true), signal);
  document.title = `${source.title} – wherefrom`;
  draw = () => show(source);
  draw();
  find("quote")?.scrollIntoView();
  find("quote")?.focus({ preventScroll: true });
  performance.mark("shown");
}

translate();
offerLanguages(find("languages"), () => draw());
find("back").hidden = history.length < 2;
find("back").addEventListener("click", () => history.back());
find("app").hidden = false;
load();
