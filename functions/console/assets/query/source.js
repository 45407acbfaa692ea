/**
 * What is asked: a data source, a table of it, and its columns, which a click takes into the question.
 */

import { api } from "../api/client.js";
import { all } from "../api/pages.js";
import { href } from "../app/router.js";
import { announce } from "../ui/announce.js";
import { h, replace } from "../ui/dom.js";
import { counted } from "../ui/format.js";
import { icon } from "../ui/icon.js";
import { emptyState, errorState, loading } from "../ui/states.js";
import { choice, labeled } from "./controls.js";
import { part } from "./draft.js";
import { isNumeric, isTime } from "./language.js";

/** A file may have thousands of columns: more than these are found by typing. */
const FIELDS_SHOWN = 100;
const SEARCH_FROM = 10;

/** @typedef {import("./draft.js").QueryDraft} QueryDraft */
/** @typedef {import("./language.js").Column} Column */

/** The tables of a data source. @param {number} id @param {AbortSignal} signal */
export async function tablesOf(id, signal) {
  /** @type {Api.Schemas["Table"][]} */
  const tables = [];
  for await (const table of all((query) => api.get("/api/data-sources/{id}/tables/", { path: { id }, query, signal }))) tables.push(table);
  return tables;
}

/** @param {QueryDraft} draft @param {AbortSignal} signal */
export function sourcePicker(draft, signal) {
  return loading("Loading data sources", signal, async () => {
    /** @type {Api.Schemas["DataSourceSummary"][]} */
    const sources = [];
    for await (const source of all((query) => api.get("/api/data-sources/", { query, signal }))) sources.push(source);
    if (sources.length === 0) {
      const link = h("a", { class: "button primary", href: href("/data-sources") }, "Go to the data sources");
      return emptyState({ icon: "database", title: "No data yet", text: "Upload a file or connect a database, then ask it questions here.", action: link });
    }
    if (draft.source === null) draft.from((sources.find(({ last_synced_at: synced }) => synced) ?? sources[0]).id);
    const tables = h("div", { class: "part" });
    const choices = sources.map(({ id, name }) => ({ value: String(id), label: name }));
    const select = choice("Data source", {
      value: String(draft.source),
      choices,
      choose: (id) => {
        draft.from(Number(id));
        loadTables(draft, tables, signal);
      },
    });
    loadTables(draft, tables, signal);
    return [labeled("Data source", select), tables];
  });
}

/**
 * @param {QueryDraft} draft
 * @param {HTMLElement} element
 * @param {AbortSignal} signal
 */
async function loadTables(draft, element, signal) {
  const { source } = draft;
  if (source === null) return;
  try {
    const tables = await tablesOf(source, signal);
    if (source !== draft.source) return;
    const open = tables.find(({ name }) => name === draft.query.table) ?? tables[0];
    if (!open) return replace(element, h("p", { class: "quiet" }, "Nothing was imported into this data source yet."));
    const hasSeveral = tables.length > 1;
    draft.describe(open.columns, hasSeveral ? open.name : undefined);
    const select = choice("Table", {
      value: open.name,
      choices: tables.map(({ name }) => ({ value: name, label: name })),
      choose: (name) => {
        draft.from(source, name);
        draft.describe(tables.find((table) => table.name === name)?.columns ?? [], name);
      },
    });
    replace(element, hasSeveral && labeled("Table", select), fields(draft));
  } catch (error) {
    if (!signal.aborted && source === draft.source) replace(element, errorState(error, () => loadTables(draft, element, signal)));
  }
}

/** @param {QueryDraft} draft */
function fields(draft) {
  let wanted = "";
  const list = part(draft, () => {
    const matching = draft.columns.filter(({ name }) => name.toLowerCase().includes(wanted));
    const used = new Set([...(draft.query.dimensions ?? []), ...(draft.query.measures ?? [])].map(({ field }) => field));
    const items = matching.slice(0, FIELDS_SHOWN).map((column) => h("li", null, fieldButton(draft, column, used.has(column.name))));
    const rest = matching.length - items.length;
    return [
      h("ul", { class: "fields" }, ...items),
      rest > 0 && h("p", { class: "quiet small" }, `${counted(rest, "more field")}: type to find them.`),
      matching.length === 0 && h("p", { class: "quiet small" }, "No field has this in its name."),
    ];
  });
  const find = (/** @type {string} */ value) => {
    wanted = value.toLowerCase();
    draft.look({});
  };
  const search = h("input", { type: "search", "aria-label": "Find a field", placeholder: "Find a field", on: { input: (event) => find(event.target.value) } });
  const heading = h("h2", null, "Fields ", h("span", { class: "quiet small" }, "click to add"));
  return [heading, draft.columns.length > SEARCH_FROM && search, list];
}

/** @param {QueryDraft} draft @param {Column} column @param {boolean} isUsed */
function fieldButton(draft, column, isUsed) {
  const attributes = { type: "button", class: `field-button ${isUsed ? "used" : ""}`, data: { key: `field ${column.name}` }, on: { click: () => add(draft, column) } };
  return h("button", attributes, icon(isUsed ? "check" : "add"), h("bdi", { class: "grow" }, column.name), h("span", { class: "quiet small" }, column.type));
}

/** Takes a column in as what it most likely is: numbers are summed up, all else is grouped by. @param {QueryDraft} draft @param {Column} column */
function add(draft, { name, type }) {
  const { measures = [], dimensions = [] } = draft.query;
  if (isNumeric(type)) {
    const isSummed = measures.some(({ field, aggregation }) => field === name && aggregation === "sum");
    draft.ask({ measures: [...measures, { field: name, aggregation: isSummed ? "average" : "sum" }] });
    announce(`${isSummed ? "Average" : "Sum"} of ${name} added to the measures`);
    return;
  }
  if (dimensions.some(({ field }) => field === name)) return announce(`It is grouped by ${name} already`);
  // Alone, groups say little: how many rows each has says something.
  const counted = measures.length > 0 ? {} : { measures: [/** @type {const} */ ({ aggregation: "count" })] };
  draft.ask({ dimensions: [...dimensions, { field: name, grain: isTime(type) ? "month" : undefined }], ...counted });
  announce(`Grouped by ${name}`);
}
