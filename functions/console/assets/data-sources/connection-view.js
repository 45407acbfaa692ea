/**
 * What is known of a data source but its data: how it is reached, and since when.
 */

import { copyButton } from "../ui/button.js";
import { h, text } from "../ui/dom.js";
import { dateTime } from "../ui/format.js";
import { describeConnection } from "./connection-settings.js";
import { ENGINES } from "./engines.js";

/** @param {Api.Schemas["DataSource"]} source */
export function connectionView({ id, engine, connection, created_at: created, updated_at: updated }) {
  const settings = [{ label: "Engine", value: ENGINES[engine].label }, ...describeConnection(engine, connection)];
  const about = [
    { label: "ID", value: String(id) },
    { label: "Added", value: dateTime(created) },
    { label: "Changed", value: dateTime(updated) },
  ];
  const externalId = typeof connection.external_id === "string" && connection.external_id;
  return h(
    "div",
    { class: "card connection" },
    h("dl", { class: "facts-list" }, ...[...settings, ...about].map(fact)),
    externalId &&
      h(
        "div",
        { class: "external-id" },
        h("h3", null, "External ID"),
        h("p", { class: "quiet" }, "The trust policy of the role must ask for it."),
        h("p", { class: "copied" }, h("code", null, externalId), copyButton(externalId)),
      ),
  );
}

/** @param {{ label: string, value: string }} fact */
function fact({ label, value }) {
  return h("div", null, h("dt", null, label), h("dd", null, text(value)));
}
