/**
 * Long values, cut to what can be looked at: a value may have a megabyte.
 */

const LONGEST = 300;

/**
 * @template T
 * @param {T} value
 * @returns {T | string}
 */
export function short(value) {
  if (typeof value !== "string" || value.length <= LONGEST) return value;
  // A character outside of the first plane is not cut in two.
  return `${value.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "")}…`;
}
