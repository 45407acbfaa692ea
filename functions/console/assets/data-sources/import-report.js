/**
 * What came of an import: mistakes by row, what is worth knowing, what changed, and which widgets it would have broken.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { href } from "../app/router.js";
import { dataTable } from "../ui/data-table.js";
import { h, replace, text } from "../ui/dom.js";
import { counted, number } from "../ui/format.js";

/** @typedef {Api.Schemas["Import"]} Import */

/**
 * @param {Import} one
 * @param {{ signal: AbortSignal, allowBreaking?: HTMLElement | false | null }} options  `allowBreaking`: what imports it all the same.
 */
export function importReport({ errors, error_count: count, warnings, changes, tables }, { signal, allowBreaking }) {
  const hasBreaks = (changes?.breaks.length ?? 0) > 0;
  return h(
    "div",
    { class: "import-report" },
    errors.length > 0 && mistakes(errors, count),
    hasBreaks && breaks(changes?.breaks ?? [], signal, allowBreaking),
    warnings.length > 0 && section("Worth knowing", h("ul", { class: "notes" }, ...warnings.map((warning) => h("li", { dir: "auto" }, warning)))),
    changes && columnChanges(changes),
    tables.length > 0 && section("Tables", h("ul", { class: "notes" }, ...tables.map(imported))),
  );
}

/** @param {Api.Schemas["ImportedTable"]} table */
function imported({ name, row_count: rows }) {
  return h("li", null, text(name), typeof rows === "number" && h("span", { class: "quiet" }, ` · ${counted(rows, "row")}`));
}

/** @param {Api.Schemas["ImportError"][]} errors @param {number} count */
function mistakes(errors, count) {
  const isAboutRows = errors.some(({ row, column, value }) => row !== null || column !== null || value !== null);
  const title = count === 1 ? "1 mistake" : `${number(count)} mistakes`;
  const rest = count > errors.length && h("p", { class: "quiet small" }, `These are the first ${number(errors.length)} of them.`);
  if (!isAboutRows) return section(title, h("ul", { class: "notes" }, ...errors.map(({ reason }) => h("li", { dir: "auto" }, reason))), rest);
  const hasTables = new Set(errors.map(({ table }) => table)).size > 1;
  /** @type {import("../ui/data-table.js").DataColumn[]} */
  const columns = [
    { name: "Row", type: "integer" },
    { name: "Column", type: "text" },
    { name: "Value", type: "text" },
    { name: "What is wrong", type: "text" },
  ];
  const rows = errors.map(({ table, row, column, value, reason }) => [...(hasTables ? [table] : []), row, column, value, reason]);
  if (hasTables) columns.unshift({ name: "Table", type: "text" });
  return section(title, dataTable({ caption: title, columns, rows }), rest);
}

/** @param {Api.Schemas["Changes"]} changes */
function columnChanges({ added, removed, retyped }) {
  const list = (/** @type {string} */ word, /** @type {Api.Schemas["ColumnName"][]} */ columns) =>
    columns.length > 0 && h("div", null, h("dt", null, word), h("dd", null, ...columns.flatMap(({ column }, index) => [index > 0 && ", ", text(column)])));
  const lists = [list("Added", added), list("Removed", removed), list("Another type", retyped)];
  return lists.some(Boolean) && section("Columns that changed", h("dl", { class: "facts-list" }, ...lists));
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
