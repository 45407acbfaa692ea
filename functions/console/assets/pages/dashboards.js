/**
 * The dashboards: a page of the list, by status.
 */

import { api } from "../api/client.js";
import { href, navigate } from "../app/router.js";
import { h, replace, text } from "../ui/dom.js";
import { ago, counted, dateTime } from "../ui/format.js";
import { PAGE_SIZE, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";

/** @type {{ value: Api.Schemas["DashboardStatus"] | "", label: string }[]} */
const STATUSES = [
  { value: "", label: "All" },
  { value: "published", label: "Published" },
  { value: "draft", label: "Drafts" },
];

/** @param {import("../app/pages.js").PageContext} context */
export function page({ query, signal, onQuery }) {
  const filter = h("div", { class: "segments", role: "group", "aria-label": "Status" });
  let asked = read(query);

  const showFilter = () => {
    const links = STATUSES.map(({ value, label }) =>
      h("button", { type: "button", "aria-pressed": String(value === asked.status), on: { click: () => navigate(href("/dashboards", { status: value })) } }, label),
    );
    // The buttons stay, so that the focus does.
    if (!filter.hasChildNodes()) replace(filter, ...links);
    for (const [index, { value }] of STATUSES.entries()) filter.children[index].setAttribute("aria-pressed", String(value === asked.status));
  };

  const list = loading("Loading dashboards", signal, async () => {
    const { status, page } = asked;
    const { data } = await api.get("/api/dashboards/", { query: { page, page_size: PAGE_SIZE, status: status || undefined }, signal });
    if (data.count === 0) return none(status);
    const to = (/** @type {number} */ page) => href("/dashboards", { status, page: page === 1 ? undefined : page });
    return [h("ul", { class: "cards" }, ...data.results.map(card)), pager({ count: data.count, page, noun: "dashboard", href: to })];
  });

  showFilter();
  onQuery((query) => {
    asked = read(query);
    showFilter();
    list.reload();
  });
  return h("div", null, h("header", { class: "page-header" }, h("h1", null, "Dashboards"), filter), list);
}

/** @param {URLSearchParams} query */
function read(query) {
  const status = STATUSES.find(({ value }) => value === query.get("status"))?.value ?? "";
  return { status, page: Math.max(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1) };
}

/** @param {Api.Schemas["DashboardSummary"]} dashboard */
function card({ id, name, description, status, widget_count: widgets, updated_at: updated }) {
  return h(
    "li",
    { class: "card" },
    h("h2", null, h("a", { href: href(`/dashboards/${id}`), class: "stretched" }, text(name))),
    description && h("p", { class: "clamp", dir: "auto" }, description),
    h(
      "p",
      { class: "quiet small facts" },
      status === "draft" && h("span", { class: "badge" }, "Draft"),
      h("span", null, counted(widgets, "widget")),
      h("time", { datetime: updated, title: dateTime(updated) }, `Changed ${ago(updated)}`),
    ),
  );
}

/** @param {string} status */
function none(status) {
  return status
    ? emptyState({ icon: "dashboard", title: "None with this status", text: "Choose All to see the others." })
    : emptyState({ icon: "dashboard", title: "No dashboards yet", text: "A dashboard shows charts of your data side by side." });
}
