/** The service's interface as this page uses it. */

import { inCollection } from "./collection.js";
import { authorization } from "./keys.js";

export class ApiError extends Error {
  constructor(status, { error, request_id: requestId } = {}, retryAfter = 1) {
    super(error ?? "");
    Object.assign(this, { status, requestId, retryAfter });
  }
}

export const search = (parameters, signal) => getJson(address("search", { layout: true }, parameters), signal);

export const readDocument = (id, signal, layout = false) => {
  return getJson(address(documentRoute(id), layout ? { layout } : {}), signal);
};
export const listDocuments = (parameters, signal) => getJson(address("documents", parameters), signal);
export const deleteDocument = (id) => call("DELETE", address(documentRoute(id)), { scope: "write" });

/** Return the picture of a page of a PDF, and whether the place in its text that was given is marked on it. */
export async function readPage(id, number, parameters, signal) {
  const response = await call("GET", address(`${documentRoute(id)}/pages/${number}`, parameters), { signal });
  return { picture: await response.blob(), isMarked: response.headers.get("X-Marked") === "true" };
}

export const originalAddress = (id) => address(`${documentRoute(id)}/original`);
export const readOriginal = async (id) => (await call("GET", originalAddress(id))).blob();

export const listCollections = (signal) => getJson("v1/collections", signal);
export const createCollection = (name) => call("POST", "v1/collections", { scope: "write", json: { name } });
export const deleteCollection = (name) => {
  return call("DELETE", `v1/collections/${encodeURIComponent(name)}`, { scope: "write" });
};

export const listJobs = (limit) => getJson(address("jobs", { limit }));
export const readJob = (id, signal) => getJson(`v1/jobs/${encodeURIComponent(id)}`, signal);
/** Return the response that tells each change of a job for as long as it lasts. */
export const watchJob = (id, signal) => call("GET", `v1/jobs/${encodeURIComponent(id)}/events`, { signal });
export const cancelJob = async (id) => {
  return (await call("DELETE", `v1/jobs/${encodeURIComponent(id)}`, { scope: "write" })).json();
};

/** Return where files are sent to. */
export const uploadAddress = (name) => `v1/documents?${new URLSearchParams({ collection: name })}`;

/** Return an error of what the service answered in place of what was asked for. */
export function refusal(status, text, retryAfter) {
  let body = {}; // what stands between may answer in another form
  try {
    body = JSON.parse(text);
  } catch {
    // the status says enough
  }
  return new ApiError(status, body ?? {}, Number(retryAfter) || 1);
}

function documentRoute(id) {
  return `documents/${encodeURIComponent(id)}`;
}

function address(route, ...parameters) {
  const given = inCollection(parameters.flatMap((each) => [...new URLSearchParams(each)]));
  return given.size ? `v1/${route}?${given}` : `v1/${route}`;
}

async function getJson(path, signal) {
  return (await call("GET", path, { signal })).json();
}

async function call(method, path, { scope = "read", json, signal } = {}) {
  const headers = { ...authorization(scope), ...(json && { "Content-Type": "application/json" }) };
  const options = { method, headers, signal, body: json && JSON.stringify(json) };
  const response = await fetch(path, { ...options, cache: "no-store", credentials: "same-origin" });
  if (response.ok) return response;
  throw refusal(response.status, await response.text().catch(() => ""), response.headers.get("Retry-After"));
}
