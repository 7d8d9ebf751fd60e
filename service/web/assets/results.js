/** An answer on the page: its passages as a newspaper would set them, each with where it is from. */

import { citePanel } from "./cite.js";
import { sectionsOf, standing } from "./citations.js";
import { pageAddress } from "./collection.js";
import { el, shown } from "./dom.js";
import { dateText, numberText, percentText, reasonText, t } from "./language.js";
import { laidOut, within, wordsOf } from "./layout.js";
import { cut, languageOf, sameWords } from "./text.js";

const WEAK = 0.5; // a passage that is less than half as likely to answer as the best one is no second answer
const EDGES = /^\s*\|\s*|\s*(?<!\\)\|\s*$/gu; // of a row in Markdown
const BAR = /\s*(?<!\\)\|\s*/u;

/** Return what is said of an answer as a whole. */
export function summary({ answerable, no_answer_reason: reason, confidence, results, index, timings_ms: timings }) {
  const count = results.length === 1 ? t("onePassage") : t("passages", { count: numberText(results.length) });
  const { documents } = index;
  const searched = documents === 1 ? t("ofOneDocument") : t("ofDocuments", { count: numberText(documents) });
  const time = timeText(timings.total);
  const figures = el("p", { class: "summary" }, `${count} · ${searched} · ${time}`);
  if (!answerable) return [figures, notice(t("unanswered"), reasonText(reason), results.length ? t("nearest") : null)];
  if (!results.length) return [figures, notice(t("belowBound", { score: percentText(confidence) }))];
  return [figures];
}

/** Return a time, never as none at all: an answer from memory takes some, too. */
function timeText(milliseconds) {
  if (milliseconds < 1) return t("atOnce");
  const digits = milliseconds < 10 ? 1 : 0;
  return t("milliseconds", { count: numberText(Number(milliseconds.toFixed(digits))) });
}

function notice(title, ...more) {
  const lines = more.filter(Boolean).map((line) => el("p", {}, line));
  return el("div", { class: "notice" }, el("p", { class: "title" }, title), lines);
}

/** Return the sentence that answers best, if any does, and the passages; weak ones are toned down. */
export function passages({ answerable, results }) {
  if (!results.length) return [];
  const items = results.map((result) => resultItem(result, !answerable || result.score < WEAK * results[0].score));
  const list = el("ol", { class: "results", role: "list" }, items);
  return answerable && results[0].best_highlight ? [answerElement(results[0]), list] : [list];
}

/** Return the answering sentence with where it is from; it is the document's, word by word. */
function answerElement({ citation, layout, best_highlight: best }) {
  const title = el("a", { href: sourceAddress({ ...citation, ...best }) }, written(citation.title));
  const [, sentence] = cut(citation.quote, best.start - citation.start, best.end - citation.start);
  const words = laidOut(within(layout, best), citation.quote, citation.start);
  return el(
    "section",
    { class: "answer", "aria-label": t("answer") },
    el("h2", { class: "count" }, t("answer")),
    el("blockquote", { dir: "auto", ...languageMark(sentence) }, withNames(words, citation)),
    el("p", { class: "from" }, title),
    dateline(citation),
  );
}

function resultItem(result, isWeak) {
  const { citation, context } = result;
  const title = el("h2", {}, el("a", { href: sourceAddress(citation) }, written(citation.title)));
  return el(
    "li",
    { class: isWeak ? "result weak" : "result" },
    title,
    dateline(citation, result.score),
    sectionLine(citation),
    aside(context?.before),
    passage(result),
    aside(context?.after),
    origin(citation),
    alsoIn(result.also_in),
  );
}

/** Return who published a document and when, and where in it something stands. */
export function dateline(source, score) {
  const { publisher, published, page, page_label } = source;
  const places = standing({ ...source, page: page && (page_label ?? numberText(page)) });
  return el(
    "p",
    { class: "dateline" },
    publisher ? el("span", { class: "publisher", ...languageMark(publisher) }, shown(publisher)) : null,
    published ? el("time", { datetime: published }, dateText(published)) : null,
    ...places.map((place) => el("span", {}, shown(place))),
    score === undefined ? null : el("span", { class: "score" }, t("likely", { score: percentText(score) })),
  );
}

function sectionLine(citation) {
  const names = sectionsOf(citation);
  return names.length ? el("p", { class: "section" }, written(names.join(" › "))) : null;
}

function aside(text) {
  return text ? el("p", { class: "context", dir: "auto", ...languageMark(text) }, shown(text.trim())) : null;
}

function passage(result) {
  const { citation, layout, highlights, best_highlight: best } = result;
  const marks = highlights.map(({ start, end }) => {
    return { start, end, attributes: start === best.start ? {} : { class: "second" } };
  });
  const elements = laidOut(withoutRepeatedHeadings(layout, result), citation.quote, citation.start, marks);
  return el("blockquote", { dir: "auto", ...languageMark(result.text) }, withNames(elements, citation));
}

/** Put the names of the columns, which stand further up in the document, over rows that a passage begins with. */
function withNames(elements, { table_header: header }) {
  const rows = elements[0]?.querySelector("tbody");
  if (!header || !rows || rows.querySelector("th")) return elements;
  const names = header.quote.replace(EDGES, "").split(BAR);
  rows.prepend(el("tr", {}, names.map((name) => el("th", { scope: "col" }, shown(name.replaceAll("\\|", "|"))))));
  return elements;
}

/** Leave out the headings at the top that the lines above the passage say already. */
function withoutRepeatedHeadings(blocks, { citation, highlights }) {
  const names = [citation.title, ...citation.section].map(bare);
  const isSaid = (block) => {
    const words = bare(wordsOf(block, citation.quote, citation.start));
    const isMarked = highlights.some((range) => within([block], range).length);
    return !block.blocks && !isMarked && names.some((name) => sameWords(name, words));
  };
  const first = blocks.findIndex((block) => !isSaid(block));
  return blocks.slice(Math.max(first, 0));
}

/** Return a heading without the marks that plain text writes and Markdown does not show. */
function bare(heading) {
  return heading.replace(/^\s*#{1,6}\s+/u, "").replace(/[*_`]/g, "");
}

function origin(citation) {
  const [cite, panel] = citePanel(citation);
  const place = t("place", { start: numberText(citation.start), end: numberText(citation.end) });
  return el(
    "div",
    { class: "origin" },
    el("a", { class: "open", href: sourceAddress(citation) }, t("openSource")),
    cite,
    el("span", { class: "file" }, shown(citation.source), ` · ${place}`),
    panel,
  );
}

function alsoIn(citations) {
  if (!citations.length) return null;
  const count = citations.length === 1 ? t("alsoInOne") : t("alsoIn", { count: numberText(citations.length) });
  const items = citations.map((each) =>
    el("li", {}, el("a", { href: sourceAddress(each) }, written(each.title)), dateline(each)),
  );
  return el("details", { class: "also" }, el("summary", {}, count), el("ul", {}, items));
}

/** Return the address of the page that shows a citation in its document. */
export function sourceAddress({ document_id: document, start, end, document_sha256: sha256, page }) {
  return pageAddress("source", { document, start, end, sha256, ...(page && { page }) });
}

/** Return a text in its own language and direction. */
export function written(text) {
  return el("span", { dir: "auto", ...languageMark(text) }, shown(text));
}

function languageMark(text) {
  return { lang: languageOf(text) };
}
