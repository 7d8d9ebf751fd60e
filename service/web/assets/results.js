/** An answer on the page: its passages as a newspaper would set them, each with where it is from. */

import { citePanel } from "./cite.js";
import { el, shown } from "./dom.js";
import { dateText, numberText, percentText, reasonText, t } from "./language.js";
import { languageOf, markedLines, sameWords } from "./text.js";

const MARKDOWN_HEADING = /^#{1,6}\s+/;

/** Return what is said of an answer as a whole. */
export function summary({ answerable, no_answer_reason: reason, confidence, results, index, timings_ms: timings }) {
  const count = results.length === 1 ? t("onePassage") : t("passages", { count: numberText(results.length) });
  const searched = t("ofDocuments", { count: numberText(index.documents) });
  const time = t("milliseconds", { count: numberText(Math.round(timings.total)) });
  const figures = el("p", { class: "summary" }, `${count} · ${searched} · ${time}`);
  if (!answerable) return [figures, notice(t("unanswered"), reasonText(reason), results.length ? t("nearest") : null)];
  if (!results.length) return [figures, notice(t("belowBound", { score: percentText(confidence) }))];
  return [figures];
}

function notice(title, ...more) {
  const lines = more.filter(Boolean).map((line) => el("p", {}, line));
  return el("div", { class: "notice" }, el("p", { class: "title" }, title), lines);
}

/** Return the passages of an answer; weak ones, which do not answer, are toned down. */
export function passages({ answerable, results }) {
  const kind = answerable ? "results" : "results weak";
  return results.length ? [el("ol", { class: kind, role: "list" }, results.map(resultItem))] : [];
}

function resultItem(result) {
  const { citation, context } = result;
  const title = el("h2", {}, el("a", { href: sourceAddress(citation) }, written(citation.title)));
  return el(
    "li",
    { class: "result" },
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

/** Return who published a document and when. */
export function dateline({ publisher, published, page, page_label }, score) {
  return el(
    "p",
    { class: "dateline" },
    publisher ? el("span", { class: "publisher", ...languageMark(publisher) }, shown(publisher)) : null,
    published ? el("time", { datetime: published }, dateText(published)) : null,
    page ? el("span", {}, t("page", { page: page_label ?? numberText(page) })) : null,
    score === undefined ? null : el("span", { class: "score" }, t("likely", { score: percentText(score) })),
  );
}

function sectionLine({ section, title }) {
  const names = section.filter((each) => !sameWords(each, title));
  return names.length ? el("p", { class: "section" }, written(names.join(" › "))) : null;
}

function aside(text) {
  return text ? el("p", { class: "context", dir: "auto", ...languageMark(text) }, shown(text.trim())) : null;
}

function passage(result) {
  const lines = withoutRepeatedHeadings(markedLines(result), result.citation);
  return el("blockquote", { dir: "auto", ...languageMark(result.text) }, lines.map(lineElement));
}

/** Leave out the headings at the top that the lines above the passage say already. */
function withoutRepeatedHeadings(lines, { title, section }) {
  const said = (line) => [title, ...section].some((each) => sameWords(each, lineText(line)));
  const first = lines.findIndex((line) => !said(line) || line.some((piece) => piece.marked));
  return lines.slice(Math.max(first, 0));
}

function lineText(line) {
  return line.map((piece) => piece.text).join("").replace(MARKDOWN_HEADING, "");
}

function lineElement(line) {
  const pieces = line.map(({ text, marked }) => (marked ? el("mark", {}, shown(text)) : shown(text)));
  return el("p", { class: MARKDOWN_HEADING.test(line[0]?.text ?? "") ? "heading" : null }, pieces);
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
export function sourceAddress({ document_id: document, start, end, document_sha256: sha256 }) {
  return `source?${new URLSearchParams({ document, start, end, sha256 })}`;
}

/** Return a text in its own language and direction. */
export function written(text) {
  return el("span", { dir: "auto", ...languageMark(text) }, shown(text));
}

function languageMark(text) {
  return { lang: languageOf(text) };
}
