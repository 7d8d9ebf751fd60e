/** What becomes of a file that was sent: told by the service as it goes, or asked for where that does not arrive. */

import { ApiError, readJob, watchJob } from "./api.js";

const STREAMS = 2; // at most at once: over HTTP/1.1 a browser has six connections for all its tabs; jobs run in order
const SILENCE_MS = 10_000; // after which a stream is taken for one that something between holds back
const POLL_MS = 1000;
const LONGEST_POLL_MS = 15_000; // between two tries while the service cannot be reached
const ENDED = ["done", "failed", "cancelled"];

let free = STREAMS;
const waiting = [];

export function hasEnded(job) {
  return ENDED.includes(job.state);
}

/**
 * Follow a job to its end.
 *
 * @param {object} job as the service told it last.
 * @param {(job) => void} told is called with each change.
 * @param {AbortSignal} signal ends the following, not the job.
 * @throws {ApiError} if the service refuses to tell, or knows of no such job.
 */
export async function followJob(job, told, signal) {
  if (hasEnded(job)) return;
  await turn();
  try {
    if (!(await streamed(job.id, told, signal))) await polled(job.id, told, signal);
  } finally {
    pass();
  }
}

async function turn() {
  if (free) free--;
  else await new Promise((resolve) => waiting.push(resolve));
}

function pass() {
  if (waiting.length) waiting.shift()();
  else free++;
}

/** Tell each change that arrives; return whether the last one was the end. */
async function streamed(id, told, signal) {
  let last = null;
  try {
    const response = await watchJob(id, signal);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for await (const job of jobsIn(reader)) {
      last = job;
      told(job);
    }
  } catch (error) {
    if (isFinal(error)) throw error;
  }
  return last !== null && hasEnded(last);
}

/** Yield the jobs of a stream of events until it ends or falls silent. */
async function* jobsIn(reader) {
  for (let rest = ""; ; ) {
    const { value, done } = await Promise.race([reader.read(), silent()]);
    if (done) break;
    const events = (rest + value.replaceAll("\r", "")).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data:"));
      if (data.length) yield JSON.parse(data.map((line) => line.slice("data:".length)).join("\n"));
    }
  }
  reader.cancel().catch(() => {});
}

function silent() {
  return pause(SILENCE_MS).then(() => ({ done: true }));
}

async function polled(id, told, signal) {
  for (let wait = POLL_MS; ; await pause(wait)) {
    signal.throwIfAborted();
    try {
      const job = await readJob(id, signal);
      told(job);
      if (hasEnded(job)) return;
      wait = POLL_MS;
    } catch (error) {
      if (isFinal(error)) throw error;
      wait = Math.min(2 * wait, LONGEST_POLL_MS);
    }
  }
}

/** Return whether asking again would not help. */
function isFinal(error) {
  return error.name === "AbortError" || (error instanceof ApiError && error.status < 500);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
