/**
 * Queries that take longer than a request: Athena's. They are asked for until they are done.
 */

/** How long the API lets pass between two looks. */
const PAUSE_MS = 2000;

/** @typedef {Api.Schemas["RunningQuery"]} Running */

/**
 * Asks until there is a result.
 * @template T
 * @param {() => Promise<Api.Reply<T>>} ask
 * @param {AbortSignal} signal
 * @returns {Promise<Api.Reply<Exclude<T, Running>>>}
 */
export async function finished(ask, signal) {
  for (;;) {
    const reply = await ask();
    if (reply.status !== 202) return /** @type {any} */ (reply);
    await pause(signal);
  }
}

/** @param {AbortSignal} signal */
export function pause(signal) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    })
  );
}
