/** Files that become documents: chosen or dropped, sent one after the other, and followed until they can be asked. */

import { ApiError, cancelJob, listJobs } from "./api.js";
import { collection } from "./collection.js";
import { offerDrop } from "./drop.js";
import { ENDINGS } from "./formats.js";
import { followJob, hasEnded } from "./jobs.js";
import { keyring, mayWrite } from "./keys.js";
import { numberText, t } from "./language.js";
import { askForKey } from "./problems.js";
import { sendFile } from "./sending.js";
import { uploadRow } from "./uploadview.js";

const MOST_JOBS = 50; // of earlier ones that are looked at for some that still run
const MOST_TRIES = 5; // while the service has no room
const OVER = ["done", "failed", "cancelled"];
// What a status of HTTP comes to, and whether it makes sense to try again.
const PROBLEMS = {
  404: ["noCollection", false],
  413: ["tooLarge", false],
  415: ["notReadable", false],
  422: ["notReadable", false],
  503: ["noRoom", true],
  507: ["diskFull", true],
};

/** The uploads of a page, in a section that has .add, input, .needed, .uploads, .clear and .told. */
export class Uploads {
  #uploads = [];
  #isSending = false;

  /**
   * @param {Element} section where they are shown.
   * @param {() => void} changed is called when there are other documents than before.
   */
  constructor(section, changed) {
    const parts = ["input", ".add", ".needed", ".uploads", ".clear", ".told"];
    const [input, add, needed, list, clear, told] = parts.map((part) => section.querySelector(part));
    Object.assign(this, { section, changed, needed, add, list, clear, told });
    input.accept = ENDINGS.join(",");
    add.addEventListener("click", () => this.#choose(input));
    clear.addEventListener("click", () => this.clearOver());
    input.addEventListener("change", () => {
      this.#take([...input.files].map((file) => ({ file, name: file.name })));
      input.value = ""; // the same file can be chosen again
    });
    offerDrop(document.getElementById("veil"), (files) => this.#take(files));
    addEventListener("beforeunload", (event) => {
      if (this.#uploads.some(({ state }) => state === "waiting" || state === "sending")) event.preventDefault();
    });
    keyring.addEventListener("change", () => this.#resume());
    this.#resume();
  }

  /** Show all in the language of the page. */
  redraw() {
    for (const upload of this.#uploads) upload.update();
  }

  /** Take those away of which there is no more to tell. */
  clearOver() {
    const wasInside = this.list.contains(document.activeElement) || document.activeElement === this.clear;
    for (const { row } of this.#uploads.filter(isOver)) row.remove();
    this.#uploads = this.#uploads.filter((upload) => !isOver(upload));
    this.#showWhatThereIs();
    if (wasInside) this.add.focus();
  }

  #choose(input) {
    if (mayWrite()) input.click();
    else if (this.needed.hasChildNodes()) this.needed.querySelector("input").focus();
    else this.#keyGiven();
  }

  #take(files) {
    if (!files.length) return;
    for (const { file, name } of files) this.#add({ file, name, state: "waiting" });
    this.#say(files.length === 1 ? t("fileTaken", files[0]) : t("filesTaken", { count: numberText(files.length) }));
    this.#sendAll();
  }

  #add(given) {
    const upload = { collection: collection(), share: 0, controller: new AbortController(), ...given };
    const actions = { cancel: () => this.#cancel(upload), retry: () => this.#retry(upload) };
    Object.assign(upload, uploadRow(upload, actions));
    this.#uploads.push(upload);
    this.list.append(upload.row);
    this.#showWhatThereIs();
    return upload;
  }

  #change(upload, what) {
    Object.assign(upload, what);
    upload.update();
    this.#showWhatThereIs();
  }

  #showWhatThereIs() {
    this.clear.hidden = !this.#uploads.some(isOver);
    this.section.classList.toggle("busy", this.#uploads.length > 0);
  }

  #say(text) {
    this.told.textContent = text;
  }

  async #sendAll() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next; (next = this.#uploads.find(({ state }) => state === "waiting")); ) {
      if (mayWrite()) await this.#send(next);
      else await this.#keyGiven();
    }
    this.#isSending = false;
  }

  async #keyGiven(refused) {
    await askForKey(this.needed, "write", refused);
    this.needed.replaceChildren();
    this.add.focus();
  }

  async #send(upload) {
    this.#change(upload, { state: "sending", share: 0 });
    const { signal } = upload.controller;
    try {
      this.#follow(upload, await sentInTime(upload, (share) => this.#change(upload, { share })));
    } catch (error) {
      if (signal.aborted) return;
      if (![401, 403].includes(error.status)) return this.#fail(upload, problemOf(error));
      this.#change(upload, { state: "waiting" });
      await this.#keyGiven(error);
    }
  }

  async #follow(upload, job) {
    const { signal } = upload.controller;
    const tell = (next) => signal.aborted || this.#change(upload, { job: next, state: next.state, ...failureOf(next) });
    try {
      tell(job);
      await followJob(job, tell, signal);
      if (upload.state === "done") this.#say(t("nowReadable", upload));
      if (upload.state === "failed") this.#fail(upload, upload.problem);
      this.changed();
    } catch (error) {
      if (!signal.aborted) this.#fail(upload, problemOf(error));
    }
  }

  #fail(upload, problem) {
    this.#change(upload, { problem, state: "failed" });
    this.#say(`${upload.name}: ${t(problem.told)}`);
  }

  async #cancel(upload) {
    const { job, controller } = upload;
    if (job && !(await cancelJob(job.id).catch(() => null))) return; // it has ended; its end is on its way
    controller.abort();
    this.#change(upload, { state: "cancelled" });
  }

  #retry(upload) {
    this.#change(upload, { state: "waiting", job: null, controller: new AbortController() });
    this.#sendAll();
  }

  /** Show the jobs that were begun before this page was opened. */
  async #resume() {
    if (!mayWrite()) return;
    const { jobs } = await listJobs(MOST_JOBS).catch(() => ({ jobs: [] })); // the page does without
    const known = new Set(this.#uploads.map(({ job }) => job?.id));
    for (const job of jobs.filter((each) => !hasEnded(each) && !known.has(each.id)).reverse()) {
      this.#follow(this.#add({ name: job.source, state: job.state, job, collection: job.collection }), job);
    }
  }
}

function isOver({ state }) {
  return OVER.includes(state);
}

function failureOf({ state, reason }) {
  return state === "failed" ? { problem: { told: "notReadable", detail: reason, again: false } } : {};
}

/** Send a file, and again while the service has no room for it. */
async function sentInTime({ file, name, collection: where, controller, encoding }, told) {
  for (let tries = 1; ; tries++) {
    try {
      return await sendFile(file, name, where, told, controller.signal, encoding);
    } catch (error) {
      if (error.status !== 503 || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * error.retryAfter * tries));
      controller.signal.throwIfAborted();
    }
  }
}

function problemOf(error) {
  if (!(error instanceof ApiError)) return { told: "unreachable", again: true };
  const [told, again] = PROBLEMS[error.status] ?? ["failed", true];
  return { told, detail: error.message, again };
}
