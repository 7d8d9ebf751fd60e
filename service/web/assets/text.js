/** Places in texts. The service counts Unicode code points; strings here count UTF-16 units. */

// What Python takes for white space, which is where a quote and its reading text may differ.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const SCRIPTS = [
  ["ja", /[\u3041-\u30ff]/],
  ["ko", /[\uac00-\ud7af]/],
  ["zh", /\p{Script=Han}/u],
];

/** Return at which unit the code point of a number begins. */
export function unitOf(text, codePoint) {
  let unit = 0;
  for (let count = 0; count < codePoint && unit < text.length; count++) {
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  return unit;
}

/** Return a text in three: before, inside and after a half-open range of code points. */
export function cut(text, start, end) {
  const first = unitOf(text, start);
  const last = first + unitOf(text.slice(first), end - start);
  return [text.slice(0, first), text.slice(first, last), text.slice(last)];
}

/** Return how many code points a text has. */
export function lengthOf(text) {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * Return the lines of a result's text, each a list of {text, marked}: marked is what its highlights cover.
 *
 * Highlights are offsets of the document. Quote and text differ in white space only, so the n-th other character
 * of the one is the n-th of the other.
 */
export function markedLines({ text, citation, highlights }) {
  const bounds = highlights.flatMap(({ start, end }) => {
    const [before, inside] = cut(citation.quote, start - citation.start, end - citation.start);
    const first = solid(before);
    return [placeOf(text, first + 1) - 1, placeOf(text, first + solid(inside))];
  });
  const pieces = [0, ...bounds, text.length];
  const lines = [[]];
  for (let number = 0; number + 1 < pieces.length; number++) {
    const [first, ...rest] = text.slice(pieces[number], pieces[number + 1]).split("\n");
    const marked = number % 2 === 1;
    lines.at(-1).push({ text: first, marked });
    lines.push(...rest.map((line) => [{ text: line, marked }]));
  }
  return lines.map((line) => line.filter((piece) => piece.text));
}

/** Return the number of units that are not white space. */
function solid(text) {
  let count = 0;
  for (const unit of text) if (!SPACE.test(unit)) count += unit.length;
  return count;
}

/** Return where the n-th unit that is not white space ends. */
function placeOf(text, n) {
  let place = 0;
  for (let count = 0; place < text.length && count < n; place++) {
    if (!SPACE.test(text[place])) count++;
  }
  return place;
}

/** Return whether two headings say the same; sections come in unified forms, titles as they were written. */
export function sameWords(one, other) {
  return words(one) === words(other);
}

function words(text) {
  return text.normalize("NFKC").replace(/\s/gu, "");
}

/** Return the language of a text where its script tells, for the choice of fonts and voices. */
export function languageOf(text) {
  const found = SCRIPTS.find(([, script]) => script.test(text));
  return found ? found[0] : "und";
}
