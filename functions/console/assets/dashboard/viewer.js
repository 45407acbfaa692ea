/**
 * What somebody who looks at a dashboard wants to see of it: filters, a time range and a time zone of their own. They are in the address,
 * and go to the API with each request for data.
 */

import { complete, isRangeComplete } from "../query/language.js";

/** @typedef {import("../query/language.js").Filter} Filter */
/** @typedef {import("../query/time-range.js").TimeRange} TimeRange */
/** @typedef {{ filters: Filter[], time_range: TimeRange | null, timezone: string }} Viewer */

/** @param {URLSearchParams} query @returns {Viewer} */
export function read(query) {
  const parsed = (/** @type {string} */ name, /** @type {any} */ otherwise) => {
    try {
      return JSON.parse(query.get(name) ?? "") ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  return { filters: parsed("filters", []), time_range: parsed("time", null), timezone: query.get("zone") ?? "" };
}

/** The query of the address. @param {Viewer} viewer */
export function parameters(viewer) {
  const { filters, time_range: range, timezone } = wanted(viewer);
  return { filters: filters && JSON.stringify(filters), time: range && JSON.stringify(range), zone: timezone };
}

/** What the API is sent: nothing that is not written to its end. @param {Viewer} viewer */
export function wanted({ filters, time_range: range, timezone }) {
  const { filters: whole } = complete({ filters });
  return { filters: whole, time_range: isRangeComplete(range) ? range : undefined, timezone: timezone || undefined };
}

/** Whether two want to see the same. @param {Viewer} one @param {Viewer} other */
export const isSame = (one, other) => JSON.stringify(parameters(one)) === JSON.stringify(parameters(other));

/** Whether the dashboard is seen as it is. @param {Viewer} viewer */
export const isPlain = (viewer) => Object.values(wanted(viewer)).every((value) => value === undefined);
