/**
 * Numbers, dates and sizes, as the reader's language writes them.
 */

/** Those of the browser, so that a date is written as the reader writes dates. */
const LANGUAGES = navigator.languages;

const plain = new Intl.NumberFormat(LANGUAGES, { maximumFractionDigits: 6 });
const day = new Intl.DateTimeFormat(LANGUAGES, { dateStyle: "medium", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(LANGUAGES, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** @param {number} value */
export const number = (value) => plain.format(value);

/**
 * A date of a calendar, `2026-11-28`, which is in no time zone.
 * @param {string} iso
 */
export function date(iso) {
  return orItself(iso, (time) => day.format(time));
}

/** A point in time, in the reader's time zone. @param {string} iso */
export function dateTime(iso) {
  return orItself(iso, (time) => moment.format(time));
}

/**
 * @param {string} iso
 * @param {(time: Date) => string} format
 */
function orItself(iso, format) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : format(time);
}

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60]];

/** How long ago, or in how long: `3 hours ago`. @param {string} iso */
export function ago(iso) {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return Math.abs(seconds) < 45 ? "just now" : relative.format(Math.round(seconds / length), unit);
}

/** @param {number} count */
export function bytes(count) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  const style = { style: "unit", unit: units[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(LANGUAGES, /** @type {Intl.NumberFormatOptions} */ (style)).format(count / 1000 ** power);
}

/** `1 dashboard`, `2 dashboards`. @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * A value of a result, by the type of its column.
 * @param {unknown} value
 * @param {Api.Schemas["ColumnType"]} type
 */
export function cell(value, type) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return number(value);
  if (type === "date") return date(String(value));
  return type === "datetime" ? dateTime(String(value)) : String(value);
}
