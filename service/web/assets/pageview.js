/** A page of the PDF that a document was read from, as it was printed, beside the text. */

import { readPage } from "./api.js";
import { el } from "./dom.js";
import { numberText, t } from "./language.js";
import { unitOf } from "./text.js";

const ZOOMS = [1, 1.5, 2, 3]; // widths of the picture, in widths of its frame
const STEP = 200; // pixels; pictures of nearly the same width are the same picture
const LARGEST = 2000; // pixels of width; the service draws no wider picture
const PAGE_END = "\f"; // as the service writes it in a text

/** Return the number of the page, from 1, on which a unit of a text stands. */
export function pageAt(text, unit) {
  return text.slice(0, unit).split(PAGE_END).length;
}

/** The view of one page at a time. */
export class PageView {
  #zoom = 0;
  #isMarked = false;
  #running = new AbortController();

  /**
   * @param {{document_id: string, title: string, text: string, original: {pages: number}}} source the document.
   * @param {?{start: number, end: number}} place what is marked, where it stands on the page.
   * @param {number} number the page to begin with.
   */
  constructor(source, place, number) {
    Object.assign(this, { source, place, number: Math.min(Math.max(number, 1), source.original.pages) });
    this.canvas = el("canvas", { role: "img" });
    this.frame = el("div", { class: "page-frame", tabindex: "0", role: "group" }, this.canvas);
    this.said = el("span", { role: "status" });
    this.problem = el("p", { class: "page-problem", role: "alert" });
    this.element = el("aside", { class: "page", id: "page", tabindex: "-1" });
    this.draw();
  }

  /** Set the controls in the language of the page; the picture stays. */
  draw() {
    const button = (name, sign, click) => {
      return el("button", { type: "button", class: "quiet", "aria-label": t(name), title: t(name), click }, sign);
    };
    this.previous = button("previousPage", "‹", () => this.#turn(-1));
    this.next = button("followingPage", "›", () => this.#turn(1));
    this.smaller = button("smaller", "−", () => this.#scale(-1));
    this.larger = button("larger", "+", () => this.#scale(1));
    const tools = [this.previous, this.said, this.next, this.smaller, this.larger];
    this.element.setAttribute("aria-label", t("printedPage"));
    this.frame.setAttribute("aria-label", t("printedPage"));
    this.element.replaceChildren(el("p", { class: "page-tools" }, tools), this.problem, this.frame);
    this.#name();
  }

  /** Ask for the page and show it. */
  async load() {
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const { document_id: id } = this.source;
    this.#name();
    this.frame.setAttribute("aria-busy", "true");
    try {
      const { picture, isMarked } = await readPage(id, this.number, { ...this.place, width: this.#width() }, signal);
      this.#show(await createImageBitmap(picture));
      if (isMarked) this.#scrollToQuote();
      this.#isMarked = isMarked;
      this.#name();
      this.problem.replaceChildren();
    } catch {
      if (signal.aborted) return; // another page came first
      this.problem.textContent = t("noPage", { page: numberText(this.number) });
    }
    this.frame.setAttribute("aria-busy", "false");
  }

  #show(picture) {
    const { width, height } = picture;
    Object.assign(this.canvas, { width, height });
    this.canvas.getContext("bitmaprenderer").transferFromImageBitmap(picture);
  }

  /** Bring the quote into the frame, as far as its place among the words of the page tells where it stands. */
  #scrollToQuote() {
    const { text } = this.source;
    const pages = text.split(PAGE_END);
    const before = pages.slice(0, this.number - 1).reduce((sum, { length }) => sum + length + PAGE_END.length, 0);
    const share = Math.max(0, unitOf(text, this.place.start) - before) / pages[this.number - 1].length;
    this.frame.scrollTop = share * this.frame.scrollHeight - this.frame.clientHeight / 2;
  }

  #width() {
    const wanted = this.frame.clientWidth * ZOOMS[this.#zoom] * devicePixelRatio;
    return Math.min(LARGEST, Math.max(STEP, Math.ceil(wanted / STEP) * STEP));
  }

  /** Say which page it is, and what there is to do. */
  #name() {
    const { pages } = this.source.original;
    const values = { page: numberText(this.number), pages: numberText(pages) };
    this.said.textContent = t("pageOf", values);
    const marked = this.#isMarked ? ` ${t("quoteMarked")}` : "";
    this.canvas.setAttribute("aria-label", t("pictureOf", { ...values, title: this.source.title }) + marked);
    enable(this.previous, this.number > 1);
    enable(this.next, this.number < pages);
    enable(this.smaller, this.#zoom > 0);
    enable(this.larger, this.#zoom < ZOOMS.length - 1);
  }

  #turn(by) {
    const number = this.number + by;
    if (number < 1 || number > this.source.original.pages) return;
    this.number = number;
    this.#isMarked = false;
    this.frame.scrollTop = 0;
    const address = new URL(location.href);
    address.searchParams.set("page", number);
    history.replaceState(history.state, "", address);
    this.load();
  }

  #scale(by) {
    if (!ZOOMS[this.#zoom + by]) return;
    this.#zoom += by;
    this.canvas.style.width = `${100 * ZOOMS[this.#zoom]}%`;
    this.load();
  }
}

/** Tell whether a button does anything; it keeps the focus when it no longer does. */
function enable(button, can) {
  button.setAttribute("aria-disabled", String(!can));
}
