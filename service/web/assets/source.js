/** The page that shows a document with a quote marked where it stands. */

import { originalAddress, readDocument, readOriginal } from "./api.js";
import { copyButton } from "./cite.js";
import { pageAddress } from "./collection.js";
import { el, shown, webLink } from "./dom.js";
import { setUpFrame } from "./frame.js";
import { languageName, numberText, sizeText, t } from "./language.js";
import { attempt } from "./problems.js";
import { laidOut } from "./layout.js";
import { pageAt, PageView } from "./pageview.js";
import { dateline, written } from "./results.js";
import { cut, lengthOf, unitOf } from "./text.js";

const find = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let draw = () => {};
let view = null; // of the page of the original, where there is one

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
  view?.draw();
  find("content").replaceChildren(...parts, view ? el("div", { class: "pair" }, text, view.element) : text);
}

/** Show the page of the original on which the place stands, if the original has pages. */
function openPage(source) {
  if (!source.original?.pages) return;
  document.body.classList.add("paired");
  const place = placeIn(lengthOf(source.text));
  const number = wholeNumber(asked.get("page")) || pageAt(source.text, place ? unitOf(source.text, place.start) : 0);
  view = new PageView(source, place, number);
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
  const ask = pageAddress("./", { document_id: source.document_id });
  return el(
    "header",
    { class: "about" },
    el("h1", {}, written(source.title)),
    dateline(source),
    source.author ? el("p", { class: "author" }, written(t("author", { author: source.author }))) : null,
    el("p", { class: "file" }, shown(source.source), ` · ${facts.join(" · ")}`),
    source.url ? el("p", { class: "file" }, `${t("original")}: `, webLink(source.url, shown(source.url))) : null,
    el("p", { class: "origin" }, el("a", { class: "open", href: ask }, t("askDocument")), originalLink(source)),
  );
}

/** Return a link to the file that a document was read from, if it is kept. */
function originalLink({ document_id: id, source, original }) {
  if (!original) return null;
  const name = source.split("/").at(-1);
  const label = `${t("originalFile")} (${sizeText(original.bytes)})`;
  return el("a", { class: "open", href: originalAddress(id), download: name, click: save }, label);
}

/** Save a file that may take a key to read: a link alone shows none. */
async function save(event) {
  const link = event.currentTarget;
  if (link.href.startsWith("blob:")) return;
  event.preventDefault();
  const { signal } = new AbortController();
  link.href = URL.createObjectURL(await attempt(find("problem"), () => readOriginal(asked.get("document")), signal));
  link.click();
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
    view ? el("a", { class: "to-page", href: "#page" }, t("toPage")) : null,
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
  openPage(source);
  draw = () => show(source);
  draw();
  view?.load();
  find("quote")?.scrollIntoView();
  find("quote")?.focus({ preventScroll: true });
  performance.mark("shown");
}

setUpFrame(() => draw());
find("back").hidden = history.length < 2;
find("back").addEventListener("click", () => history.back());
load();
