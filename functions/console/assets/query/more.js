/**
 * The rest of the language: what is needed now and then, folded away until it is.
 */

import { h } from "../ui/dom.js";
import { button } from "../ui/button.js";
import { timeZoneOptions } from "../ui/time-zone.js";
import { check, choice, entry, labeled, line, removeButton, withItem } from "./controls.js";
import { conditions } from "./conditions.js";
import { part } from "./draft.js";
import { dimensionNames, isRangeComplete, measureNames } from "./language.js";

/** @typedef {import("./draft.js").QueryDraft} QueryDraft */

const OFFSETS = [
  { value: "", label: "Nothing" },
  { value: "1 day", label: "A day earlier" },
  { value: "1 week", label: "A week earlier" },
  { value: "1 month", label: "A month earlier" },
  { value: "1 quarter", label: "A quarter earlier" },
  { value: "1 year", label: "A year earlier" },
];

/** @param {QueryDraft} draft */
export function more(draft) {
  const { having = [], order_by: order = [], top, limit, totals, fill, compare, timezone } = draft.query;
  const isUsed = having.length + order.length > 0 || Boolean(top || limit || totals || fill || compare || timezone);
  return h(
    "details",
    { open: isUsed },
    h("summary", null, "Order, top, totals and limits"),
    h("div", { class: "parts" }, part(draft, () => ordering(draft)), part(draft, (element) => topValues(draft, element)), part(draft, (element) => groupConditions(draft, element)), part(draft, (element) => rest(draft, element))),
  );
}

/** @param {string[]} names */
const named = (names) => names.map((name) => ({ value: name, label: name }));

/** @param {QueryDraft} draft */
function ordering(draft) {
  const all = draft.query.order_by ?? [];
  const names = [...measureNames(draft.query), ...dimensionNames(draft.query)];
  const lines = all.map((order, index) => {
    const set = (/** @type {Partial<Api.Schemas["OrderBy"]>} */ change) => draft.ask({ order_by: withItem(all, index, { ...order, ...change }) });
    const directions = [{ value: "asc", label: "least first" }, { value: "desc", label: "most first" }];
    return line(
      choice(`Order ${index + 1}`, { value: order.field, choices: named(names), choose: (field) => set({ field }) }),
      choice(`Direction of order ${index + 1}`, { value: order.direction ?? "asc", choices: directions, choose: (direction) => set({ direction: /** @type {any} */ (direction) }) }),
      removeButton(`Remove order ${index + 1}`, () => draft.ask({ order_by: withItem(all, index) })),
    );
  });
  const add = button("Add order", { icon: "add", kind: "quiet", disabled: names.length === 0, run: () => draft.ask({ order_by: [...all, { field: names[0], direction: "desc" }] }) });
  add.dataset.next = "";
  return [h("h2", null, "Order"), lines.length > 0 && h("ul", { class: "conditions" }, ...lines), add];
}

/** @param {QueryDraft} draft @param {HTMLElement} element */
function topValues(draft, element) {
  const groups = dimensionNames(draft.query);
  const measures = measureNames(draft.query);
  const { top } = draft.query;
  if (groups.length === 0 || measures.length === 0) return [];
  const set = (/** @type {Partial<Api.Schemas["Top"]>} */ change, /** @type {HTMLElement | undefined} */ from = undefined) =>
    draft.ask({ top: { dimension: groups[0], by: measures[0], count: 5, other: true, ...draft.query.top, ...change } }, from);
  const dimension = choice("Keep the top of", {
    value: top?.dimension ?? "",
    choices: [{ value: "", label: "All values" }, ...groups.map((name) => ({ value: name, label: `Top of ${name}` }))],
    choose: (dimension) => (dimension ? set({ dimension }) : draft.ask({ top: undefined })),
  });
  const details = top && [
    entry("How many", { type: "number", value: top.count, write: (count) => set({ count: Number(count) }, element), attributes: { min: 1 } }),
    choice("Ranked by", { value: top.by, choices: measures.map((name) => ({ value: name, label: `by ${name}` })), choose: (by) => set({ by }) }),
  ];
  return [
    h("h2", null, "Top"),
    h("div", { class: "time-range" }, dimension, details),
    top && check("The rest as one row", { isOn: top.other ?? false, turn: (other) => set({ other }) }),
  ];
}

/** @param {QueryDraft} draft @param {HTMLElement} element */
function groupConditions(draft, element) {
  const names = measureNames(draft.query);
  if (names.length === 0) return [];
  return [
    h("h2", null, "Only groups whose"),
    conditions({
      noun: "condition",
      depth: 0,
      conditions: draft.query.having ?? [],
      // Most measures are numbers, and what is not is compared by the API all the same.
      columns: names.map((name) => ({ name, type: "number" })),
      change: (having) => draft.ask({ having: /** @type {any} */ (having) }),
      write: (having) => draft.ask({ having: /** @type {any} */ (having) }, element),
    }),
  ];
}

/** @param {QueryDraft} draft @param {HTMLElement} element */
function rest(draft, element) {
  const { query } = draft;
  const hasGrain = (query.dimensions ?? []).filter(({ grain }) => grain).length === 1;
  const compared = choice("Compare with", {
    value: query.compare?.offset ?? "",
    choices: OFFSETS,
    choose: (offset) => draft.ask({ compare: offset ? { offset } : undefined }),
  });
  compared.disabled = !isRangeComplete(query.time_range);
  return [
    check("Totals of all rows", { isOn: query.totals ?? false, turn: (totals) => draft.ask({ totals: totals || undefined }) }),
    hasGrain && check("Also times without rows", { isOn: query.fill ?? false, turn: (fill) => draft.ask({ fill: fill || undefined }) }),
    labeled(compared.disabled ? "Compare with (needs a time range)" : "Compare with", compared),
    labeled("Time zone", choice("Time zone", { value: query.timezone ?? "", choices: [{ value: "", label: "The viewer's, or UTC" }, ...timeZoneOptions(query.timezone)], choose: (timezone) => draft.ask({ timezone: timezone || undefined }) })),
    labeled("Rows at most", entry("Rows at most", { type: "number", value: query.limit, write: (limit) => draft.ask({ limit: Number(limit) || undefined }, element), attributes: { min: 1, max: 10_000, placeholder: "1,000" } })),
  ];
}
