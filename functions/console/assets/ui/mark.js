/**
 * The sign of the console: three bars, drawn by styles.
 */

import { h } from "./dom.js";

export function mark() {
  return h("span", { class: "mark", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}
