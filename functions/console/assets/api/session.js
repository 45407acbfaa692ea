/**
 * Who is signed in: the tokens, renewed before they expire.
 *
 * They are in memory and in `sessionStorage`, so that loading the page again does not sign out, closing the tab does, and no other tab
 * or later visitor of this browser has them.
 */

import { ApiError } from "./error.js";
import { root } from "./root.js";
import { exchange } from "./transport.js";

const STORAGE_KEY = "claribi.session";

/** How long before its end a token is renewed. */
const MARGIN_MS = 60_000;

/** @typedef {{ access: string, refresh: string, email: string, expiresAt: number }} Tokens */

class Session extends EventTarget {
  /** @type {Tokens | undefined} */
  #tokens = load();
  /** Those under way, by what they renew. @type {Map<Tokens, Promise<boolean>>} */
  #renewals = new Map();

  get isSignedIn() {
    return this.#tokens !== undefined;
  }

  /** The address that was signed in with. */
  get email() {
    return this.#tokens?.email ?? "";
  }

  /** @param {string} email @param {string} password @param {AbortSignal} [signal] */
  async signIn(email, password, signal) {
    const { access, refresh } = await post("api/auth/login/", { email, password }, signal);
    const isOther = this.email !== email;
    this.#keep({ access, refresh, email, expiresAt: expiry(access) });
    if (isOther) this.dispatchEvent(new Event("change"));
  }

  signOut() {
    if (!this.isSignedIn) return;
    this.#keep(undefined);
    this.dispatchEvent(new Event("change"));
  }

  /** A token that is good for a while yet. */
  async token() {
    const tokens = this.#tokens;
    if (tokens && Date.now() > tokens.expiresAt - MARGIN_MS) await this.renew(tokens.access);
    return this.#tokens?.access;
  }

  /**
   * Gets another token for one that is not good any more: by the refresh token, and if that is not good either, by asking the user.
   * Whoever waits for it goes on where they were. One renewal serves all who ask.
   * @param {string | undefined} used
   * @returns {Promise<boolean>} Whether there is another one.
   */
  async renew(used) {
    const tokens = this.#tokens;
    if (!tokens) return false;
    if (tokens.access !== used) return true;
    const renewal = this.#renewals.get(tokens) ?? this.#renew(tokens).finally(() => this.#renewals.delete(tokens));
    this.#renewals.set(tokens, renewal);
    return renewal;
  }

  /** Gives up as soon as the user has signed out: somebody else may have signed in since. @param {Tokens} tokens */
  async #renew(tokens) {
    try {
      const { access } = await post("api/auth/token/refresh/", { refresh: tokens.refresh });
      if (this.#tokens !== tokens) return false;
      this.#keep({ ...tokens, access, expiresAt: expiry(access) });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    if (this.#tokens !== tokens) return false;
    const isBack = await new Promise((answer) => {
      const event = new CustomEvent("expired", { detail: answer, cancelable: true });
      // Whoever asks the user prevents the default, which is to give up.
      if (this.dispatchEvent(event)) answer(false);
    });
    if (!isBack && this.#tokens === tokens) this.signOut();
    return isBack;
  }

  /** @param {Tokens | undefined} tokens */
  #keep(tokens) {
    this.#tokens = tokens;
    if (tokens) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(tokens));
    else sessionStorage.removeItem(STORAGE_KEY);
  }
}

export const session = new Session();

/** @returns {Tokens | undefined} */
function load() {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * When a token ends by this machine's clock, which may be wrong: a token says how long it is good for by the server's.
 * @param {string} token
 */
function expiry(token) {
  const { iat, exp } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return Date.now() + (exp - iat) * 1000;
}

/** @param {string} path @param {object} body @param {AbortSignal} [signal] */
async function post(path, body, signal) {
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
  const response = await exchange(new URL(path, root), init, true);
  if (!response.ok) throw await ApiError.of(response);
  return response.json();
}
