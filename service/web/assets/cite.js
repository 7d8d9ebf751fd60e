/** The panel that shows a passage's quote and references and copies them. */

import { readDocument } from "./api.js";
import { bibtex, gbt7714, markdown, plain } from "./citations.js";
import { el, shown } from "./dom.js";
import { t } from "./language.js";

const FEEDBACK_MS = 2500;

let panels = 0;

/** Return the button and the panel of a citation; what the panel shows is made when it is opened first. */
export function citePanel(citation) {
  const panel = el("div", { class: "panel", id: `cite-${++panels}`, hidden: true });
  const fill = async () => {
    // Who wrote a document stands in the document only.
    const { author } = await readDocument(citation.document_id).catch(() => ({ author: null }));
    const source = { ...citation, author, accessed: today() };
    panel.replaceChildren(
      form(t("quote"), citation.quote),
      form(t("plain"), plain(source)),
      form("Markdown", markdown(source), "code"),
      form("BibTeX", bibtex(source), "code"),
      form("GB/T 7714", gbt7714(source)),
    );
  };
  const click = async () => {
    if (!panel.hasChildNodes()) await fill();
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
  };
  const state = { "aria-expanded": "false", "aria-controls": panel.id };
  const button = el("button", { type: "button", class: "quiet", ...state, click }, t("cite"));
  return [button, panel];
}

function form(name, text, kind = "words") {
  const example = el("pre", { class: kind, tabindex: "0", "aria-label": name }, shown(text));
  const row = el("div", { class: "form-name" }, el("span", {}, name), copyButton(name, text, example));
  return el("div", { class: "form" }, row, example);
}

/** Return a button that copies a text and says so; where a browser forbids it, the text is selected instead. */
export function copyButton(name, text, example, label = t("copy")) {
  const feedback = el("span", { role: "status", class: "feedback" });
  const click = async () => {
    const said = (await copied(text, example)) ? "copied" : "selected";
    feedback.textContent = t(said);
    setTimeout(() => feedback.replaceChildren(), FEEDBACK_MS);
  };
  const button = el("button", { type: "button", class: "quiet", "aria-label": t("copyOf", { name }), click }, label);
  return el("span", { class: "copy" }, feedback, button);
}

async function copied(text, example) {
  try {
    await navigator.clipboard.writeText(text); // only there over HTTPS and on loopback
    return true;
  } catch {
    getSelection().selectAllChildren(example);
    return document.execCommand("copy");
  }
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
