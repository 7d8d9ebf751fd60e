/** The page of the documents: what there is, found by title and language, and deleted. */

import { deleteDocument, listDocuments } from "./api.js";
import { inCollection, linkPages, pageAddress } from "./collection.js";
import { Chooser } from "./collections.js";
import { confirmed } from "./dialog.js";
import { el, shown } from "./dom.js";
import { setUpFrame } from "./frame.js";
import { keyring, mayWrite } from "./keys.js";
import { languageName, numberText, t } from "./language.js";
import { emptyElement, offerLanguagesOf, readLibrary } from "./library.js";
import { Management } from "./manage.js";
import { attempt } from "./problems.js";
import { dateline, written } from "./results.js";
import { Uploads } from "./uploads.js";

const LIMIT = 50; // documents on a page
const TYPING_MS = 250; // after the last letter, before the list follows
const FILTERS = ["q", "language"];
const find = (id) => document.getElementById(id);
const form = find("find");
const needed = document.querySelector("#uploads .needed");

let shownNow = { documents: [], next_after: null };
let languages = []; // documents of which the languages are offered
let running = new AbortController();
let typing = 0;

function asked() {
  const given = new URLSearchParams(location.search);
  return new URLSearchParams([...FILTERS, "after"].flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : [])));
}

/** Do what the address says. */
async function follow() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const parameters = asked();
  linkPages();
  chooser.show();
  writeForm(parameters);
  try {
    const work = () => listDocuments([...parameters, ["limit", LIMIT]], signal);
    shownNow = await attempt(find("problem"), work, signal, { missing: "noCollection" });
  } catch (error) {
    if (signal.aborted) return; // another address came first
    throw error;
  }
  draw();
  performance.mark("shown");
}

function writeForm(parameters) {
  if (form.elements.q !== document.activeElement) form.elements.q.value = parameters.get("q") ?? "";
  const { language } = form.elements;
  const code = parameters.get("language") ?? "";
  if (![...language.options].some(({ value }) => value === code)) language.add(new Option(languageName(code), code));
  language.value = code;
}

function draw() {
  const { documents, next_after: next } = shownNow;
  const parameters = asked();
  document.title = `${t("library")} – wherefrom`;
  find("status").replaceChildren(el("p", { class: "count" }, documents.length || parameters.size ? countText() : ""));
  const list = el("ul", { class: "documents", role: "list" }, documents.map(documentItem));
  const nothing = documents.length || parameters.size ? null : emptyElement();
  form.hidden = nothing !== null;
  find("content").replaceChildren(...[nothing, list, pagesOf(parameters, next)].filter(Boolean));
}

/** Return what is said of the list; how many there are beyond it the service does not count. */
function countText() {
  const { documents, next_after: next } = shownNow;
  const count = numberText(documents.length);
  if (next !== null) return t("someDocuments", { count });
  if (!documents.length) return t("noneFound");
  return documents.length === 1 ? t("oneFound") : t("found", { count });
}

function documentItem(document) {
  const { document_id: id, title, source, language, characters, passages } = document;
  const count = passages === 1 ? t("onePassage") : t("passages", { count: numberText(passages) });
  const facts = [languageName(language), t("characters", { count: numberText(characters) }), count]
    .map((fact) => fact.replaceAll(" ", "\u00a0")) // a number stays with what it counts
    .join(" · ");
  const name = { name: title };
  const click = (event) => remove(document, event.target.closest("li"));
  const deleting = { type: "button", class: "quiet", "aria-label": t("actionOn", { action: t("delete"), ...name }), click };
  const asking = { class: "open", href: pageAddress("./", { document_id: id }) };
  return el(
    "li",
    { class: "document" },
    el("h2", {}, el("a", { href: pageAddress("source", { document: id }) }, written(title))),
    dateline(document),
    el("p", { class: "facts" }, shown(source), ` · ${facts}`),
    el("p", { class: "actions" }, [
      el("a", { ...asking, "aria-label": t("actionOn", { action: t("askIt"), ...name }) }, t("askIt")),
      mayWrite() ? el("button", deleting, t("delete")) : null,
    ]),
  );
}

function pagesOf(parameters, next) {
  const link = (name, after) => {
    const other = new URLSearchParams([...parameters].filter(([each]) => each !== "after"));
    if (after) other.set("after", after);
    return el("a", { class: "open", href: pageAddress("library", other), click: followLink }, t(name));
  };
  const links = [parameters.has("after") && link("firstOfList", null), next !== null && link("moreOfList", next)].filter(Boolean);
  return links.length ? el("nav", { class: "turning", "aria-label": t("turning") }, links) : null;
}

/** Go where a link leads without loading the page again, which would end what is being sent. */
function followLink(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", event.currentTarget.href);
  find("main").focus();
  scrollTo(0, 0);
  follow();
}

async function remove({ document_id: id, title, source }, item) {
  const lines = [t("deleteLoses"), el("span", { class: "facts" }, shown(source))];
  if (!(await confirmed({ title: t("deleteDocument", { title }), lines, action: t("delete") }))) return;
  const work = () => deleteDocument(id).catch(goneAlready);
  await attempt(needed, work, new AbortController().signal, { scope: "write" });
  const next = item.nextElementSibling ?? item.previousElementSibling;
  shownNow.documents = shownNow.documents.filter((each) => each.document_id !== id);
  item.remove();
  if (next) next.querySelector("a").focus();
  else find("main").focus();
  find("status").replaceChildren(el("p", { class: "count" }, t("deleted", { title })));
  manage.load();
  if (!next) follow();
}

function goneAlready(error) {
  if (error.status !== 404) throw error;
}

function go(changed, isTyping = false) {
  const given = inCollection(new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim())));
  const address = given.size ? `?${given}` : location.pathname;
  if (isTyping) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  follow();
}

function goTo(name) {
  history.pushState(null, "", pageAddress("library", {}, name));
  languages = [];
  learnLanguages();
  follow();
}

async function learnLanguages() {
  ({ documents: languages } = await readLibrary().catch(() => ({ documents: [] }))); // the list tells what is wrong
  offerLanguagesOf(form.elements.language, languages);
}

const uploads = new Uploads(find("uploads"), () => {
  follow();
  learnLanguages();
  manage.load();
});
const chooser = new Chooser(goTo);
const manage = new Management(find("manage"), needed, (name) => {
  chooser.load();
  goTo(name);
});
setUpFrame(() => {
  offerLanguagesOf(form.elements.language, languages);
  uploads.redraw();
  chooser.show();
  manage.draw();
  if (find("problem").hasChildNodes()) follow();
  else draw();
});
keyring.addEventListener("change", draw);
addEventListener("popstate", follow);
form.addEventListener("input", ({ target }) => {
  clearTimeout(typing);
  if (target === form.elements.q) typing = setTimeout(() => go(true), TYPING_MS);
  else go();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  go();
});
follow();
learnLanguages();
