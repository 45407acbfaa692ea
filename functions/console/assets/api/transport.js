/**
 * One request, until it has an answer that is final: what the server asks to wait for is waited for, and what may be sent again is sent
 * again once the server is back.
 */

import { connection } from "./connection.js";
import { ApiError, retryAfter } from "./error.js";

/** How often something is sent again that the server was too busy for. */
const BUSY_ATTEMPTS = 4;

/**
 * @param {URL} url
 * @param {RequestInit} init
 * @param {boolean} isRepeatable  Whether doing it twice is doing it once.
 * @returns {Promise<Response>} An answer of any status but 429.
 */
export async function exchange(url, init, isRepeatable) {
  const signal = init.signal ?? undefined;
  for (let attempt = 1; ; attempt += 1) {
    let response;
    try {
      // The tag of what is kept is sent by the client, which knows whose it is: the browser's own cache stays out of it.
      response = await fetch(url, { cache: "no-store", credentials: "omit", ...init });
    } catch (cause) {
      signal?.throwIfAborted();
      const restored = connection.restored(isRepeatable ? signal : undefined);
      if (!isRepeatable) throw Object.assign(ApiError.network(), { cause });
      await restored;
      continue;
    }
    const isBusy = response.status === 503 && isRepeatable && attempt < BUSY_ATTEMPTS;
    if (response.status !== 429 && !isBusy) return response;
    await connection.wait(retryAfter(response) ?? attempt, signal);
  }
}
