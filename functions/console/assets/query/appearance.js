/**
 * How a widget looks: the options that the API's drawing knows, for the types that have them (docs/api.md, Pictures).
 */

import { h } from "../ui/dom.js";
import { button } from "../ui/button.js";
import { check, choice, entry, labeled, removeButton, withItem } from "./controls.js";
import { part } from "./draft.js";

/** @typedef {import("./draft.js").QueryDraft} QueryDraft */
/** @typedef {import("./language.js").WidgetType} WidgetType */

const LINES = ["line", "area"];
const AXES = ["line", "bar", "area"];

/** @type {{ name: string, label: string, types: string[], isOn?: boolean }[]} */
const SWITCHES = [
  { name: "stacked", label: "Stack the series", types: ["bar", "area"] },
  { name: "smooth", label: "Curves in place of straight lines", types: LINES },
  { name: "labels", label: "Write values on the marks", types: [...AXES, "pie", "heatmap"] },
  { name: "legend", label: "Legend", types: [...AXES, "scatter", "pie", "heatmap"], isOn: true },
];

const NUMBERS = [
  { name: "goal", label: "Goal", types: [...AXES, "gauge", "metric"] },
  { name: "minimum", label: "Axis from", types: [...AXES, "scatter", "gauge", "heatmap"] },
  { name: "maximum", label: "Axis to", types: [...AXES, "scatter", "gauge", "heatmap"] },
];

const STYLES = [
  { value: "", label: "Number" },
  { value: "compact", label: "Compact (1.2K)" },
  { value: "percent", label: "Percent" },
  { value: "currency", label: "Currency" },
];

const FIRST_COLOR = "#2264c7";

/** @param {QueryDraft} draft */
export function appearance(draft) {
  return h("details", { open: Object.keys(draft.options).length > 0 }, h("summary", null, "Appearance"), h("div", { class: "parts" }, part(draft, (element) => options(draft, element))));
}

/** @param {QueryDraft} draft @param {HTMLElement} element */
function options(draft, element) {
  const { type } = draft;
  const put = (/** @type {Record<string, unknown>} */ change, /** @type {Element | undefined} */ from = undefined) => {
    const all = { ...draft.options, ...change };
    draft.look({ options: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) }, from);
  };
  const format = draft.options.format ?? {};
  const formatted = (/** @type {Record<string, unknown>} */ change, /** @type {Element | undefined} */ from = undefined) => {
    const all = Object.entries({ ...draft.options.format, ...change }).filter(([, value]) => value !== undefined);
    put({ format: all.length > 0 ? Object.fromEntries(all) : undefined }, from);
  };
  const style = format.style ?? (format.currency ? "currency" : "");
  const numbers = NUMBERS.filter(({ types }) => types.includes(type)).map(({ name, label }) =>
    labeled(label, entry(label, { type: "number", value: draft.options[name], write: (value) => put({ [name]: value === "" ? undefined : Number(value) }, element), attributes: { step: "any" } })),
  );
  return [
    SWITCHES.filter(({ types }) => types.includes(type)).map(({ name, label, isOn = false }) =>
      check(label, { isOn: draft.options[name] ?? isOn, turn: (turned) => put({ [name]: turned === isOn ? undefined : turned }) }),
    ),
    numbers.length > 0 && h("div", { class: "columns" }, ...numbers),
    h(
      "div",
      { class: "columns" },
      labeled("Numbers as", choice("Numbers as", { value: style, choices: STYLES, choose: (style) => formatted({ style: style || undefined, currency: style === "currency" ? (format.currency ?? "USD") : undefined }) })),
      style === "currency" && labeled("Currency", entry("Currency", { value: format.currency, write: (currency) => formatted({ currency: currency.toUpperCase() || undefined }, element), attributes: { maxlength: 3, placeholder: "USD" } })),
      labeled("Decimals", entry("Decimals", { type: "number", value: format.decimals, write: (decimals) => formatted({ decimals: decimals === "" ? undefined : Number(decimals) }, element), attributes: { min: 0, max: 10, placeholder: "as needed" } })),
    ),
    type !== "table" && type !== "heatmap" && colors(draft, put, element),
  ];
}

/**
 * @param {QueryDraft} draft
 * @param {(change: Record<string, unknown>, from?: any) => void} put
 * @param {HTMLElement} element
 */
function colors(draft, put, element) {
  /** @type {(string | null)[]} */
  const all = Array.isArray(draft.options.colors) ? draft.options.colors : [];
  const set = (/** @type {(string | null)[]} */ colors, /** @type {any} */ from = undefined) => put({ colors: colors.length > 0 ? colors : undefined }, from);
  const inputs = all.map((color, index) => {
    const change = (/** @type {any} */ event) => set(withItem(draft.options.colors, index, event.target.value), element);
    const input = h("input", { type: "color", "aria-label": `Color ${index + 1}`, value: color ?? FIRST_COLOR, on: { input: change } });
    return h("li", { class: "chip" }, input, removeButton(`Remove color ${index + 1}`, () => set(withItem(all, index))));
  });
  const add = button("Add a color", { icon: "add", kind: "quiet", run: () => set([...all, FIRST_COLOR]) });
  add.dataset.next = "";
  return h("div", null, inputs.length > 0 && h("ul", { class: "chips" }, ...inputs), add);
}
