/** Places in texts. The service counts Unicode code points; strings here count UTF-16 units. */

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

/** Return at which unit each code point of a text begins, and where the text ends. */
export function unitsOf(text) {
  const units = new Uint32Array(text.length + 1);
  let count = 0;
  for (let unit = 0; unit < text.length; count++) {
    units[count] = unit;
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  units[count] = text.length;
  return units;
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
