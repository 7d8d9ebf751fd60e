/** The questions that were asked last; this browser keeps them, and nobody else. */

import { collection, pageAddress } from "./collection.js";
import { el, shown } from "./dom.js";
import { t } from "./language.js";
import { remember, remembered } from "./storage.js";

const NAME = "recent";
const MOST = 20; // in all collections together

/** Return the questions asked in the collection that is shown, the last one first. */
function recent() {
  return kept().filter(([, name]) => name === collection());
}

function kept() {
  try {
    const pairs = JSON.parse(remembered("local", NAME)) ?? [];
    return pairs.filter(([text, name]) => typeof text === "string" && typeof name === "string");
  } catch {
    return []; // written by something else
  }
}

function keep(pairs) {
  remember("local", NAME, JSON.stringify(pairs.slice(0, MOST)));
}

const others = (text) => kept().filter(([each, name]) => each !== text || name !== collection());

/** Keep a question that was answered. */
export function keepQuestion(text) {
  keep([[text, collection()], ...others(text)]);
}

/** The list of recent questions under a field; it is there while the field is empty. */
export class Recent {
  #drawn = "";

  /**
   * @param {Element} place where the list is shown.
   * @param {Element} field the field of the question.
   * @param {(text: string) => void} ask is called with a question that is chosen.
   */
  constructor(place, field, ask) {
    Object.assign(this, { place, field, ask });
    const form = field.form;
    field.addEventListener("input", () => this.show());
    form.addEventListener("focusin", () => this.show());
    form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || this.show(false));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || place.hidden) return;
      event.preventDefault();
      place.querySelector("a").focus();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || place.hidden) return;
      field.focus();
      this.show(false);
    });
  }

  /** Show the list if it is of use: at home, and elsewhere while the reader is at the question. */
  show(isAsking = this.field.form.contains(document.activeElement)) {
    const isHome = document.body.classList.contains("home");
    const texts = recent().map(([text]) => text);
    this.place.hidden = !texts.length || this.field.value !== "" || !(isHome || isAsking);
    const wanted = JSON.stringify([texts, collection(), t("recent")]);
    if (this.place.hidden || wanted === this.#drawn) return; // what has the focus must not be drawn again
    this.#drawn = wanted;
    this.place.replaceChildren(this.#head(), el("ul", { role: "list" }, texts.map(this.#item, this)));
  }

  #head() {
    const click = () => {
      keep(kept().filter(([, name]) => name !== collection()));
      this.field.focus();
      this.show();
    };
    const forget = el("button", { type: "button", class: "quiet", click }, t("forgetAll"));
    return el("div", { class: "recent-head" }, el("h2", {}, t("recent")), el("span", {}, t("keptHere")), forget);
  }

  #item(text, number) {
    const choose = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
      event.preventDefault();
      this.ask(text);
    };
    const forget = () => {
      keep(others(text));
      this.field.focus(); // the button goes away
      this.show();
      [...this.place.querySelectorAll("li button")].at(number)?.focus();
    };
    const label = t("forget", { question: text });
    return el(
      "li",
      {},
      el("a", { href: pageAddress("./", { q: text }), dir: "auto", click: choose }, shown(text)),
      el("button", { type: "button", class: "chip", "aria-label": label, click: forget }),
    );
  }
}
