/**
 * Sending a file where the API says, with its progress, which `fetch` does not tell.
 */

import { ApiError } from "./error.js";

/** Headers that browsers set by themselves, and let no page set. */
const BROWSERS_OWN = ["content-length", "host"];

/**
 * @param {{ method: string, url: string, headers: Record<string, string> }} upload  As an import's `upload` is.
 * @param {Blob} file
 * @param {{ signal?: AbortSignal, progress?: (sent: number, total: number) => void }} [options]
 * @returns {Promise<void>}
 */
export function upload({ method, url, headers }, file, { signal, progress } = {}) {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      if (!BROWSERS_OWN.includes(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", (event) => progress?.(event.loaded, event.total));
    request.addEventListener("load", () => (request.status < 300 ? resolve() : reject(refusal(request.status))));
    request.addEventListener("error", () => reject(ApiError.network()));
    request.addEventListener("abort", () => reject(signal?.reason ?? new DOMException("Canceled", "AbortError")));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    signal?.addEventListener("abort", abort, { once: true });
    request.send(file);
  });
}

/** @param {number} status */
function refusal(status) {
  const message = "The file could not be stored.";
  const detail = `The store answered ${status}. The link may have expired: start the upload again.`;
  return new ApiError({ status, code: "upload_failed", message, detail });
}
