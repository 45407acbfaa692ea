/**
 * The tables of a data source: which there are, and of each its first rows and its columns.
 */

import { api } from "../api/client.js";
import { all } from "../api/pages.js";
import { href } from "../app/router.js";
import { dataTable } from "../ui/data-table.js";
import { h, text } from "../ui/dom.js";
import { cell, counted, number } from "../ui/format.js";
import { PAGE_SIZE, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";
import { short } from "./client-text.js";

/** @typedef {Api.Schemas["Table"]} Table */

/**
 * @param {object} options
 * @param {Api.Schemas["DataSource"]} options.source
 * @param {{ page: number, table: string | null }} options.asked
 * @param {AbortSignal} options.signal
 * @param {() => HTMLElement | false} options.begin  What brings in the first data.
 */
export function tablesView({ source, asked, signal, begin }) {
  const path = { id: source.id };
  return loading("Loading the tables", signal, async () => {
    const { data } = await api.get("/api/data-sources/{id}/tables/", { path, query: { page: asked.page, page_size: PAGE_SIZE }, signal });
    if (data.count === 0) return none(source, begin());
    if (data.count === 1) return tableDetail(source.id, data.results[0], signal);
    if (asked.table === null) return tableList(source.id, asked.page, data);
    const table = await find(source.id, asked.table, signal);
    const back = h("p", { class: "crumbs" }, h("a", { href: href(`/data-sources/${source.id}`) }, "All tables"));
    if (!table) return [back, emptyState({ icon: "database", title: "There is no such table", text: "It may have been removed by a later import." })];
    return [back, ...tableDetail(source.id, table, signal)];
  });
}

/**
 * @param {number} id
 * @param {string} name
 * @param {AbortSignal} signal
 */
async function find(id, name, signal) {
  const tables = all((query) => api.get("/api/data-sources/{id}/tables/", { path: { id }, query, signal }));
  for await (const table of tables) if (table.name === name) return table;
  return undefined;
}

/**
 * @param {number} id
 * @param {number} page
 * @param {Api.Page<Table>} list
 */
function tableList(id, page, { count, results }) {
  const rows = results.map(({ name, kind, row_count: rows, columns }) =>
    h(
      "tr",
      null,
      h("th", { scope: "row" }, h("a", { href: href(`/data-sources/${id}`, { table: name }) }, text(name))),
      h("td", null, kind),
      h("td", { class: "number" }, typeof rows === "number" ? number(rows) : "–"),
      h("td", { class: "number" }, number(columns.length)),
    ),
  );
  const headings = ["Table", "Kind", "Rows", "Columns"].map((name, index) => h("th", { scope: "col", class: index > 1 && "number" }, name));
  const to = (/** @type {number} */ page) => href(`/data-sources/${id}`, { page: page === 1 ? undefined : page });
  return [
    h("div", { class: "card flush" }, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Tables" }, h("table", { class: "plain" }, h("thead", null, h("tr", null, ...headings)), h("tbody", null, ...rows)))),
    pager({ count, page, noun: "table", href: to }),
  ];
}

/**
 * @param {number} id
 * @param {Table} table
 * @param {AbortSignal} signal
 */
function tableDetail(id, table, signal) {
  const { name, columns, row_count: rows } = table;
  const facts = [typeof rows === "number" && counted(rows, "row"), counted(columns.length, "column")].filter(Boolean).join(" · ");
  const preview = loading("Loading the first rows", signal, async () => {
    const { data } = await api.get("/api/data-sources/{id}/preview/", { path: { id }, query: { table: name }, signal });
    if (data.rows.length === 0) return h("p", { class: "quiet none" }, "It has no rows.");
    return dataTable({ caption: `First rows of ${name}`, columns: data.columns, rows: data.rows.map((row) => row.map(short)) });
  });
  return [
    h("div", { class: "table-heading" }, h("h2", null, text(name)), h("p", { class: "quiet small" }, facts)),
    h("section", { class: "card flush", "aria-label": "First rows" }, preview),
    h("h2", null, "Columns"),
    h("section", { class: "card flush", "aria-label": "Columns" }, columnTable(table)),
  ];
}

/** @param {Table} table */
function columnTable({ name, columns }) {
  const hasNative = columns.some((column) => column.native_type);
  const knows = (/** @type {"distinct_count" | "nullable"} */ fact) => columns.some((column) => column[fact] !== null);
  const hasRange = columns.some(({ min, max }) => (min ?? max ?? null) !== null);
  /** @type {(import("../ui/data-table.js").DataColumn & { of: (column: Api.Schemas["Column"]) => unknown })[]} */
  const shown = [
    { name: "Column", type: "text", of: (column) => column.name },
    { name: "Type", type: "text", of: (column) => column.type },
  ];
  if (hasNative) shown.push({ name: "In the database", type: "text", of: (column) => column.native_type });
  if (knows("nullable")) shown.push({ name: "Values missing", type: "text", of: ({ nullable }) => nullable === null ? "" : nullable ? "Yes" : "No" });
  if (knows("distinct_count")) shown.push({ name: "Different values", type: "integer", of: (column) => column.distinct_count });
  if (hasRange) {
    shown.push({ name: "Least", type: "text", of: ({ min, type }) => short(cell(min, type)) });
    shown.push({ name: "Greatest", type: "text", of: ({ max, type }) => short(cell(max, type)) });
  }
  const rows = columns.map((column) => shown.map(({ of }) => of(column)));
  return dataTable({ caption: `Columns of ${name}`, columns: shown, rows });
}

/** @param {Api.Schemas["DataSource"]} source @param {HTMLElement | false} action */
function none({ type, engine }, action) {
  const waiting = "Whoever may change it has not brought anything in yet.";
  const isLive = type === "database" || engine === "athena";
  const next = type === "file" ? "Drop the file anywhere on this page, or choose it." : isLive ? "Read the catalog, to see which tables there are." : "Import what is there, to see it.";
  return emptyState({ icon: type === "file" ? "upload" : "database", title: "No data yet", text: action ? next : waiting, action });
}
