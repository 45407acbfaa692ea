/**
 * A report's time range: one that moves with the day, or two bounds, and the column that it is about.
 */

import { all } from "../api/pages.js";
import { api } from "../api/client.js";
import { isAbort } from "../api/error.js";
import { h, replace, uniqueId } from "../ui/dom.js";
import { date } from "../ui/format.js";
import { choice, labeled } from "./controls.js";

/** @typedef {Api.Schemas["QueryTimeRange"]} TimeRange */

const BETWEEN = "between";

/** @type {{ value: string, label: string }[]} */
const RANGES = [
  { value: "", label: "As each widget has it" },
  { value: "today", label: "Today" },
  { value: "yesterday", label: "Yesterday" },
  { value: "this_week", label: "This week" },
  { value: "last_week", label: "Last week" },
  { value: "this_month", label: "This month" },
  { value: "last_month", label: "Last month" },
  { value: "this_quarter", label: "This quarter" },
  { value: "last_quarter", label: "Last quarter" },
  { value: "this_year", label: "This year" },
  { value: "last_year", label: "Last year" },
  { value: "last_7_days", label: "Last 7 days" },
  { value: "last_30_days", label: "Last 30 days" },
  { value: "last_90_days", label: "Last 90 days" },
  { value: "last_12_months", label: "Last 12 months" },
  { value: BETWEEN, label: "Between two days…" },
];

/** @param {TimeRange} range */
export function timeRangeWords({ field, range, from, to }) {
  if (range) return `${RANGES.find(({ value }) => value === range)?.label ?? range.replaceAll("_", " ")} of ${field}`;
  const bounds = [from && `from ${date(from)}`, to && `before ${date(to)}`].filter(Boolean).join(" ");
  return `${field} ${bounds || "of all time"}`;
}

/**
 * The controls of it.
 * @param {TimeRange | null} value
 */
export function timeRangeFields(value) {
  const chosen = value ? (value.range ?? BETWEEN) : "";
  const isKnown = RANGES.some((range) => range.value === chosen);
  const options = isKnown ? RANGES : [...RANGES, { value: chosen, label: chosen.replaceAll("_", " ") }];
  const range = choice(options, chosen);
  const field = choice(value ? [{ value: value.field, label: value.field }] : [], value?.field ?? "");
  const from = h("input", { id: uniqueId("from"), type: "date", value: value?.from?.slice(0, 10) ?? "" });
  const to = h("input", { id: uniqueId("to"), type: "date", value: value?.to?.slice(0, 10) ?? "" });
  const none = h("p", { class: "hint", hidden: true }, "This dashboard's data has no dates, so a time range changes nothing.");
  const about = labeled("Of the column", field, "Widgets whose table does not have it stay as they are.");
  const bounds = h("div", { class: "field-row" }, labeled("From", from), labeled("To, not included", to));
  const show = () => {
    about.hidden = range.value === "";
    bounds.hidden = range.value !== BETWEEN;
    none.hidden = range.value === "" || field.options.length > 0;
  };
  range.addEventListener("change", show);
  show();

  return {
    element: h("div", { class: "field-group" }, labeled("Time range", range), about, none, bounds),
    /** @returns {TimeRange | null} */
    value() {
      if (!range.value || !field.value) return null;
      if (range.value !== BETWEEN) {
        const isSame = value?.range === range.value && value.field === field.value;
        return isSame ? value : { field: field.value, range: range.value };
      }
      // An instant that was not touched is not cut down to its day.
      const bound = (/** @type {HTMLInputElement} */ input, /** @type {string | null | undefined} */ before) =>
        before?.slice(0, 10) === input.value ? before : input.value || null;
      return { field: field.value, from: bound(from, value?.from), to: bound(to, value?.to) };
    },
    /** Offers the columns that the tables of a dashboard have. @param {string[]} names */
    offer(names) {
      const current = field.value || names[0];
      const all = current && !names.includes(current) ? [current, ...names] : names;
      replace(field, ...all.map((name) => h("option", { value: name, selected: name === current }, name)));
      show();
    },
  };
}

/**
 * The columns with dates of all tables that the widgets of a dashboard ask.
 * @param {number} id
 * @param {AbortSignal} signal
 */
export async function timeColumns(id, signal) {
  const { data: dashboard } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
  const sources = new Set(dashboard.widgets.flatMap(({ data_source: source }) => source ?? []));
  /** @type {Set<string>} */
  const names = new Set();
  for (const source of sources) {
    try {
      for await (const table of all((query) => api.get("/api/data-sources/{id}/tables/", { path: { id: source }, query, signal }))) {
        for (const { name, type } of table.columns) if (type === "date" || type === "datetime") names.add(name);
      }
    } catch (error) {
      // One that does not answer keeps nobody from choosing a column of another.
      if (isAbort(error)) throw error;
    }
  }
  return [...names];
}
