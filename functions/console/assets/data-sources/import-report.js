/**
 * What came of an import: mistakes by row, what is worth knowing, what changed, and which widgets it would have broken.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { href } from "../app/router.js";
import { h, replace, text } from "../ui/dom.js";
import { counted, number } from "../ui/format.js";
import { withLabels } from "./api-text.js";

/** @typedef {Api.Schemas["Import"]} Import */

/** More columns that changed are counted. */
const COLUMNS_NAMED = 30;

/**
 * @param {Import} one
 * @param {{ signal: AbortSignal, allowBreaking?: HTMLElement | false | null }} options  `allowBreaking`: what imports it all the same.
 */
export function importReport({ id, errors, error_count: count, warnings, changes, tables }, { signal, allowBreaking }) {
  const hasBreaks = (changes?.breaks.length ?? 0) > 0;
  // What breaks is among the mistakes as well, in words for those who have no buttons.
  const isInRows = (/** @type {Api.Schemas["ImportError"]} */ { row, value }) => row !== null || value !== null;
  const isShown = hasBreaks ? errors.some(isInRows) : errors.length > 0;
  return h(
    "div",
    { class: "import-report" },
    isShown && mistakes(hasBreaks ? errors.filter(isInRows) : errors, count),
    hasBreaks && breaks(changes?.breaks ?? [], signal, allowBreaking),
    warnings.length > 0 && section("Worth knowing", h("ul", { class: "notes" }, ...warnings.map((warning) => h("li", { dir: "auto" }, warning)))),
    // To the first one, every column is new.
    id > 1 && changes && columnChanges(changes),
    tables.length > 0 && section("Tables", h("ul", { class: "notes" }, ...tables.map(imported))),
  );
}

/** @param {Api.Schemas["ImportedTable"]} table */
function imported({ name, row_count: rows }) {
  return h("li", null, text(name), typeof rows === "number" && h("span", { class: "quiet" }, ` · ${counted(rows, "row")}`));
}

/** @param {Api.Schemas["ImportError"][]} errors @param {number} count */
function mistakes(errors, count) {
  const isInData = errors.some(({ row, column, value }) => (row ?? column ?? value) !== null);
  const title = isInData ? counted(count, "mistake") : "Why it failed";
  const rest = count > errors.length && h("p", { class: "quiet small" }, `These are the first ${number(errors.length)} of them.`);
  const list = h("ul", { class: "mistakes", tabindex: "0", role: "list", "aria-label": title }, ...errors.map(mistake));
  return section(title, list, rest);
}

/** @param {Api.Schemas["ImportError"]} error */
function mistake({ table, row, column, value, reason }) {
  const places = [table !== null && table !== "data" && text(table), row !== null && `Row ${number(row)}`, column !== null && text(column)].filter((place) => place !== false);
  const where = places.length > 0 && h("p", { class: "where" }, ...places.flatMap((place, index) => [index > 0 && " · ", place]), value !== null && h("code", { dir: "auto" }, value));
  return h("li", null, where, h("p", { dir: "auto" }, withLabels(reason)));
}

/** @param {Api.Schemas["Changes"]} changes */
function columnChanges({ added, removed, retyped }) {
  const list = (/** @type {string} */ word, /** @type {Api.Schemas["ColumnName"][]} */ columns) =>
    columns.length > 0 && h("div", null, h("dt", null, word), h("dd", null, ...columns.slice(0, COLUMNS_NAMED).flatMap(({ column }, index) => [index > 0 && ", ", text(column)]), columns.length > COLUMNS_NAMED && ` and ${number(columns.length - COLUMNS_NAMED)} more`));
  const lists = [list("Added", added), list("Removed", removed), list("Another type", retyped)];
  return lists.some(Boolean) && section("Columns that changed", h("dl", { class: "described" }, ...lists));
}

/**
 * @param {Api.Schemas["Break"][]} all
 * @param {AbortSignal} signal
 * @param {HTMLElement | false | null} [allowBreaking]
 */
function breaks(all, signal, allowBreaking) {
  const list = h("ul", { class: "notes" });
  for (const id of new Set(all.map(({ dashboard }) => dashboard))) {
    const group = all.filter(({ dashboard }) => dashboard === id);
    const item = h("li", null, describeBreaks(id, group));
    list.append(item);
    // Their names are a request away, and not needed to say what is wrong.
    api.get("/api/dashboards/{id}/", { path: { id }, signal }).then(({ data }) => replace(item, describeBreaks(id, group, data)), onlyRefusals);
  }
  return section(
    "Widgets that use a column which is gone, or of another type",
    list,
    allowBreaking && h("p", { class: "quiet" }, "Mend the file, change the widgets, or import it all the same: those widgets show an error until they are changed."),
    allowBreaking,
  );
}

/** @param {unknown} error */
function onlyRefusals(error) {
  if (!(error instanceof ApiError) && !(error instanceof DOMException)) throw error;
}

/**
 * @param {number} id
 * @param {Api.Schemas["Break"][]} group
 * @param {Api.Schemas["Dashboard"]} [dashboard]
 */
function describeBreaks(id, group, dashboard) {
  const link = h("a", { href: href(`/dashboards/${id}`) }, text(dashboard?.name ?? `Dashboard ${id}`));
  const widgets = group.map(({ widget, field }) => {
    const title = dashboard?.widgets.find((one) => one.id === widget)?.title;
    return h("li", null, text(title ?? `Widget ${widget}`), " uses ", h("code", { dir: "auto" }, field));
  });
  return [link, h("ul", null, ...widgets)];
}

/** @param {string} title @param {...import("../ui/dom.js").Children} content */
function section(title, ...content) {
  return h("section", null, h("h3", null, title), ...content);
}
