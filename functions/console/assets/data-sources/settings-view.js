/**
 * How a data source is reached, since when it is there, and what is seldom done with it: to pause it, to delete it.
 */

import { copyButton } from "../ui/button.js";
import { h, text } from "../ui/dom.js";
import { dateTime } from "../ui/format.js";
import { describeConnection } from "./connection-settings.js";
import { ENGINES } from "./engines.js";

/** @typedef {{ test: HTMLElement | false, pause: HTMLElement | false, remove: HTMLElement | false }} Buttons  Those that are allowed. */

/**
 * @param {Api.Schemas["DataSource"]} source
 * @param {Buttons} buttons
 */
export function settingsView({ id, type, engine, status, connection, created_at: created, updated_at: updated }, { test, pause, remove }) {
  const settings = [{ label: "Engine", value: ENGINES[engine].label }, ...describeConnection(engine, connection)];
  const about = [
    { label: "ID", value: String(id) },
    { label: "Added", value: dateTime(created) },
    { label: "Changed", value: dateTime(updated) },
  ];
  const externalId = typeof connection.external_id === "string" && connection.external_id;
  const pausing =
    status === "paused"
      ? "Its widgets show data again, and what is to be read by itself is."
      : `Its widgets show no data${type === "file" ? "" : ", and nothing is read by itself,"} until it is resumed.`;
  const facts = h(
    "section",
    { class: "card source-settings", "aria-label": "Connection" },
    h("dl", { class: "described" }, ...[...settings, ...about].map(fact)),
    externalId &&
      h(
        "div",
        { class: "external-id" },
        h("h3", null, "External ID"),
        h("p", { class: "quiet" }, "The trust policy of the role must ask for it."),
        h("p", { class: "copied" }, h("code", null, externalId), copyButton(externalId)),
      ),
    test && h("p", null, test),
  );
  const rows = [
    setting(status === "paused" ? "Resume" : "Pause", pausing, pause),
    setting("Delete", "Its tables and imports go with it.", remove),
  ];
  return [facts, (pause || remove) && h("ul", { class: "card source-settings" }, ...rows)];
}

/** @param {{ label: string, value: string }} fact */
function fact({ label, value }) {
  return h("div", null, h("dt", null, label), h("dd", null, text(value)));
}

/** @param {string} title @param {string} words @param {HTMLElement | false} control */
function setting(title, words, control) {
  return control && h("li", null, h("div", null, h("h2", null, title), h("p", { class: "quiet" }, words)), control);
}
