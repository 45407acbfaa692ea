/**
 * How much of a limit is used.
 */

import { h } from "../ui/dom.js";
import { number } from "../ui/format.js";

/** From here on it is worth a thought. */
const NEARLY_FULL = 0.9;

/**
 * @param {{ label: string, used: number, limit: number | null, format?: (value: number) => string, hint?: string }} options
 *   `limit`: null where there is none.
 */
export function meter({ label, used, limit, format = number, hint }) {
  const words = limit === null ? `${format(used)}, no limit` : `${format(used)} of ${format(limit)}`;
  const share = limit === null ? 0 : Math.min(used / Math.max(limit, 1), 1);
  const bar = h("div", {
    class: share >= NEARLY_FULL ? "bar nearly-full" : "bar",
    role: "meter",
    "aria-label": label,
    "aria-valuemin": "0",
    "aria-valuemax": String(limit ?? used),
    "aria-valuenow": String(Math.min(used, limit ?? used)),
    "aria-valuetext": words,
  });
  bar.style.setProperty("--share", String(share));
  return h("div", { class: "meter" }, h("p", { class: "between" }, h("span", null, label), h("strong", null, words)), limit !== null && bar, hint && h("p", { class: "quiet small" }, hint));
}
