/** The service's interface as this page uses it. */

import { remember, remembered } from "./storage.js";

export class ApiError extends Error {
  constructor(status, { error, request_id: requestId } = {}, retryAfter = 1) {
    super(error ?? "");
    Object.assign(this, { status, requestId, retryAfter });
  }
}

let key = remembered("session", "key");

/** Use a read key from now on, in this tab only. */
export function useKey(given) {
  key = given.trim().replace(/[^\x20-\x7e]/g, "?"); // a header can hold no others
  remember("session", "key", key);
}

export const search = (parameters, signal) => get(`v1/search?${parameters}&layout=true`, signal);
export const readDocument = (id, signal, layout = false) => {
  return get(`v1/documents/${encodeURIComponent(id)}${layout ? "?layout=true" : ""}`, signal);
};
export const listDocuments = (limit, signal) => get(`v1/documents?limit=${limit}`, signal);

async function get(path, signal) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const response = await fetch(path, { headers, signal, cache: "no-store", credentials: "same-origin" });
  if (response.ok) return response.json();
  const body = await response.json().catch(() => ({})); // what stands between may answer in another form
  throw new ApiError(response.status, body, Number(response.headers.get("Retry-After")) || 1);
}
