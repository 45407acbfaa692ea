/**
 * The place of the pages: shows the one that the address names, and leaves the one before.
 */

import { connection } from "../api/connection.js";
import { announce } from "../ui/announce.js";
import { button, buttonLink } from "../ui/button.js";
import { replace } from "../ui/dom.js";
import { emptyState, progress } from "../ui/states.js";
import { guardLeaving, isGuarded, mayLeave } from "./leaving.js";
import { PAGES, START } from "./pages.js";
import { find, href } from "./router.js";

/** @typedef {import("./pages.js").PageContext} PageContext */

/** How long after the first page the modules of the others are fetched. */
const PREFETCH_MS = 1000;

export class Outlet {
  #abort = new AbortController();
  /** The hash that is shown. */
  #hash = "";
  /** @type {((query: URLSearchParams) => void) | undefined} */
  #update;

  /**
   * @param {HTMLElement} main
   * @param {Api.Schemas["Account"]} account
   * @param {AbortSignal} signal
   */
  constructor(main, account, signal) {
    this.main = main;
    this.account = account;
    addEventListener("hashchange", () => this.open(), { signal });
    addEventListener("beforeunload", (event) => isGuarded() && event.preventDefault(), { signal });
    signal.addEventListener("abort", () => {
      this.#abort.abort();
      guardLeaving(undefined);
    });
  }

  async open() {
    const hash = location.hash;
    const place = find(hash);
    const before = find(this.#hash);
    const isSamePage = this.#hash !== "" && place?.path === before?.path;
    if (isSamePage && place && this.#update) {
      this.#hash = hash;
      return this.#update(place.query);
    }
    if (!(await mayLeave())) return history.replaceState(null, "", this.#hash);

    const isFirst = this.#hash === "";
    this.#hash = hash || href(START);
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#update = undefined;
    guardLeaving(undefined);
    const { signal } = this.#abort;
    const slow = setTimeout(() => replace(this.main, progress("Opening the page")), 300);
    try {
      const content = place ? await this.#content(place, signal) : notFound();
      if (signal.aborted) return;
      replace(this.main, content);
    } catch (error) {
      if (!signal.aborted) replace(this.main, outdated(error));
    } finally {
      clearTimeout(slow);
    }
    if (signal.aborted) return;
    if (isFirst) setTimeout(prefetch, PREFETCH_MS);
    scrollTo(0, 0);
    // Whoever does not see that the page has changed is told, and is where it begins.
    if (!isFirst && !isSamePage) this.main.focus();
    announce(document.title.replace(" · claribi", ""));
  }

  /**
   * @param {import("./router.js").Place} place
   * @param {AbortSignal} signal
   */
  async #content({ route, params, query }, signal) {
    const setTitle = (/** @type {string} */ title) => {
      if (!signal.aborted) document.title = `${title} · claribi`;
    };
    setTitle(route.title);
    const { page } = await route.load().catch(async () => {
      // The server may only be away.
      await connection.restored(signal);
      return route.load();
    });
    /** @type {PageContext} */
    const context = {
      params,
      query,
      signal,
      account: this.account,
      setTitle,
      onQuery: (update) => (this.#update = update),
      onLeave: guardLeaving,
    };
    return page(context);
  }
}

/** Fetches all pages of this version, while its files are there: another one may be deployed, or the network gone, before they are opened. */
function prefetch() {
  for (const { load } of PAGES) load().catch(() => {});
}

function notFound() {
  document.title = "Not found · claribi";
  return emptyState({
    icon: "alert",
    title: "There is no such page",
    text: "The link may be old or mistyped.",
    isPage: true,
    action: buttonLink("Go to the dashboards", { href: href(START), kind: "primary" }),
  });
}

/** A page whose module is not there: the server has a newer console by now. @param {unknown} error */
function outdated(error) {
  console.error(error);
  const reload = button("Load it again", { kind: "primary", icon: "refresh", run: () => location.reload() });
  const text = "The console may have been updated, or the server cannot be reached.";
  return emptyState({ icon: "alert", title: "The page did not open", text, action: reload, isPage: true });
}
