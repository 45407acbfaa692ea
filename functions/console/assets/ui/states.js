/**
 * What is shown where there is nothing yet: that it comes, that it failed and why, that there is none and what to do next.
 */

import { isAbort } from "../api/error.js";
import { button } from "./button.js";
import { h, replace } from "./dom.js";
import { icon } from "./icon.js";

/**
 * @param {{ icon: import("./icon.js").IconName, title: string, text: string, action?: HTMLElement | false, isPage?: boolean }} options
 *   `isPage`: there is nothing else on the page, and no other heading.
 */
export function emptyState({ icon: name, title, text, action, isPage = false }) {
  return h("div", { class: "state" }, icon(name), h(isPage ? "h1" : "h2", null, title), h("p", null, text), action);
}

/**
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function errorState(error, retry) {
  const { detail, message, requestId } = /** @type {any} */ (error ?? {});
  const again = retry && button("Try again", { icon: "refresh", run: retry });
  const quote = requestId && h("p", { class: "quiet small" }, "Request ", h("code", null, requestId));
  const words = h("p", null, h("bdi", null, detail ?? message ?? String(error)));
  return h("div", { class: "state error", role: "alert" }, icon("alert"), words, quote, again);
}

/**
 * How far something is: 0 to 1, or unknown.
 * @param {string} label
 * @param {number} [value]
 */
export function progress(label, value) {
  const bar = value === undefined ? h("progress", { "aria-label": label }) : h("progress", { "aria-label": label, value });
  return h("div", { class: "state pending" }, bar, h("p", { class: "quiet" }, label));
}

/**
 * A place for what has to be loaded. It says so only if that takes a moment, shows why it failed, and loads again when it is told to.
 *
 *     const list = loading("Loading dashboards", signal, async () => render(await api.get(…)));
 *     list.reload();
 *
 * @param {string} label
 * @param {AbortSignal} signal
 * @param {(signal: AbortSignal) => Promise<import("./dom.js").Children>} load
 * @returns {HTMLElement & { reload: () => Promise<void> }}
 */
export function loading(label, signal, load) {
  const element = h("div", { class: "loading", "aria-busy": "true" });
  let run = 0;
  const reload = async () => {
    run += 1;
    const mine = run;
    element.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => mine === run && !element.hasChildNodes() && replace(element, progress(label)), 200);
    try {
      const children = await load(signal);
      if (mine === run) replace(element, children);
    } catch (error) {
      if (mine === run && !isAbort(error)) replace(element, errorState(error, reload));
    } finally {
      clearTimeout(slow);
      if (mine === run) element.setAttribute("aria-busy", "false");
    }
  };
  reload();
  return Object.assign(element, { reload });
}
