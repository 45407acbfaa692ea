/**
 * The controls that queries are picked together with: small, named for screen readers, and told apart by a key, so that the focus finds
 * them again (`renew`).
 */

import { iconButton } from "../ui/button.js";
import { h, replace } from "../ui/dom.js";

/** @typedef {import("./language.js").Choice} Choice */

/**
 * A choice, whose name is only read.
 * @param {string} label
 * @param {{ key?: string, value: string, choices: readonly Choice[], choose: (value: string) => void }} options
 */
export function choice(label, { key = label, value, choices, choose }) {
  // What is chosen and not there any more is still shown: a column that is gone.
  const all = choices.some((choice) => choice.value === value) ? choices : [{ value, label: value }, ...choices];
  const options = all.map((choice) => h("option", { value: choice.value, selected: choice.value === value }, choice.label));
  return h("select", { "aria-label": label, data: { key }, on: { change: (event) => choose(event.target.value) } }, ...options);
}

/**
 * Something to type.
 * @param {string} label
 * @param {{ key?: string, value: string | number | null | undefined, type?: string, write: (value: string) => void, attributes?: import("../ui/dom.js").Attributes }} options
 */
export function entry(label, { key = label, value, type = "text", write, attributes }) {
  const all = { type, "aria-label": label, data: { key }, dir: type === "text" ? "auto" : null, value: value ?? "", ...attributes };
  return h("input", { ...all, on: { input: (event) => write(event.target.value) } });
}

/** @param {string} label @param {{ key?: string, isOn: boolean, turn: (isOn: boolean) => void }} options */
export function check(label, { key = label, isOn, turn }) {
  const input = h("input", { type: "checkbox", checked: isOn, data: { key }, on: { change: (event) => turn(event.target.checked) } });
  return h("label", { class: "checkbox" }, input, label);
}

/** A name above its control. @param {string} label @param {HTMLElement} control */
export function labeled(label, control) {
  return h("label", { class: "field" }, h("span", { class: "small quiet" }, label), control);
}

/** @param {string} label @param {() => void} run */
export function removeButton(label, run) {
  return iconButton(label, { icon: "close", run });
}

/** One line of a list. @param {...import("../ui/dom.js").Children} content */
export function line(...content) {
  return h("li", { class: "condition" }, ...content);
}

/**
 * Changes one of a list, or takes it out.
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} [item]
 */
export function withItem(list, index, item) {
  return item === undefined ? list.toSpliced(index, 1) : list.with(index, item);
}

/**
 * Puts other controls in. The focus stays on the control of the same `data-key`, with what is typed there so far and what is selected of
 * it, since whoever types goes on; if that control is gone, the focus goes to the last one with `data-next`, of the group that it was in
 * if there is one.
 * @param {HTMLElement} element
 * @param {...import("../ui/dom.js").Children} controls
 */
export function renew(element, ...controls) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const group = focused?.closest("fieldset");
  const selection = selectionOf(focused);
  replace(element, ...controls);
  const again = (/** @type {Element | null | undefined} */ one) =>
    one instanceof HTMLElement && one.dataset.key ? element.querySelector(`[data-key="${CSS.escape(one.dataset.key)}"]`) : null;
  if (!focused) return;
  const same = again(focused);
  const next = same ?? [...(again(group) ?? element).querySelectorAll("[data-next]")].at(-1);
  if (next instanceof HTMLElement) next.focus();
  if (!(focused instanceof HTMLInputElement && same instanceof HTMLInputElement && same.type === focused.type)) return;
  same.value = focused.value;
  if (selection) same.setSelectionRange(...selection);
}

/**
 * What is selected of a text that is typed; numbers and dates do not tell.
 * @param {Element | null} element
 * @returns {[number, number, "forward" | "backward" | "none"] | undefined}
 */
function selectionOf(element) {
  if (!(element instanceof HTMLInputElement) || element.selectionStart === null) return undefined;
  return [element.selectionStart, element.selectionEnd ?? element.selectionStart, element.selectionDirection ?? "none"];
}
