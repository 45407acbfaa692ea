/**
 * A client's text within a sentence of ours, where there is no element to keep its direction to itself: a title, a toast, a name.
 *
 * @param {string} value
 */
export function isolated(value) {
  return `\u2068${value}\u2069`;
}
