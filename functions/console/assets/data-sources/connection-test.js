/**
 * Whether a data source can be reached and read, said in words.
 */

import { api } from "../api/client.js";
import { isAbort } from "../api/error.js";
import { iconButton } from "../ui/button.js";
import { h, replace } from "../ui/dom.js";
import { number } from "../ui/format.js";
import { icon } from "../ui/icon.js";
import { progress } from "../ui/states.js";
import { withLabels } from "./api-text.js";
import { reasonOf } from "./import-task.js";

/**
 * A place for the result, and what tests.
 * @param {number} id
 * @param {AbortSignal} signal
 */
export function connectionTest(id, signal) {
  const element = h("div", { class: "callout", role: "status", hidden: true });
  const run = async () => {
    element.hidden = false;
    element.dataset.kind = "pending";
    replace(element, progress("Testing whether it can be read"));
    try {
      const { data } = await api.post("/api/data-sources/{id}/test/", { path: { id }, signal });
      show(data.ok, data.ok ? success(data) : [h("strong", { dir: "auto" }, withLabels(data.reason ?? "")), h("p", { dir: "auto" }, withLabels(data.hint ?? ""))]);
    } catch (error) {
      if (!isAbort(error)) show(false, [h("strong", { dir: "auto" }, reasonOf(error))]);
    }
  };
  /** @param {boolean} isGood @param {import("../ui/dom.js").Children[]} words */
  const show = (isGood, words) => {
    element.dataset.kind = isGood ? "success" : "danger";
    const away = iconButton("Dismiss", { icon: "close", run: () => (element.hidden = true) });
    replace(element, icon(isGood ? "check" : "alert"), h("div", null, ...words), away);
  };
  return { element, run };
}

/** @param {Api.Schemas["ConnectionTest"]} test */
function success({ server, latency_ms: latency }) {
  const took = latency === null ? "" : ` It answers in ${number(latency)} ms.`;
  return [h("strong", null, "It can be reached and read."), h("p", { dir: "auto" }, `${server ? `${server}.` : ""}${took}`.trim())];
}
