/** Questions that must be answered before something is lost. */

import { el } from "./dom.js";
import { t } from "./language.js";

let dialogs = 0;

/**
 * Ask whether to do what cannot be undone.
 *
 * @param {string} title the question; it names the thing.
 * @param {(string|Node)[]} lines what is lost.
 * @param {string} action what the button says that does it.
 * @param {string} typed what has to be typed before the button does anything; nothing, if a press is enough.
 * @returns {Promise<boolean>} whether it shall be done. The focus goes back to where it was.
 */
export function confirmed({ title, lines, action, typed = "" }) {
  return new Promise((resolve) => {
    const id = `dialog-${++dialogs}`;
    const submit = (event) => {
      event.preventDefault();
      if (typed && field.value.trim() !== typed) field.select();
      else dialog.close("yes");
    };
    const field = typed && el("input", { autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    const cancel = el("button", { type: "button", class: "quiet", click: () => dialog.close("no") }, t("cancel"));
    const form = el(
      "form",
      { submit },
      el("h2", { id }, title),
      lines.map((line) => el("p", {}, line)),
      typed && el("label", {}, el("span", {}, t("typeToConfirm", { name: typed })), field),
      el("p", { class: "choices" }, cancel, el("button", { class: "danger" }, action)),
    );
    const dialog = el("dialog", { "aria-labelledby": id }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal(); // the focus is on the field, or else on the button that loses nothing
  });
}
