/**
 * A button with more to do behind it: the platform's `details`, closed by Escape, by leaving it, and by choosing.
 */

import { h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {{ label: string, run: () => void, icon: import("./icon.js").IconName, isDangerous?: boolean }} MenuItem */

/**
 * @param {string} label  What it is about, for screen readers.
 * @param {(MenuItem | false | undefined | null)[]} items
 */
export function menu(label, items) {
  const close = () => element.removeAttribute("open");
  const buttons = items.flatMap((item) => {
    if (!item) return [];
    const run = () => (close(), summary.focus(), item.run());
    return h("li", null, h("button", { type: "button", class: item.isDangerous && "dangerous", on: { click: run } }, icon(item.icon), item.label));
  });
  const summary = h("summary", { class: "icon-button", "aria-label": label, title: label }, icon("more"));
  const element = h("details", { class: "menu" }, summary, h("ul", null, ...buttons));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    // Not the dialog that it may be in.
    event.preventDefault();
    event.stopPropagation();
    close();
    summary.focus();
  });
  element.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next instanceof Node && !element.contains(next)) close();
  });
  const outside = (/** @type {Event} */ event) => event.target instanceof Node && !element.contains(event.target) && close();
  element.addEventListener("toggle", () => {
    if (element.open) addEventListener("pointerdown", outside);
    else removeEventListener("pointerdown", outside);
  });
  return element;
}
