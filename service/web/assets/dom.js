/** Elements from plain values: all text becomes text nodes, so that nothing a document says is read as markup. */

// Controls of text direction and invisible letters can make a line read as what it is not. One joiner or variation
// selector forms letters and emoji; a run of them can only hide something. Tags spell the flags of three countries.
const FLAG = ["eng", "sct", "wls"].map((region) => "\u{1f3f4}" + tags("gb" + region) + "\u{e007f}").join("|");
const DIRECTIONS = "[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]";
const TAGS = "[\\u{e0000}-\\u{e007f}]+";
const JOINERS = "[\\u200b-\\u200d\\u2060\\ufeff]{2,}";
const SELECTORS = "[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]{2,}";
const BLANKS = "[\\u115f\\u1160\\u2061-\\u2064\\u3164\\uffa0\\ufff9-\\ufffb]+";
const CONTROLS = "[\\0-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f]+";
const DECEIVING = new RegExp(`${FLAG}|(${[DIRECTIONS, TAGS, JOINERS, SELECTORS, BLANKS, CONTROLS].join("|")})`, "gu");

function tags(letters) {
  return [...letters].map((letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0))).join("");
}

/** Return an element; children and attributes that are null are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (![undefined, null, false].includes(value)) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== ""));
  return element;
}

/** Return the nodes that show a text: every character is there, but those that deceive the eye are seen as codes. */
export function shown(text) {
  const nodes = [];
  let position = 0;
  for (const { 1: run, index } of text.matchAll(DECEIVING)) {
    if (run === undefined) continue; // a flag
    nodes.push(text.slice(position, index), el("span", { class: "control", "data-code": codeOf(run) }, run));
    position = index + run.length;
  }
  return [...nodes, text.slice(position)];
}

function codeOf(run) {
  const points = [...run];
  const first = "U+" + points[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return points.length > 1 ? `${first} ×${points.length}` : first;
}

/** Return a link if an address is one of the web; documents may name any, and some would run as a script. */
export function webLink(address, ...children) {
  const safe = /^https?:\/\//i.test(address);
  return safe ? el("a", { href: address, rel: "noopener noreferrer" }, ...children) : el("span", {}, ...children);
}
