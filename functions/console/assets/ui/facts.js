/**
 * Names and their values, one below the other.
 */

import { h } from "./dom.js";

/** @param {(readonly [string, import("./dom.js").Children] | false)[]} rows */
export function facts(rows) {
  const shown = rows.filter((row) => row !== false);
  return h("dl", { class: "facts-list" }, ...shown.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}
