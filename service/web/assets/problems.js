/** What stands between a question and its answer: told in one place, with the way out. */

import { ApiError, useKey } from "./api.js";
import { el } from "./dom.js";
import { t } from "./language.js";

const LONGEST_WAIT = 10; // seconds between two tries
const NO_WAY_OUT = new Promise(() => {});

/**
 * Do some work, and again after each problem that passes or that the reader can solve.
 *
 * @param {Element} region where problems are told; it is empty when there is none.
 * @param {(signal: AbortSignal) => Promise} work what to do.
 * @param {AbortSignal} signal ends all tries.
 * @returns the result of the work; never, where nothing but another question helps.
 */
export async function attempt(region, work, signal) {
  for (let tries = 0; ; tries++) {
    try {
      const result = await work(signal);
      region.replaceChildren();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      await wayOut(region, error, tries);
      signal.throwIfAborted();
    }
  }
}

/** Tell a problem; the promise returned is kept when it makes sense to try again. */
function wayOut(region, error, tries) {
  if (!(error instanceof ApiError)) return tellWithButton(region, t("unreachable"));
  const detail = el("span", { class: "detail", lang: "en" }, error.message);
  switch (error.status) {
    case 401:
    case 403:
      return askForKey(region, t(error.status === 401 ? "keyNeeded" : "keyRefused"));
    case 404:
      tell(region, t("notFound"));
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

function askForKey(region, title) {
  return new Promise((resolve) => {
    const input = el("input", { type: "password", id: "key", autocomplete: "off", required: true });
    const submit = (event) => {
      event.preventDefault();
      useKey(input.value);
      resolve();
    };
    const label = el("label", { for: "key" }, t("key"));
    const form = el("form", { class: "key", submit }, label, input, el("button", {}, t("useKey")));
    region.replaceChildren();
    tell(region, title, form, el("p", { class: "hint" }, t("keyKept")));
    input.focus();
  });
}

function seconds(count) {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
