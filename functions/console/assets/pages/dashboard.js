/**
 * A dashboard, drawn.
 */

import { api } from "../api/client.js";
import { href } from "../app/router.js";
import { chartView } from "../ui/chart-view.js";
import { dataTable } from "../ui/data-table.js";
import { h, replace, text } from "../ui/dom.js";
import { emptyState, loading } from "../ui/states.js";

/** @param {import("../app/pages.js").PageContext} context */
export function page({ params, signal, setTitle }) {
  const id = Number(params.id);
  const title = h("h1", null, "Dashboard");
  const about = h("p", { class: "quiet", dir: "auto" });
  const widgets = loading("Loading the dashboard", signal, async () => {
    const { data } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
    setTitle(data.name);
    replace(title, text(data.name), data.status === "draft" && h("span", { class: "badge" }, "Draft"));
    replace(about, data.description);
    if (data.widgets.length === 0) return none();
    return h("div", { class: "grid-room" }, h("div", { class: "grid" }, data.widgets.map((widget) => view(id, widget, signal))));
  });
  const crumbs = h("nav", { "aria-label": "Breadcrumb", class: "crumbs" }, h("a", { href: href("/dashboards") }, "Dashboards"));
  return h("div", null, h("header", { class: "page-header" }, h("div", null, crumbs, title, about)), widgets);
}

/**
 * A widget at its place. In a narrow window there is one below the other, in this order.
 * @param {number} dashboard
 * @param {Api.Schemas["Widget"]} widget
 * @param {AbortSignal} signal
 */
function view(dashboard, widget, signal) {
  const { x, y, width, height } = widget.position;
  const content = widget.type === "table" ? table(dashboard, widget, signal) : chart(dashboard, widget);
  const element = h("article", { class: `widget ${widget.type}`, "aria-label": widget.title }, content);
  for (const [name, value] of Object.entries({ x: x + 1, y: y + 1, width, height })) element.style.setProperty(`--${name}`, String(value));
  return element;
}

/** @param {number} dashboard @param {Api.Schemas["Widget"]} widget */
function chart(dashboard, widget) {
  const path = { id: dashboard, widget_id: widget.id ?? 0 };
  return chartView(widget.title, async (query, signal) => {
    const { data } = await api.getBlob("/api/dashboards/{id}/widgets/{widget_id}/chart/", { path, query, signal, accept: "image/svg+xml" });
    return data;
  });
}

/**
 * A table is rows and not a picture, so that it can be scrolled, selected and read.
 * @param {number} dashboard
 * @param {Api.Schemas["Widget"]} widget
 * @param {AbortSignal} signal
 */
function table(dashboard, widget, signal) {
  const path = { id: dashboard, widget_id: widget.id ?? 0 };
  const rows = loading(`Loading ${widget.title}`, signal, async () => {
    const { data } = await api.get("/api/dashboards/{id}/widgets/{widget_id}/data/", { path, signal });
    return "rows" in data ? dataTable({ caption: widget.title, ...data }) : h("p", { class: "quiet" }, "The query is still running.");
  });
  return [h("h2", null, text(widget.title)), rows];
}

function none() {
  return emptyState({ icon: "dashboard", title: "Nothing on it yet", text: "This dashboard has no widgets." });
}
