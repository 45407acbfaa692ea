/**
 * What state something is in, as a word in a color.
 */

import { h } from "../ui/dom.js";

/** @type {Record<string, string>} */
const WORDS = { active: "Active", paused: "Paused", error: "Error", waiting: "Waiting", running: "Running", done: "Done", failed: "Failed" };

/** @param {Api.Schemas["DataSourceStatus"] | Api.Schemas["ImportStatus"]} status */
export function statusBadge(status) {
  return h("span", { class: `badge status-${status}` }, WORDS[status]);
}
