/** Files on their way to the service: one request each, so that one that is refused takes no other with it. */

import { refusal, uploadAddress } from "./api.js";
import { authorization } from "./keys.js";

/**
 * Send a file.
 *
 * @param {File} file what to send.
 * @param {string} name what it is called there.
 * @param {string} collection where to.
 * @param {(share: number) => void} told is called with the share that has been sent.
 * @param {AbortSignal} signal ends the sending.
 * @param {?string} encoding what it is in, if it is a text that does not show it.
 * @returns the job that reads the file.
 * @throws {ApiError} if the service refuses it; another error if it cannot be reached.
 */
export function sendFile(file, name, collection, told, signal, encoding) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has been sent
    request.open("POST", uploadAddress(collection));
    for (const [name, value] of Object.entries(authorization("write"))) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => told(loaded / total));
    request.addEventListener("load", () => {
      if (request.status === 202) resolve(JSON.parse(request.responseText).jobs[0]);
      else reject(refusal(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    });
    request.addEventListener("error", () => reject(new TypeError("the service cannot be reached")));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, name);
    if (encoding) form.append("encoding", encoding);
    request.send(form);
  });
}
