/**
 * Which time is meant: a range that moves with the day, or two days. Used by queries, and by whoever looks at a dashboard.
 */

import { date } from "../ui/format.js";
import { check, choice, entry } from "./controls.js";

/** @typedef {Api.Schemas["QueryTimeRange"]} TimeRange */

const RANGES = [
  { value: "today", label: "Today" },
  { value: "yesterday", label: "Yesterday" },
  { value: "last_24_hours", label: "Last 24 hours" },
  { value: "last_7_days", label: "Last 7 days" },
  { value: "last_30_days", label: "Last 30 days" },
  { value: "last_90_days", label: "Last 90 days" },
  { value: "this_week", label: "This week" },
  { value: "last_week", label: "Last week" },
  { value: "this_month", label: "This month" },
  { value: "last_month", label: "Last month" },
  { value: "last_12_months", label: "Last 12 months" },
  { value: "this_quarter", label: "This quarter" },
  { value: "last_quarter", label: "Last quarter" },
  { value: "this_year", label: "This year" },
  { value: "last_year", label: "Last year" },
  { value: "last_3_years", label: "Last 3 years" },
];

const BETWEEN = "between";
const DAY = /^\d{4}-\d\d-\d\d$/;

/** The range in words. @param {TimeRange} range */
export function rangeInWords({ range, from, to }) {
  if (range) return RANGES.find(({ value }) => value === range)?.label ?? range.replaceAll("_", " ");
  const first = from ? date(from) : "the beginning";
  return `${first} – ${to ? date(shifted(to, -1)) : "now"}`;
}

/**
 * @param {object} options
 * @param {TimeRange | null | undefined} options.value
 * @param {string} options.none  What no range is called.
 * @param {{ name: string, type: string }[]} options.fields  The columns with times.
 * @param {(range: TimeRange | null) => void} options.choose  Another range, and perhaps other controls.
 * @param {(range: TimeRange) => void} options.write  A day that was typed: the controls stay.
 */
export function timeRange({ value, none, fields, choose, write }) {
  if (fields.length === 0) return [];
  let current = value;
  const field = value?.field ?? fields[0].name;
  const kind = !value ? "" : (value.range ?? BETWEEN);
  const hasHours = fields.find(({ name }) => name === field)?.type !== "date";
  const ranges = RANGES.filter((range) => hasHours || !range.value.endsWith("hours"));
  const select = choice("Time range", {
    value: kind,
    choices: [{ value: "", label: none }, ...ranges, { value: BETWEEN, label: "Between two days" }],
    choose: (range) => choose(range === "" ? null : range === BETWEEN ? { field } : { field, range }),
  });
  const put = (/** @type {Partial<TimeRange>} */ change) => {
    current = /** @type {TimeRange} */ ({ ...current, field, ...change });
    write(current);
  };
  const isLong = kind.startsWith("last_") && value;
  return [
    select,
    value && fields.length > 1 && choice("Time of", { value: field, choices: fields.map(({ name }) => ({ value: name, label: name })), choose: (field) => choose({ ...value, field }) }),
    kind === BETWEEN && entry("First day", { type: "date", value: value?.from?.slice(0, 10), write: (from) => put({ from: from || null }) }),
    // People mean the day, too; the API's bound is the first one after it.
    kind === BETWEEN && entry("Last day", { type: "date", value: value?.to && shifted(value.to, -1), write: (to) => put({ to: to ? shifted(to, 1) : null }) }),
    isLong && check("and the current one", { isOn: value.include_current ?? false, turn: (isOn) => choose({ ...value, include_current: isOn || undefined }) }),
  ];
}

/** @param {string} day @param {number} days */
function shifted(day, days) {
  const plain = day.slice(0, 10);
  if (!DAY.test(plain)) return day;
  return new Date(Date.parse(plain) + days * 86_400_000).toISOString().slice(0, 10);
}
