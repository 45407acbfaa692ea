/**
 * What is said without being asked: toasts, which are seen, and announcements, which only screen readers say.
 */

import { button, iconButton } from "./button.js";
import { h } from "./dom.js";

const TOAST_SECONDS = 6;

export const liveRegion = h("div", { class: "visually-hidden", role: "status" });
export const toastRegion = h("section", { class: "toasts", "aria-label": "Notifications", role: "status" });

/** @param {string} message */
export function announce(message) {
  // The same words again are said again.
  liveRegion.replaceChildren();
  setTimeout(() => {
    liveRegion.textContent = message;
  }, 50);
}

/**
 * Says that something was done, and offers what to do about it: to undo it. It stays while it has the focus or the pointer.
 * @param {string} message
 * @param {{ kind?: "success" | "error", action?: { label: string, run: () => void }, seconds?: number }} [options]
 * @returns {() => void} Takes it away.
 */
export function toast(message, { kind = "success", action, seconds = TOAST_SECONDS } = {}) {
  const close = () => element.remove();
  const act = action && button(action.label, { kind: "quiet", run: () => (close(), action.run()) });
  const element = h("div", { class: `toast ${kind}` }, h("span", null, message), act, iconButton("Dismiss", { icon: "close", run: close }));
  let timer = setTimeout(close, seconds * 1000);
  const hold = () => clearTimeout(timer);
  const release = () => {
    timer = setTimeout(close, seconds * 1000);
  };
  for (const type of ["focusin", "pointerenter"]) element.addEventListener(type, hold);
  for (const type of ["focusout", "pointerleave"]) element.addEventListener(type, release);
  toastRegion.append(element);
  return close;
}
