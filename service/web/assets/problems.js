/** What stands between a question and its answer: told in one place, with the way out. */

import { ApiError } from "./api.js";
import { el } from "./dom.js";
import { keyring, useKey } from "./keys.js";
import { t } from "./language.js";

const LONGEST_WAIT = 10; // seconds between two tries
const WORDS = {
  read: { label: "key", needed: "keyNeeded", refused: "keyRefused", hint: "keyKept" },
  write: { label: "writeKey", needed: "writeKeyNeeded", refused: "writeKeyRefused", hint: "writeKeyFrom" },
};
const NO_WAY_OUT = new Promise(() => {});

/**
 * Do some work, and again after each problem that passes or that the reader can solve.
 *
 * @param {Element} region where problems are told; it is empty when there is none.
 * @param {(signal: AbortSignal) => Promise} work what to do.
 * @param {AbortSignal} signal ends all tries.
 * @param {"read"|"write"} scope what a key must open, if one is needed.
 * @param {string} missing what is told where the service knows of no such thing.
 * @returns the result of the work; never, where nothing but another question helps.
 */
export async function attempt(region, work, signal, { scope = "read", missing = "notFound" } = {}) {
  for (let tries = 0; ; tries++) {
    try {
      const result = await work(signal);
      region.replaceChildren();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      await wayOut(region, error, tries, scope, missing);
      signal.throwIfAborted();
    }
  }
}

/** Tell a problem; the promise returned is kept when it makes sense to try again. */
function wayOut(region, error, tries, scope, missing) {
  if (!(error instanceof ApiError)) return tellWithButton(region, t("unreachable"));
  const detail = el("span", { class: "detail", lang: "en" }, error.message);
  switch (error.status) {
    case 401:
    case 403:
      return askForKey(region, scope, error);
    case 404:
      tell(region, t(missing), missing === "noCollection" ? el("a", { href: "./" }, t("toDefault")) : null);
      return NO_WAY_OUT;
    case 422:
      tell(region, t("notUnderstood"), detail);
      return NO_WAY_OUT;
    case 503:
      tell(region, t("notReady"), detail);
      return seconds(Math.min(LONGEST_WAIT, error.retryAfter * 2 ** tries));
    default:
      return tellWithButton(region, t("failed"), detail, t("requestId", { id: error.requestId ?? error.status }));
  }
}

/** Show a notice; one that stands there already is left alone, so that nothing flickers and nothing is read twice. */
function tell(region, title, ...more) {
  const notice = el("div", { class: "notice" }, el("p", { class: "title" }, title), ...more);
  if (region.textContent !== notice.textContent) region.replaceChildren(notice);
}

function tellWithButton(region, title, ...more) {
  return new Promise((resolve) => {
    region.replaceChildren(); // a button that was pressed already answers an earlier promise
    tell(region, title, ...more, el("button", { type: "button", class: "quiet", click: resolve }, t("again")));
  });
}

/**
 * Ask for a key.
 *
 * @param {Element} region where it is asked for.
 * @param {"read"|"write"} scope what the key must open.
 * @param {?ApiError} refused why a key is needed; nothing, if nothing has been refused yet.
 * @returns {Promise} kept when there is a key, from here or from an address that brings one.
 */
export function askForKey(region, scope, refused) {
  return new Promise((resolve) => {
    keyring.addEventListener("change", resolve, { once: true });
    const words = WORDS[scope];
    const id = `${scope}-key`;
    const input = el("input", { type: "password", id, autocomplete: "off", required: true });
    const submit = (event) => {
      event.preventDefault();
      useKey(input.value, scope);
    };
    const form = el("form", { class: "key", submit }, el("label", { for: id }, t(words.label)), input);
    form.append(el("button", {}, t("useKey")));
    const isRefused = refused?.status === 403;
    const why = isRefused && scope === "write" ? el("span", { class: "detail", lang: "en" }, refused.message) : null;
    region.replaceChildren();
    tell(region, t(isRefused ? words.refused : words.needed), why, form, el("p", { class: "hint" }, t(words.hint)));
    input.focus();
  });
}

function seconds(count) {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
