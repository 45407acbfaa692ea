/**
 * Controls with their labels, for what is more than one value: `ui/form.js` has a row for each value.
 */

import { h, uniqueId } from "../ui/dom.js";

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {import("../ui/dom.js").Children} [hint]
 */
export function labeled(label, control, hint) {
  const about = hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint);
  if (about) control.setAttribute("aria-describedby", about.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, about);
}

/** @param {{ value: string, label: string }[]} options @param {string} chosen */
export function choice(options, chosen) {
  return h("select", { id: uniqueId("choice") }, ...options.map(({ value, label }) => h("option", { value, selected: value === chosen }, label)));
}
