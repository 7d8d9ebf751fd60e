/** The page that asks: the address holds the question, and what is shown follows the address. */

import { search } from "./api.js";
import { collection, linkPages } from "./collection.js";
import { Chooser } from "./collections.js";
import { el } from "./dom.js";
import { setUpFrame } from "./frame.js";
import { t } from "./language.js";
import { libraryElements, offerFilters, readLibrary } from "./library.js";
import { attempt } from "./problems.js";
import { chips, questionIn, questionOf, readForm, writeForm } from "./question.js";
import { keepQuestion, Recent } from "./recent.js";
import { passages, summary } from "./results.js";
import { Uploads } from "./uploads.js";

const PATIENCE_MS = 400; // an answer that comes earlier needs no word before it
const IN_COLLECTION = { missing: "noCollection" };
const NO_LIBRARY = { documents: [], titles: new Map(), name: null };
const find = (id) => document.getElementById(id);
const [form, problem, content] = ["ask", "problem", "content"].map(find);

let question = questionOf(location.search);
let library = NO_LIBRARY;
let draw = () => {}; // shows again what is shown, in another language
let running = new AbortController();

/** Do what the address says. */
async function follow(scroll = 0) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  question = questionOf(location.search);
  if (library.name !== collection()) library = NO_LIBRARY;
  writeForm(form, question);
  drawChips();
  linkPages();
  chooser.show();
  const asked = question.get("q");
  document.title = asked ? `${asked} – wherefrom` : "wherefrom";
  document.body.classList.toggle("home", !asked);
  recent.show();
  content.setAttribute("aria-busy", "true");
  const late = setTimeout(sayLate, PATIENCE_MS);
  try {
    draw = asked ? await ask(signal) : await welcome(signal);
  } catch (error) {
    if (signal.aborted) return; // another question came first
    throw error;
  } finally {
    clearTimeout(late);
  }
  draw();
  content.setAttribute("aria-busy", "false");
  scrollTo(0, scroll);
  performance.mark("shown");
}

async function ask(signal) {
  const answer = await attempt(problem, () => search(question, signal), signal, IN_COLLECTION);
  keepQuestion(question.get("q"));
  if (library === NO_LIBRARY) learn(signal).catch(() => {}); // the answer does without
  return () => show(summary(answer), passages(answer));
}

async function welcome(signal) {
  await attempt(problem, () => learn(signal), signal, IN_COLLECTION);
  return () => show([], libraryElements(library));
}

function sayLate() {
  find("status").replaceChildren(el("p", { class: "summary" }, t("loading")));
}

function show(said, shown) {
  find("status").replaceChildren(...said);
  content.replaceChildren(...shown);
}

/** Read what documents there are, for the filters and for those who do not know what to ask. */
async function learn(signal) {
  const name = collection();
  library = { ...(await readLibrary(signal)), name };
  offerFilters(form, library);
  drawChips();
}

function drawChips() {
  const takeAway = (next) => {
    find("filters").querySelector("summary").focus(); // the button that was pressed goes away
    go(next);
  };
  find("active").replaceChildren(...chips(question, library.titles, takeAway));
}

/** Go to a question, as a link would. */
function go(next) {
  performance.mark("asked");
  const address = next.size ? `?${next}` : location.pathname;
  if (String(next) !== String(question)) {
    keepPlace();
    history.pushState(null, "", address);
  }
  follow();
}

/** Remember how far down the reader is, for the way back. */
function keepPlace() {
  history.replaceState({ scroll: scrollY }, "");
}

function onKey(event) {
  if (event.key === "Escape") closeMenus();
  if (event.target === form.elements.q && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault(); // a line break; the Enter that ends a composition of characters is none
    form.requestSubmit();
  }
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    form.elements.q.select();
  }
}

function closeMenus() {
  for (const button of document.querySelectorAll("[aria-expanded=true]")) {
    const panel = find(button.getAttribute("aria-controls"));
    if (panel.contains(document.activeElement)) button.focus();
    button.click();
  }
  for (const menu of document.querySelectorAll("details[open]")) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

/** Show documents that were added while the page is open. */
async function relearn() {
  await learn(running.signal).catch(() => {}); // what was known still holds
  if (!question.has("q") && !problem.hasChildNodes()) draw();
}

const uploads = new Uploads(find("uploads"), relearn);
const chooser = new Chooser((name) => go(questionIn(name, question)));
const recent = new Recent(find("recent"), form.elements.q, (text) => {
  form.elements.q.value = text;
  form.requestSubmit();
});
setUpFrame(() => {
  offerFilters(form, library);
  drawChips();
  uploads.redraw();
  chooser.show();
  recent.show();
  if (problem.hasChildNodes()) follow();
  else draw();
});
history.scrollRestoration = "manual";
document.addEventListener("keydown", onKey);
window.addEventListener("popstate", (event) => {
  // The skip link changes the address, too.
  if (String(questionOf(location.search)) !== String(question)) follow(event.state?.scroll);
});
window.addEventListener("pagehide", keepPlace);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (matchMedia("(pointer: coarse)").matches) form.elements.q.blur(); // the keyboard would hide the answer
  uploads.clearOver();
  go(readForm(form, question));
});
form.addEventListener("change", (event) => {
  if (event.target !== form.elements.q && question.has("q")) form.requestSubmit();
});
if (!question.has("q")) form.elements.q.focus();
follow(history.state?.scroll);
