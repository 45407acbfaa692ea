/**
 * The question as the API takes it, to copy into a program. A key is named and never shown.
 */

import { root } from "../api/root.js";
import { copyButton } from "../ui/button.js";
import { h, replace } from "../ui/dom.js";

/** @param {import("./draft.js").QueryDraft} draft */
export function code(draft) {
  const json = h("pre", { tabindex: "0", role: "region", "aria-label": "Query as JSON" });
  const command = h("pre", { tabindex: "0", role: "region", "aria-label": "Command for curl" });
  const show = () => {
    const { data_source: source, query } = draft.question;
    const body = JSON.stringify({ data_source: source, query }, null, 2);
    replace(json, body);
    replace(command, curl(body));
  };
  draft.addEventListener("change", show);
  show();
  const block = (/** @type {string} */ title, /** @type {HTMLElement} */ content) =>
    h("div", null, h("header", { class: "code-header" }, h("h2", null, title), copyButton(() => content.textContent ?? "", `Copy ${title}`)), content);
  const details = h("details", { class: "code" }, h("summary", null, "As JSON, and as a command"), h("div", { class: "parts" }, block("JSON", json), block("curl", command)));
  return details;
}

/** @param {string} body */
function curl(body) {
  const url = new URL("api/analytics/query/", root);
  return `curl -s -X POST ${url} \\\n  -H "X-API-Key: $KEY" -H "Content-Type: application/json" \\\n  -d '${body.replaceAll("'", "'\\''")}'`;
}
