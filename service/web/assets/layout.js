/**
 * A text as its layout sets it: elements around what is cut from it by offsets, and marks on what is to be seen.
 *
 * Blocks and marks come from the service and count code points of the document. All that is shown is cut from its text.
 */

import { el, shown, webLink } from "./dom.js";
import { unitsOf } from "./text.js";

const ELEMENTS = { paragraph: "p", quote: "blockquote", rule: "hr" };
const STYLES = { strong: "strong", emphasis: "em", code: "code" };
const HIGHEST = 3; // level that a text's first heading has on the page: titles stand above it

/**
 * Return the elements of a text.
 *
 * @param {object[]} blocks its layout.
 * @param {string} text the document's text, or a stretch of it.
 * @param {number} offset where that begins in the document, in code points.
 * @param {{start, end, attributes}[]} marks what is marked, in order and apart from each other.
 */
export function laidOut(blocks, text, offset, marks = []) {
  const units = unitsOf(text);
  const words = ({ start, end }) => text.slice(units[start - offset], units[end - offset]);
  const found = new Set();
  const draw = (block) => blockElement(block, { words, marks, found });
  return blocks.map(draw);
}

/** Return the words of a block, without those of blocks in it. */
export function wordsOf(block, text, offset) {
  const units = unitsOf(text);
  const seen = (block.pieces ?? []).map(({ start, end }) => text.slice(units[start - offset], units[end - offset]));
  return seen.join("");
}

/** Return the blocks that stand in a half-open range, cut to it; tables keep their columns and the names of these. */
export function within(blocks, range) {
  return blocks.map((block) => clipped(block, range)).filter(Boolean);
}

/** Return a block cut to a range, or null if nothing of it is inside. */
function clipped(block, range) {
  const pieces = (block.pieces ?? []).flatMap((piece) => {
    const [start, end] = [Math.max(piece.start, range.start), Math.min(piece.end, range.end)];
    return start < end ? [{ ...piece, start, end }] : [];
  });
  const inner = (block.blocks ?? []).map((each) => [each, clipped(each, range)]);
  if (!pieces.length && !inner.some(([, inside]) => inside)) return null;
  const kept = inner.map(([each, inside]) => inside ?? { head: each, cell: { kind: "cell" } }[each.kind]);
  return { ...block, pieces, blocks: kept.filter(Boolean) };
}

function blockElement(block, source) {
  const { kind, number, pieces = [], blocks = [] } = block;
  if (kind === "table") return tableElement(blocks, source);
  const inner = [pieceElements(pieces, source), blocks.map((each) => blockElement(each, source))];
  switch (kind) {
    case "heading":
      return el(`h${Math.min(number + HIGHEST - 1, 6)}`, { class: "heading" }, inner);
    case "code":
      return el("pre", { tabindex: "0" }, el("code", {}, inner));
    case "list":
      return el(blocks.some((each) => each.number !== undefined) ? "ol" : "ul", {}, inner);
    case "item":
      return el("li", { value: number === undefined ? null : String(number) }, inner);
    default:
      return el(ELEMENTS[kind], {}, inner);
  }
}

function tableElement(rows, source) {
  const elements = rows.map(({ kind, blocks = [] }) => {
    const cell = kind === "head" ? ["th", { scope: "col" }] : ["td", {}];
    return el("tr", {}, blocks.map(({ pieces = [] }) => el(...cell, pieceElements(pieces, source))));
  });
  return el("div", { class: "table", tabindex: "0" }, el("table", {}, el("tbody", {}, elements)));
}

/** Return the elements of pieces; those of one link are one link. */
function pieceElements(pieces, source) {
  const elements = [];
  for (let first = 0; first < pieces.length; ) {
    const { href } = pieces[first];
    let last = first + 1;
    while (href && last < pieces.length && pieces[last].href === href) last++;
    const drawn = pieces.slice(first, last).map((piece) => pieceElement(piece, source));
    elements.push(href ? link(href, drawn) : drawn);
    first = last;
  }
  return elements;
}

/** Return a link that says where it leads: its words are a stranger's. */
function link(href, inner) {
  return webLink(href, inner, el("span", { class: "host", "data-host": URL.canParse(href) ? new URL(href).host : href }));
}

function pieceElement(piece, source) {
  const styles = piece.styles ?? [];
  if (styles.includes("break")) return el("br");
  const inner = parts(piece, styles.includes("space") ? { ...source, words: () => " " } : source);
  const marked = inner.map(({ words, attributes }) => (attributes ? el("mark", attributes, shown(words)) : shown(words)));
  return styles.reduceRight((nodes, style) => {
    if (style === "space") return nodes;
    return STYLES[style] ? el(STYLES[style], {}, nodes) : el("span", { class: style }, nodes);
  }, marked);
}

/** Return a piece in parts, each with its words and with the attributes of the mark that it is in, if it is in one. */
function parts(piece, { words, marks, found }) {
  const inside = marks.filter(({ start, end }) => start < piece.end && end > piece.start);
  const bounds = [piece.start, ...inside.flatMap(({ start, end }) => [start, end]), piece.end];
  const cuts = bounds.map((bound) => Math.min(Math.max(bound, piece.start), piece.end));
  return cuts.slice(1).flatMap((end, number) => {
    const start = cuts[number];
    if (start === end) return [];
    const mark = number % 2 === 1 ? inside[(number - 1) / 2] : null;
    return [{ words: words({ start, end }), attributes: mark && attributesOf(mark, found) }];
  });
}

/** Return the attributes of a mark; an id is given to the first element of it only. */
function attributesOf(mark, found) {
  const { id, ...others } = mark.attributes;
  if (found.has(mark)) return others;
  found.add(mark);
  return id ? { id, tabindex: "-1", ...others } : others;
}
