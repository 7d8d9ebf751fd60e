/** The language of the page: chosen by the reader or by the browser, and how it writes numbers and dates. */

import { remember, remembered } from "./storage.js";
import { STRINGS } from "./strings.js";

const LOCALES = { en: "en-GB", zh: "zh-CN" };
const ATTRIBUTES = ["placeholder", "aria-label", "title"];

let current = preferred();

function preferred() {
  const wanted = [remembered("local", "language"), ...navigator.languages].map((tag) => tag?.split("-")[0]);
  return wanted.find((tag) => Object.hasOwn(STRINGS, tag)) ?? "en";
}

/** Return a sentence of the table with its values. */
export function t(name, values = {}) {
  return STRINGS[current][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Return what the service says as a reason, in the language of the page where the table knows words of it. */
export function reasonText(reason) {
  const [, known] = Object.entries(STRINGS[current].reasons).find(([words]) => reason?.includes(words)) ?? [];
  return known ?? reason;
}

/** Fill in the sentences that elements name in data-text, data-placeholder and the like. */
export function translate(root = document) {
  document.documentElement.lang = LOCALES[current];
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const attribute of ATTRIBUTES) {
    for (const element of root.querySelectorAll(`[data-${attribute}]`)) {
      element.setAttribute(attribute, t(element.getAttribute(`data-${attribute}`)));
    }
  }
}

/** Make the page's language button work; redraw is called after each change. */
export function offerLanguages(button, redraw) {
  const name = () => {
    button.lang = current === "en" ? "zh" : "en";
  };
  name();
  button.addEventListener("click", () => {
    current = current === "en" ? "zh" : "en";
    remember("local", "language", current);
    translate();
    name();
    redraw();
  });
}

export function numberText(number) {
  return new Intl.NumberFormat(LOCALES[current]).format(number);
}

export function percentText(share) {
  // What rounds to certainty is not certain.
  const rounded = Math.min(share, 0.99);
  return new Intl.NumberFormat(LOCALES[current], { style: "percent" }).format(rounded);
}

/** Return the size of a file. */
export function sizeText(bytes) {
  const [unit, size] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const form = { style: "unit", unit, maximumSignificantDigits: size < 100 ? 2 : undefined };
  return new Intl.NumberFormat(LOCALES[current], form).format(size < 100 ? size : Math.round(size));
}

/** Return a date that may be known to the year, month or day only. */
export function dateText(published) {
  const [year, month, day] = published.split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
  const form = { timeZone: "UTC", year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }) };
  return new Intl.DateTimeFormat(LOCALES[current], form).format(date);
}

/** Return what a language is called. */
export function languageName(code) {
  if (code === "und") return t("unknownLanguage");
  try {
    return new Intl.DisplayNames(LOCALES[current], { type: "language" }).of(code);
  } catch {
    return code; // not a code of the standard
  }
}
