/**
 * The dashboards: a page of the list, by status.
 */

import { api } from "../api/client.js";
import { may, mayChange } from "../app/permissions.js";
import { href, navigate, replaceAddress } from "../app/router.js";
import { keepingFocus } from "../ui/keep-focus.js";
import { button } from "../ui/button.js";
import { h, replace, text } from "../ui/dom.js";
import { ago, counted, dateTime } from "../ui/format.js";
import { menu } from "../ui/menu.js";
import { PAGE_SIZE, pageOrLast, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";
import { create, duplicate, leaving, remove } from "../dashboard/actions.js";

/** @type {{ value: Api.Schemas["DashboardStatus"] | "", label: string }[]} */
const STATUSES = [
  { value: "", label: "All" },
  { value: "published", label: "Published" },
  { value: "draft", label: "Drafts" },
];

/** @param {import("../app/pages.js").PageContext} context */
export function page({ query, signal, account, onQuery }) {
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

  const mayCreate = may(account, "dashboards:write_own");
  const newButton = () => mayCreate && button("New dashboard", { kind: "primary", icon: "add", run: () => create(signal) });
  const actions = (/** @type {Api.Schemas["DashboardSummary"]} */ dashboard) =>
    mayCreate &&
    menu(`More of ${dashboard.name}`, [
      { label: "Duplicate", icon: "duplicate", run: () => duplicate(dashboard.id, signal) },
      mayChange(account, "dashboards", dashboard) && { label: "Delete", icon: "delete", isDangerous: true, run: () => drop(dashboard) },
    ]);

  const drop = (/** @type {Api.Schemas["DashboardSummary"]} */ dashboard) => {
    remove(dashboard, () => !signal.aborted && list.reload());
    list.reload();
    filter.querySelector("button")?.focus();
  };

  const list = loading("Loading dashboards", signal, async () => {
    const wanted = asked;
    const { status, page } = wanted;
    const to = (/** @type {number} */ page) => href("/dashboards", { status, page: page === 1 ? undefined : page });
    const load = (/** @type {number} */ page) => api.get("/api/dashboards/", { query: { page, page_size: PAGE_SIZE, status: status || undefined }, signal });
    const { data, last } = await pageOrLast(page, load);
    if (!data) return asked === wanted && void replaceAddress(to(last));
    const shown = data.results.filter(({ id }) => !leaving.has(id));
    const count = data.count - (data.results.length - shown.length);
    if (count === 0) return none(status, newButton);
    if (shown.length === 0 && page > 1) return asked === wanted && void replaceAddress(to(page - 1));
    return [h("ul", { class: "cards" }, ...shown.map((dashboard) => card(dashboard, actions(dashboard)))), pager({ count, page, noun: "dashboard", href: to })];
  });

  showFilter();
  onQuery((query) => {
    asked = read(query);
    showFilter();
    keepingFocus(list, list.reload);
  });
  return h("div", null, h("header", { class: "page-header" }, h("h1", null, "Dashboards"), h("div", { class: "actions" }, filter, newButton())), list);
}

/** @param {URLSearchParams} query */
function read(query) {
  const status = STATUSES.find(({ value }) => value === query.get("status"))?.value ?? "";
  return { status, page: Math.max(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1) };
}

/**
 * @param {Api.Schemas["DashboardSummary"]} dashboard
 * @param {import("../ui/dom.js").Children} actions
 */
function card({ id, name, description, status, widget_count: widgets, updated_at: updated }, actions) {
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
    actions,
  );
}

/** @param {string} status @param {() => HTMLElement | false} newButton */
function none(status, newButton) {
  return status
    ? emptyState({ icon: "dashboard", title: "None with this status", text: "Choose All to see the others." })
    : emptyState({ icon: "dashboard", title: "No dashboards yet", text: "A dashboard shows charts of your data side by side.", action: newButton() });
}
