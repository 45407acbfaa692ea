/**
 * The data sources: a page of the list, by type and status. A file that is dropped here becomes one.
 */

import { api } from "../api/client.js";
import { may } from "../app/permissions.js";
import { href, navigate, replaceAddress } from "../app/router.js";
import { withLabels } from "../data-sources/api-text.js";
import { ENGINES, TYPES, acceptedFiles } from "../data-sources/engines.js";
import { fileButton, takeDroppedFiles } from "../data-sources/file-choice.js";
import { importTaskList } from "../data-sources/import-task-view.js";
import { importTasks } from "../data-sources/import-task.js";
import { keepingFocus } from "../ui/keep-focus.js";
import { refusalOf, sourceOfFile } from "../data-sources/new-source.js";
import { statusBadge } from "../data-sources/status-badge.js";
import { toast } from "../ui/announce.js";
import { buttonLink } from "../ui/button.js";
import { h, text } from "../ui/dom.js";
import { ago, dateTime } from "../ui/format.js";
import { icon } from "../ui/icon.js";
import { PAGE_SIZE, pageOrLast, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";

/** @type {{ value: Api.Schemas["DataSourceStatus"] | "", label: string }[]} */
const STATUSES = [
  { value: "", label: "Any status" },
  { value: "active", label: "Active" },
  { value: "paused", label: "Paused" },
  { value: "error", label: "Error" },
];

/** @type {{ value: Api.Schemas["DataSourceType"] | "", label: string }[]} */
const KINDS = [
  { value: "", label: "All kinds" },
  ...Object.entries(TYPES).map(([value, { label }]) => ({ value: /** @type {Api.Schemas["DataSourceType"]} */ (value), label })),
];

/** @param {import("../app/pages.js").PageContext} context */
export function page({ query, signal, account, onQuery }) {
  let asked = read(query);
  const mayAdd = may(account, "data_sources:write_files");
  const choices = [choice("Kind", "type", KINDS, () => asked), choice("Status", "status", STATUSES, () => asked)];

  const list = loading("Loading data sources", signal, async () => {
    const wanted = asked;
    const { type, status, page } = wanted;
    const to = (/** @type {number} */ page) => href("/data-sources", { type, status, page: page === 1 ? undefined : page });
    const load = (/** @type {number} */ page) =>
      api.get("/api/data-sources/", { query: { page, page_size: PAGE_SIZE, type: type || undefined, status: status || undefined }, signal });
    const { data, last } = await pageOrLast(page, load);
    if (!data) return asked === wanted && void replaceAddress(to(last));
    if (data.count === 0) return type || status ? noneOfThese() : none(mayAdd);
    const rows = data.results.map((source) => row(source));
    return [h("ul", { class: "source-list card" }, ...rows), pager({ count: data.count, page, noun: "data source", href: to })];
  });

  importTasks.addEventListener("state", () => keepingFocus(list, list.reload), { signal });
  onQuery((query) => {
    asked = read(query);
    for (const select of choices) select.value = asked[/** @type {"type" | "status"} */ (select.name)];
    keepingFocus(list, list.reload);
  });
  const actions = mayAdd && [
    buttonLink("Add a data source", { href: href("/data-sources/new"), icon: "add" }),
    fileButton("Upload a file", { accept: acceptedFiles(), take: takeFiles, isMultiple: true, kind: "primary" }),
  ];
  return h(
    "div",
    null,
    h("header", { class: "page-header" }, h("h1", null, "Data sources"), h("div", { class: "actions" }, actions)),
    importTaskList({ account, signal }),
    h("div", { class: "filters", role: "group", "aria-label": "Filter" }, ...choices, mayAdd && h("p", { class: "quiet small" }, "Drop files anywhere on this page to add them.")),
    list,
    mayAdd && takeDroppedFiles({ label: "Drop it to make a data source of it", signal, take: takeFiles }),
  );
}

/** @param {File[]} files */
function takeFiles(files) {
  for (const file of files) {
    const refusal = refusalOf(file);
    const create = sourceOfFile(file);
    if (refusal || !create) toast(refusal ?? "", { kind: "error" });
    else importTasks.begin({ create, file });
  }
}

/** @param {URLSearchParams} query */
function read(query) {
  const type = KINDS.find(({ value }) => value === query.get("type"))?.value ?? "";
  const status = STATUSES.find(({ value }) => value === query.get("status"))?.value ?? "";
  return { type, status, page: Math.max(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1) };
}

/**
 * @param {string} label
 * @param {"type" | "status"} name
 * @param {{ value: string, label: string }[]} options
 * @param {() => { type: string, status: string }} asked
 */
function choice(label, name, options, asked) {
  const current = asked();
  const change = () => navigate(href("/data-sources", { type: asked().type, status: asked().status, [name]: select.value }));
  const select = h(
    "select",
    { name, "aria-label": label, on: { change } },
    ...options.map((option) => h("option", { value: option.value, selected: option.value === current[name] }, option.label)),
  );
  return select;
}

/** @param {Api.Schemas["DataSourceSummary"]} source */
function row({ id, name, type, engine, status, status_reason: reason, last_synced_at: synced }) {
  return h(
    "li",
    null,
    h("span", { class: "source-icon" }, icon(TYPES[type].icon)),
    h(
      "div",
      { class: "source-name" },
      h("h2", null, h("a", { href: href(`/data-sources/${id}`), class: "stretched" }, text(name))),
      h("p", { class: "quiet small" }, ENGINES[engine].label),
      reason && h("p", { class: "reason small", dir: "auto" }, text(withLabels(reason))),
    ),
    statusBadge(status),
    h("p", { class: "quiet small synced" }, synced ? h("time", { datetime: synced, title: dateTime(synced) }, `Updated ${ago(synced)}`) : "Nothing imported yet"),
  );
}

function noneOfThese() {
  return emptyState({ icon: "database", title: "None of these", text: "Choose another kind or status to see the others." });
}

/** @param {boolean} mayAdd */
function none(mayAdd) {
  const words = mayAdd
    ? "Drop a CSV, Excel, JSON or Parquet file anywhere on this page, or connect a database, a web API or a bucket."
    : "Nobody has added one yet. Owners, administrators and analysts may.";
  return emptyState({ icon: "database", title: "No data sources yet", text: words });
}
