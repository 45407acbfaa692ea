/**
 * Buttons, and links that look like them.
 */

import { h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("./icon.js").IconName} IconName */

/**
 * @param {string} label
 * @param {{ run: (event: MouseEvent) => void, kind?: "primary" | "danger" | "quiet", icon?: IconName, disabled?: boolean }} options
 */
export function button(label, { run, kind, icon: name, disabled }) {
  const content = [name && icon(name), label];
  return h("button", { type: "button", class: `button ${kind ?? ""}`, disabled, on: { click: run } }, ...content);
}

/**
 * A button with an icon only. Its name is told on hovering, and to screen readers.
 * @param {string} label
 * @param {{ run: (event: MouseEvent) => void, icon: IconName, attributes?: import("./dom.js").Attributes }} options
 */
export function iconButton(label, { run, icon: name, attributes }) {
  const all = { type: "button", class: "icon-button", title: label, "aria-label": label, on: { click: run }, ...attributes };
  return h("button", all, icon(name));
}

/**
 * @param {string} label
 * @param {{ href: string, kind?: "primary" | "quiet", icon?: IconName }} options
 */
export function buttonLink(label, { href, kind, icon: name }) {
  return h("a", { class: `button ${kind ?? ""}`, href }, name && icon(name), label);
}

/**
 * Copies a text, and says so.
 * @param {string | (() => string)} value
 * @param {string} [label]
 */
export function copyButton(value, label = "Copy") {
  const words = h("span", null, label);
  const copy = async () => {
    const text = typeof value === "string" ? value : value();
    const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    words.textContent = isCopied ? "Copied" : "Select it and copy it";
    setTimeout(() => {
      words.textContent = label;
    }, 2000);
  };
  return h("button", { type: "button", class: "button copy", "aria-live": "polite", on: { click: copy } }, icon("copy"), words);
}
