/**
 * Texts of clients where no element keeps them in their place: within a sentence of ours, and longer than can be looked at.
 */

const LONGEST = 300;

/**
 * A client's text within a title, a toast or a name, with its direction to itself.
 * @param {string} value
 */
export function isolated(value) {
  return `\u2068${value}\u2069`;
}

/**
 * A value cut to what can be looked at: it may have a megabyte.
 * @template T
 * @param {T} value
 * @returns {T | string}
 */
export function short(value) {
  if (typeof value !== "string" || value.length <= LONGEST) return value;
  // A character outside of the first plane is not cut in two.
  return `${value.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "")}…`;
}
