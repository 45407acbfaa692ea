/**
 * The imports of a data source, the newest first, and what came of each.
 */

import { api } from "../api/client.js";
import { href } from "../app/router.js";
import { h, replace, text } from "../ui/dom.js";
import { ago, bytes, counted, dateTime } from "../ui/format.js";
import { icon } from "../ui/icon.js";
import { PAGE_SIZE, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";
import { importReport } from "./import-report.js";
import { newestFirst } from "./newest-first.js";
import { statusBadge } from "./status-badge.js";

/** @typedef {Api.Schemas["Import"]} Import */

/**
 * @param {object} options
 * @param {Api.Schemas["DataSource"]} options.source
 * @param {{ page: number }} options.asked
 * @param {AbortSignal} options.signal
 * @param {() => HTMLElement | false} options.allowBreaking  What imports it all the same, for who may.
 */
export function importsView({ source, asked, signal, allowBreaking }) {
  const path = { id: source.id };
  return loading("Loading the imports", signal, async () => {
    const load = (/** @type {{ page: number, page_size: number }} */ query) => api.get("/api/data-sources/{id}/imports/", { path, query, signal });
    const { count, results } = await newestFirst(load, asked.page, PAGE_SIZE);
    if (count === 0) return emptyState({ icon: "upload", title: "No imports yet", text: "Each import is listed here, with its mistakes by row." });
    const to = (/** @type {number} */ page) => href(`/data-sources/${source.id}`, { view: "imports", page: page === 1 ? undefined : page });
    const isNewest = (/** @type {number} */ index) => asked.page === 1 && index === 0;
    const rows = results.map((one, index) => item(one, { signal, source, isOpen: isNewest(index) && one.status === "failed", allowBreaking: () => isNewest(index) && allowBreaking() }));
    return [h("ul", { class: "imports card flush" }, ...rows), pager({ count, page: asked.page, noun: "import", href: to })];
  });
}

/**
 * @param {Import} one
 * @param {{ signal: AbortSignal, source: Api.Schemas["DataSource"], isOpen: boolean, allowBreaking: () => HTMLElement | false }} options
 */
function item(one, { signal, source, isOpen, allowBreaking }) {
  const { id, status, file_name: file, rows, size_bytes: size, created_at: created, error_count: errors } = one;
  const facts = [typeof rows === "number" && counted(rows, "row"), typeof size === "number" && bytes(size), errors > 0 && counted(errors, "mistake")];
  const summary = h(
    "summary",
    null,
    icon("next"),
    statusBadge(status),
    h("h2", { class: "import-name" }, file ? text(file) : `Import ${id}`),
    h("span", { class: "quiet small" }, facts.filter(Boolean).join(" · ")),
    h("time", { class: "quiet small", datetime: created, title: dateTime(created) }, ago(created)),
  );
  const body = h("div", { class: "import-body" });
  const details = h("details", { open: isOpen }, summary, body);
  const fill = () => {
    if (body.hasChildNodes() || !details.open) return;
    const report = importReport(one, { signal, allowBreaking: allowBreaking() });
    replace(body, report.hasChildNodes() ? report : h("p", { class: "quiet" }, nothing(one, source)));
  };
  details.addEventListener("toggle", fill);
  fill();
  return h("li", null, details);
}

/** @param {Import} one @param {Api.Schemas["DataSource"]} source */
function nothing({ status }, { type }) {
  if (status === "waiting" && type === "file") return "It waits for its file. If none comes within an hour, it fails by itself.";
  return status === "waiting" || status === "running" ? "It is not done yet." : "There is nothing to say about it.";
}
