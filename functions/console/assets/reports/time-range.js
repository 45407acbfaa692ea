/**
 * A report's time range: the controls of queries, with names that are seen, over the columns of a dashboard.
 */

import { api } from "../api/client.js";
import { columnsOf } from "../dashboard/toolbar.js";
import { renew } from "../query/controls.js";
import { isTime } from "../query/language.js";
import { rangeInWords, timeRange } from "../query/time-range.js";
import { h } from "../ui/dom.js";

/** @typedef {Api.Schemas["QueryTimeRange"]} TimeRange */

export const AS_THE_WIDGETS = "As each widget has it";

/** @param {TimeRange | null | undefined} range */
export function timeRangeWords(range) {
  return range ? `${rangeInWords(range)} of ${range.field}` : AS_THE_WIDGETS;
}

/**
 * A range as a merge patch that leaves nothing of the one before: what is not named there stays (RFC 7396).
 * @param {TimeRange | null | undefined} range
 */
export function replacing(range) {
  if (!range) return null;
  const { field, range: named = null, include_current = null, from = null, to = null } = range;
  return { field, range: named, include_current, from, to };
}

/** @param {TimeRange | null} value */
export function timeRangeFields(value) {
  let current = value;
  let fields = value ? [{ name: value.field, type: "datetime" }] : [];
  const element = h("div", { class: "field-group", role: "group", "aria-label": "Time range" });
  const show = () => {
    const choose = (/** @type {TimeRange | null} */ range) => {
      current = range;
      show();
    };
    const write = (/** @type {TimeRange} */ range) => {
      current = range;
    };
    const controls = timeRange({ value: current, none: AS_THE_WIDGETS, fields, choose, write }).filter((control) => control instanceof HTMLElement);
    const named = controls.map((control) => (control.ariaLabel ? h("label", { class: "field" }, h("span", { class: "label" }, control.ariaLabel), control) : control));
    const hint = current && h("p", { class: "hint" }, "Widgets whose table has no such column stay as they are.");
    renew(element, named, fields.length > 0 ? hint : h("p", { class: "hint" }, "The data of this dashboard has no dates to choose a time range of."));
  };
  show();
  return {
    element,
    value: () => current,
    /** Offers the columns of another dashboard. @param {{ name: string, type: string }[]} columns */
    offer(columns) {
      const field = current?.field;
      const isThere = field === undefined || columns.some(({ name }) => name === field);
      fields = isThere ? columns : [{ name: field, type: "datetime" }, ...columns];
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
  const { data } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
  const columns = await columnsOf(data.widgets, signal);
  return columns.filter(({ type }) => isTime(type));
}
