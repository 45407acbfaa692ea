/**
 * What is computed, by what it is grouped, which rows count, and of what time: the parts of a question that are seen at once.
 */

import { api } from "../api/client.js";
import { button } from "../ui/button.js";
import { h } from "../ui/dom.js";
import { choice, entry, line, removeButton, withItem } from "./controls.js";
import { conditions } from "./conditions.js";
import { part } from "./draft.js";
import { AGGREGATIONS, grainsOf, isTime, measureName } from "./language.js";
import { finished } from "./running.js";
import { timeRange } from "./time-range.js";

/** @typedef {import("./draft.js").QueryDraft} QueryDraft */
/** @typedef {import("./language.js").Measure} Measure */

/** As many values of a column are offered to filter by. */
const KNOWN_VALUES = 200;

/**
 * A heading, what is there, and a button for one more.
 * @param {string} title
 * @param {HTMLElement} content
 */
function section(title, content) {
  return h("div", null, h("h2", null, title), content);
}

/** @param {string} label @param {() => void} run @param {boolean} [disabled] */
function adder(label, run, disabled) {
  const add = button(label, { icon: "add", kind: "quiet", run, disabled });
  add.dataset.next = "";
  return add;
}

/** @param {QueryDraft} draft */
export function measures(draft) {
  const content = part(draft, (element) => {
    const all = draft.query.measures ?? [];
    const put = (/** @type {number} */ index, /** @type {Measure} */ measure, /** @type {Element | undefined} */ from = undefined) => draft.ask({ measures: withItem(draft.query.measures ?? [], index, measure) }, from);
    const lines = all.map((measure, index) => {
      const name = `measure ${index + 1}`;
      const set = (/** @type {Measure} */ measure) => put(index, measure);
      const named = entry(`Name of ${name}`, {
        value: measure.as,
        write: (as) => put(index, { ...(draft.query.measures ?? [])[index], as: as.trim() || undefined }, element),
        attributes: { placeholder: measureName({ ...measure, as: undefined }), maxlength: 100 },
      });
      const controls = measure.ratio ? ratio(name, measure, all.slice(0, index), set) : aggregated(draft, name, measure, set);
      return line(...controls, named, removeButton(`Remove ${name}`, () => draft.ask({ measures: withItem(all, index) })));
    });
    const canDivide = all.filter(({ ratio }) => !ratio).length >= 2;
    return [
      lines.length > 0 && h("ul", { class: "conditions" }, ...lines),
      adder("Add measure", () => draft.ask({ measures: [...all, { aggregation: "count" }] }), draft.columns.length === 0),
      canDivide && button("Add ratio", { kind: "quiet", run: () => draft.ask({ measures: [...all, { ratio: [measureName(all[0]), measureName(all[1])] }] }) }),
    ];
  });
  return section("Measures", content);
}

/**
 * @param {QueryDraft} draft
 * @param {string} name
 * @param {Measure} measure
 * @param {(measure: Measure) => void} set
 */
function aggregated(draft, name, measure, set) {
  const kind = AGGREGATIONS.find(({ value }) => value === measure.aggregation) ?? AGGREGATIONS[0];
  const good = draft.columns.filter(({ type }) => kind.takes(type));
  const fields = good.map((column) => ({ value: column.name, label: column.name }));
  const choose = (/** @type {string} */ aggregation) => {
    const { takes, value } = AGGREGATIONS.find(({ value }) => value === aggregation) ?? AGGREGATIONS[0];
    const column = draft.column(measure.field);
    const field = column && takes(column.type) ? column.name : draft.columns.find(({ type }) => takes(type))?.name;
    set({ ...measure, aggregation: value, field: value === "count" ? measure.field : field });
  };
  return [
    choice(`Aggregation of ${name}`, { value: measure.aggregation ?? "count", choices: AGGREGATIONS, choose }),
    choice(`Field of ${name}`, {
      value: measure.field ?? "",
      choices: kind.value === "count" ? [{ value: "", label: "of rows" }, ...fields] : fields,
      choose: (field) => set({ ...measure, field: field || undefined }),
    }),
  ];
}

/**
 * @param {string} name
 * @param {Measure} measure
 * @param {Measure[]} before
 * @param {(measure: Measure) => void} set
 */
function ratio(name, measure, before, set) {
  const choices = before.filter(({ ratio }) => !ratio).map((other) => ({ value: measureName(other), label: measureName(other) }));
  const [above = "", below = ""] = measure.ratio ?? [];
  return [
    choice(`Dividend of ${name}`, { value: above, choices, choose: (value) => set({ ...measure, ratio: [value, below] }) }),
    choice(`Divisor of ${name}`, { value: below, choices: choices.map(({ value, label }) => ({ value, label: `per ${label}` })), choose: (value) => set({ ...measure, ratio: [above, value] }) }),
  ];
}

/** @param {QueryDraft} draft */
export function dimensions(draft) {
  const content = part(draft, () => {
    const all = draft.query.dimensions ?? [];
    const lines = all.map((dimension, index) => {
      const name = `grouping ${index + 1}`;
      const type = draft.column(dimension.field)?.type;
      const set = (/** @type {Api.Schemas["Dimension"]} */ changed) => draft.ask({ dimensions: withItem(all, index, changed) });
      const field = choice(`Field of ${name}`, {
        value: dimension.field,
        choices: draft.columns.map(({ name }) => ({ value: name, label: name })),
        choose: (field) => set({ field, grain: isTime(draft.column(field)?.type) ? (dimension.grain ?? "month") : undefined }),
      });
      const grain = choice(`Grain of ${name}`, {
        value: dimension.grain ?? "",
        choices: [{ value: "", label: "as it is" }, ...grainsOf(type)],
        choose: (grain) => set({ ...dimension, grain: /** @type {any} */ (grain || undefined) }),
      });
      const swap = () => draft.ask({ dimensions: [...all.slice(0, index - 1), dimension, all[index - 1], ...all.slice(index + 1)] });
      const first = index > 0 && h("button", { type: "button", class: "icon-button", "aria-label": `Move ${name} up`, title: "Move up", on: { click: swap } }, "↑");
      return line(field, (isTime(type) || dimension.grain) && grain, first, removeButton(`Remove ${name}`, () => draft.ask({ dimensions: withItem(all, index) })));
    });
    const used = new Set(all.map(({ field }) => field));
    const next = draft.columns.find(({ name, type }) => !used.has(name) && type === "text") ?? draft.columns.find(({ name }) => !used.has(name));
    const add = () => next && draft.ask({ dimensions: [...all, { field: next.name, grain: isTime(next.type) ? "month" : undefined }] });
    return [lines.length > 0 && h("ul", { class: "conditions" }, ...lines), adder("Add grouping", add, !next)];
  });
  return section("Group by", content);
}

/** @param {QueryDraft} draft @param {AbortSignal} signal */
export function filters(draft, signal) {
  /** @type {Map<string, Promise<string[]>>} */
  const asked = new Map();
  const known = (/** @type {string} */ field) => {
    const name = `${draft.source} ${draft.query.table} ${field}`;
    const values = asked.get(name) ?? knownValues(draft, field, signal);
    asked.set(name, values);
    return values;
  };
  const content = part(draft, (element) =>
    conditions({
      noun: "filter",
      conditions: draft.query.filters ?? [],
      columns: draft.columns,
      change: (filters) => draft.ask({ filters }),
      write: (filters) => draft.ask({ filters }, element),
      known,
    }),
  );
  return section("Filters", content);
}

/** The values of a column, the most frequent ones first. @param {QueryDraft} draft @param {string} field @param {AbortSignal} signal */
async function knownValues(draft, field, signal) {
  const query = { table: draft.query.table, dimensions: [{ field }], measures: [/** @type {const} */ ({ aggregation: "count" })], limit: KNOWN_VALUES };
  const body = { data_source: draft.source ?? 0, query };
  const { data } = await finished(() => api.post("/api/analytics/query/", { body, signal }), signal);
  return data.rows.map(([value]) => value).filter((value) => typeof value === "string");
}

/** @param {QueryDraft} draft */
export function time(draft) {
  const content = part(draft, (element) => {
    const fields = draft.columns.filter(({ type }) => isTime(type));
    const controls = timeRange({
      value: draft.query.time_range,
      none: "Any time",
      fields,
      choose: (range) => draft.ask({ time_range: range }),
      write: (range) => draft.ask({ time_range: range }, element),
    });
    return fields.length > 0 ? h("div", { class: "time-range" }, ...controls) : h("p", { class: "quiet small" }, "No field of it is a date.");
  });
  return section("Time range", content);
}
