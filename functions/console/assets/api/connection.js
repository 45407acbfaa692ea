/**
 * Whether the server can be reached, and whether it asked to wait. One for the page: requests report to it and wait on it, the shell
 * shows it.
 *
 * While the server is away, one probe asks for its health, and every request waits for that one: a hundred widgets do not ask a
 * hundred times.
 */

import { root } from "./root.js";

const FIRST_PROBE_MS = 1000;
const LONGEST_PROBE_MS = 15_000;

/** @typedef {{ state: "online" } | { state: "offline" } | { state: "waiting", until: number }} ConnectionState */

class Connection extends EventTarget {
  /** @type {Promise<void> | undefined} */
  #probing;
  #waiting = 0;
  #until = 0;

  /** @returns {ConnectionState} */
  get current() {
    if (this.#probing) return { state: "offline" };
    return this.#waiting > 0 ? { state: "waiting", until: this.#until } : { state: "online" };
  }

  /** A request got no answer: waits until the server has one. @param {AbortSignal} [signal] */
  restored(signal) {
    if (!this.#probing) {
      this.#probing = this.#probe().finally(() => {
        this.#probing = undefined;
        this.#changed();
      });
      this.#changed();
    }
    return abortable(this.#probing, signal);
  }

  /** Waits as long as the server asked for. @param {number} seconds @param {AbortSignal} [signal] */
  async wait(seconds, signal) {
    this.#waiting += 1;
    this.#until = Math.max(this.#until, Date.now() + seconds * 1000);
    this.#changed();
    try {
      await abortable(sleep(seconds * 1000), signal);
    } finally {
      this.#waiting -= 1;
      this.#changed();
    }
  }

  async #probe() {
    for (let pause = FIRST_PROBE_MS; ; pause = Math.min(pause * 2, LONGEST_PROBE_MS)) {
      // The browser may know sooner that there is a network again.
      await Promise.race([sleep(pause), new Promise((online) => addEventListener("online", online, { once: true }))]);
      const answer = await fetch(new URL("api/health/", root), { cache: "no-store" }).catch(() => undefined);
      if (answer) return;
    }
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export const connection = new Connection();

/** @param {number} milliseconds */
export function sleep(milliseconds) {
  return /** @type {Promise<void>} */ (new Promise((done) => setTimeout(done, milliseconds)));
}

/**
 * The promise, or a failure as soon as nobody waits for it any more.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
function abortable(promise, signal) {
  if (!signal) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
