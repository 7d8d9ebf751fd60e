/**
 * References to a passage, in the forms in which people cite.
 *
 * A source is a citation of the service with two more fields: author (or null), and accessed, today as 2026-11-22.
 */

import { dateText, percentText, t } from "./language.js";
import { sameWords } from "./text.js";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ENDS_A_SENTENCE = /[.!?。！？…]["'”’」』)）]*$/u;

/** Return a reference as a person reads it. */
export function plain(source) {
  return [reference(source, oneLine), source.url].filter(Boolean).join(" ");
}

/** Return the same as Markdown, the title as a link where there is an address. */
export function markdown(source) {
  const address = source.url?.replace(/[<>\s\\]/gu, encodeURIComponent);
  return reference(source, markdownText, (title) => {
    return address ? `[${markdownText(title)}](<${address}>)` : `*${markdownText(title)}*`;
  });
}

/** Return an entry for BibTeX and biblatex. */
export function bibtex(source) {
  const [year, month, day] = (source.published ?? "").split("-");
  const fields = {
    author: source.author && `{${latex(source.author)}}`, // in braces of its own: a name is not taken apart
    title: `{${latex(source.title)}}`,
    howpublished: latex(source.publisher),
    year,
    month: MONTHS[Number(month) - 1],
    day: day && String(Number(day)),
    pages: source.page,
    chapter: source.part && latex(source.part),
    url: source.url?.replace(/[{}\\\s]/gu, encodeURIComponent),
    urldate: source.url && source.accessed,
    note: latex(list([source.source, place(source)])),
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `  ${name} = ${name === "month" ? value : `{${value}}`},\n`);
  const key = `${source.document_id}_${source.start}`.replace(/[^\w-]/g, "");
  return `@misc{${key},\n${lines.join("")}}`;
}

/**
 * Return a reference by GB/T 7714—2015: [EB/OL] with the day of access where there is an address, [N] for what a
 * publisher printed, [Z] for what is known by its title only.
 */
export function gbt7714(source) {
  const { author, title, publisher, url } = source;
  const [kind, issue] = url ? ["EB/OL", online(source)] : [publisher ? "N" : "Z", printed(source)];
  return [author, `${title}[${kind}]`, issue, url].map(oneLine).filter(Boolean).join(". ") + ".";
}

/** "Publisher, year(date)[day of access]: page"; without a publisher the exact date stands alone. */
function online({ publisher, published, page, accessed }) {
  const exact = published?.length > 4 ? `(${published})` : "";
  const year = publisher || !exact ? (published?.slice(0, 4) ?? "") : "";
  return list([publisher, `${year}${exact}[${accessed}]`]) + (page ? `: ${page}` : "");
}

/** "Publisher, date(page)". */
function printed({ publisher, published, page }) {
  return list([publisher, published]) + (page ? `(${page})` : "");
}

/** Return author, title and place as sentences, each part written by a function. */
function reference(source, write, writeTitle = write) {
  const ended = (text, way) => way(text) + (ENDS_A_SENTENCE.test(oneLine(text)) ? "" : ".");
  const rest = particulars(source).filter(Boolean).map((part) => ended(part, write));
  return [...(source.author ? [ended(source.author, write)] : []), ended(source.title, writeTitle), ...rest].join(" ");
}

/** Return what is said after the title: where it appeared, when, and at which place in it. */
function particulars(source) {
  const { publisher, published, url, accessed } = source;
  const name = sectionsOf(source).at(-1);
  return [
    list([publisher, published && dateText(published), ...standing(source)]),
    list([name && t("section", { section: name }), source.source, place(source)]),
    url && t("accessed", { date: dateText(accessed) }),
  ];
}

/** Return the headings above a passage, but for those that its title, its sheet or its part say already. */
export function sectionsOf({ section, title, sheet, part }) {
  const told = [title, sheet, part].filter(Boolean);
  return section.filter((each) => !told.some((words) => sameWords(each, words)));
}

/** Return on which page, or in which row of which sheet, what is cited stands, and whether it was read in a picture. */
export function standing(source) {
  const named = ["page", "sheet", "row", "slide", "part"].filter((name) => source[name] != null);
  const places = named.map((name) => t(name, { [name]: source[name] }));
  return source.ocr == null ? places : [...places, t("ocr", { sure: percentText(source.ocr) })];
}

function place({ start, end }) {
  return t("place", { start, end });
}

function list(parts) {
  return parts.filter(Boolean).join(", ");
}

/** Return a text without line breaks and controls, and nothing as an empty one. */
function oneLine(text) {
  return (text ?? "").replace(/[\s\p{Cc}]+/gu, " ").trim();
}

function markdownText(text) {
  return oneLine(text).replace(/[\\`*_{}[\]<>()#|~&!]/g, "\\$&");
}

const LATEX = {
  "\\": "\\textbackslash{}",
  "{": "\\textbraceleft{}", // BibTeX counts braces, escaped or not
  "}": "\\textbraceright{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

function latex(text) {
  return oneLine(text).replace(/[\\{}~^$&#%_]/g, (mark) => LATEX[mark] ?? `\\${mark}`);
}
