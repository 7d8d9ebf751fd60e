/** How an upload looks: its name, how far it is, what went wrong, and what can be done about it. */

import { pageAddress } from "./collection.js";
import { el, shown } from "./dom.js";
import { numberText, percentText, reasonText, t } from "./language.js";

// What a text may be in that does not show it; the service knows more, for other clients.
const ENCODINGS = [
  "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr",
  "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "koi8-r",
];
const UNTOLD_ENCODING = /name its encoding|let it pass/; // in the reason of a text that may be in another one

/**
 * Return the row of an upload and what to call when it has changed.
 *
 * @param {object} upload as uploads.js makes it.
 * @param {{cancel, retry}} actions are called with the upload.
 */
export function uploadRow(upload, actions) {
  const state = el("span", { class: "state" });
  const bar = el("progress", { "aria-label": upload.name });
  const buttons = el("span", { class: "actions" });
  const reason = el("p", { class: "reason" });
  const row = el("li", { class: "upload" }, el("span", { class: "name", dir: "auto" }, shown(upload.name)), state);
  row.append(buttons, bar, reason);
  let offered = "";
  const update = () => {
    row.dataset.state = upload.state;
    state.textContent = stateText(upload);
    fill(bar, shareOf(upload));
    reason.replaceChildren(...reasonParts(upload));
    const wanted = document.documentElement.lang + upload.state;
    if (wanted !== offered) replaceActions(buttons, actionsOf(upload, actions));
    offered = wanted;
  };
  update();
  return { row, update };
}

/** Return the share of the work that is done, null where it cannot be told, undefined where nothing is being done. */
function shareOf({ state, share, job }) {
  if (state === "sending") return share < 1 ? share : null;
  if (state === "embedding") return job.total ? job.passages / job.total : null;
  if (state === "queued") return 0;
  return state === "reading" ? null : undefined;
}

function fill(bar, share) {
  bar.hidden = share === undefined;
  if (typeof share === "number") bar.value = share;
  else bar.removeAttribute("value");
}

function stateText({ state, share, job }) {
  switch (state) {
    case "sending":
      return share < 1 ? t("sent", { share: percentText(share) }) : t("arriving");
    case "embedding":
      return job.total ? t("passagesOf", { done: numberText(job.passages), total: numberText(job.total) }) : t("reading");
    case "done":
      return [t("readable"), documentsText(job), pagesText(job), passagesText(job)].filter(Boolean).join(" · ");
    case "failed":
      return t("notAdded");
    default:
      return t(state);
  }
}

function documentsText({ documents }) {
  return documents.length > 1 ? t("documents", { count: numberText(documents.length) }) : null;
}

function pagesText({ pages }) {
  if (!pages) return null;
  return pages === 1 ? t("onePage") : t("pages", { count: numberText(pages) });
}

function passagesText({ passages }) {
  return passages === 1 ? t("onePassage") : t("passages", { count: numberText(passages) });
}

/** Return why an upload failed, in the reader's language and as the service says it, or what of one was left out. */
function reasonParts({ state, problem, job }) {
  if (state === "done" && job.reason) return [el("span", { class: "detail", lang: "en" }, shown(job.reason))];
  if (state !== "failed") return [];
  const detail = problem.detail ? reasonText(problem.detail) : "";
  const lang = detail === problem.detail ? "en" : null;
  return [t(problem.told), detail ? el("span", { class: "detail", lang }, shown(detail)) : null].filter(Boolean);
}

function actionsOf(upload, { cancel, retry }) {
  const button = (name, action) => {
    const label = t("actionOn", { action: t(name), name: upload.name });
    return el("button", { type: "button", class: "quiet", "aria-label": label, click: () => action(upload) }, t(name));
  };
  switch (upload.state) {
    case "done":
      return upload.job.documents.length === 1 ? links(upload, upload.job.documents[0]) : [allLink(upload)];
    case "failed":
      if (!upload.file) return [];
      if (UNTOLD_ENCODING.test(upload.problem.detail)) return [encodings(upload, retry)];
      return upload.problem.again ? [button("again", retry)] : [];
    case "cancelled":
      return upload.file ? [button("again", retry)] : [];
    default:
      return [button("cancel", cancel)];
  }
}

/** Return what offers encodings in which a text is sent again. */
function encodings(upload, retry) {
  const change = ({ target }) => {
    upload.encoding = target.value;
    retry(upload);
  };
  const label = t("actionOn", { action: t("encoding"), name: upload.name });
  const options = [new Option(t("encoding"), ""), ...ENCODINGS.map((name) => new Option(name))];
  return el("select", { "aria-label": label, change }, options);
}

function links({ name, collection }, id) {
  const link = (label, address) => {
    return el("a", { class: "open", href: address, "aria-label": t("actionOn", { action: label, name }) }, label);
  };
  return [
    link(t("askIt"), pageAddress("./", { document_id: id }, collection)),
    link(t("readIt"), pageAddress("source", { document: id }, collection)),
  ];
}

/** Return where the documents of a file are that holds several, as an archive does. */
function allLink({ name, collection }) {
  const label = t("allDocuments");
  const href = pageAddress("library", {}, collection);
  return el("a", { class: "open", href, "aria-label": t("actionOn", { action: label, name }) }, label);
}

/** Put other actions in the place of those there were; who was on one of them is then on the first of the others. */
function replaceActions(place, actions) {
  const wasInside = place.contains(document.activeElement);
  place.replaceChildren(...actions);
  if (!wasInside) return;
  if (actions.length) actions[0].focus();
  else place.closest("section").querySelector("button").focus();
}
