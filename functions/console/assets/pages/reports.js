/**
 * The reports: a page of the list, by format.
 */

import { api } from "../api/client.js";
import { may } from "../app/permissions.js";
import { href, navigate, replaceAddress } from "../app/router.js";
import { keepingFocus } from "../ui/keep-focus.js";
import { dashboardName } from "../reports/dashboard-name.js";
import { FORMATS } from "../reports/formats.js";
import { scheduleText } from "../reports/schedule-words.js";
import { buttonLink } from "../ui/button.js";
import { h, text } from "../ui/dom.js";
import { ago, dateTime } from "../ui/format.js";
import { PAGE_SIZE, pageOrLast, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";

/** @typedef {import("../reports/formats.js").ReportFormat} ReportFormat */

/** @type {{ value: ReportFormat | "", label: string }[]} */
const FILTERS = [{ value: "", label: "All" }, ...Object.entries(FORMATS).map(([value, { label }]) => ({ value: /** @type {ReportFormat} */ (value), label }))];

/** @param {import("../app/pages.js").PageContext} context */
export function page({ account, query, signal, onQuery }) {
  let asked = read(query);
  const filters = FILTERS.map(({ value, label }) => ({
    value,
    element: h("button", { type: "button", on: { click: () => navigate(href("/reports", { format: value })) } }, label),
  }));
  const showFilter = () => {
    for (const { value, element } of filters) element.setAttribute("aria-pressed", String(value === asked.format));
  };
  const list = loading("Loading reports", signal, async () => {
    const wanted = asked;
    const { format, page } = wanted;
    const to = (/** @type {number} */ page) => href("/reports", { format, page: page === 1 ? undefined : page });
    const load = (/** @type {number} */ page) => api.get("/api/reports/", { query: { page, page_size: PAGE_SIZE, format: format || undefined }, signal });
    const { data, last } = await pageOrLast(page, load);
    if (!data) return asked === wanted && void replaceAddress(to(last));
    if (data.count === 0) return none(format, account);
    const names = new Map(await Promise.all([...new Set(data.results.map(({ dashboard }) => dashboard))].map(async (id) => /** @type {const} */ ([id, await dashboardName(id, signal)]))));
    return [h("ul", { class: "rows" }, ...data.results.map((report) => row(report, names.get(report.dashboard)))), pager({ count: data.count, page, noun: "report", href: to })];
  });
  onQuery((query) => {
    asked = read(query);
    showFilter();
    keepingFocus(list, list.reload);
  });
  showFilter();
  const segments = h("div", { class: "segments", role: "group", "aria-label": "Format" }, ...filters.map(({ element }) => element));
  const create = may(account, "reports:write_own") && buttonLink("New report", { href: href("/reports/new"), kind: "primary", icon: "add" });
  return h("div", null, h("header", { class: "page-header" }, h("h1", null, "Reports"), h("div", { class: "actions" }, segments, create)), list);
}

/** @param {URLSearchParams} query */
function read(query) {
  const format = FILTERS.find(({ value }) => value === query.get("format"))?.value ?? "";
  return { format, page: Math.max(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1) };
}

/**
 * @param {Api.Schemas["Report"]} report
 * @param {string | undefined} dashboard
 */
function row({ id, name, format, schedule, last_run: last, next_runs: [next] }, dashboard) {
  const when = schedule && (schedule.enabled ? scheduleText(schedule) : `Paused: ${scheduleText(schedule)}`);
  return h(
    "li",
    { class: "row linked" },
    h(
      "div",
      { class: "row-main" },
      h("h2", null, h("a", { href: href(`/reports/${id}`), class: "stretched" }, text(name)), h("span", { class: "badge" }, FORMATS[format].label)),
      h("p", { class: "quiet small facts" }, dashboard ? text(dashboard) : "Its dashboard is gone", h("span", null, when ?? "No schedule")),
    ),
    h(
      "p",
      { class: "row-side quiet small" },
      last
        ? h("span", { class: last.status === "failed" && "failure" }, last.status === "failed" ? "Failed " : "Made ", h("time", { datetime: last.finished_at, title: dateTime(last.finished_at) }, ago(last.finished_at)))
        : h("span", null, "Not run yet"),
      next && h("span", null, "Next ", h("time", { datetime: next, title: dateTime(next) }, ago(next))),
    ),
  );
}

/** @param {string} format @param {Api.Schemas["Account"]} account */
function none(format, account) {
  if (format) return emptyState({ icon: "report", title: "None of this format", text: "Choose All to see the others." });
  return emptyState({
    icon: "report",
    title: "No reports yet",
    text: "A report is a dashboard as a file: made when you ask for it, or by itself at set times, and mailed.",
    action: may(account, "reports:write_own") && buttonLink("Make the first report", { href: href("/reports/new"), kind: "primary", icon: "add" }),
  });
}
