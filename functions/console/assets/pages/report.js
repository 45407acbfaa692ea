/**
 * A report: what is in it, when it is made by itself, and its runs.
 */

import { api } from "../api/client.js";
import { isAbort } from "../api/error.js";
import { may, mayChange } from "../app/permissions.js";
import { href, navigate } from "../app/router.js";
import { dashboardName } from "../reports/dashboard-name.js";
import { FORMATS } from "../reports/formats.js";
import { recipientName } from "../reports/recipients.js";
import { Runs } from "../reports/runs.js";
import { scheduleText } from "../reports/schedule-words.js";
import { AS_THE_WIDGETS, timeRangeWords } from "../reports/time-range.js";
import { announce, toast } from "../ui/announce.js";
import { button, buttonLink, iconButton } from "../ui/button.js";
import { confirm } from "../ui/dialog.js";
import { h, replace, text } from "../ui/dom.js";
import { facts } from "../ui/facts.js";
import { ago, counted } from "../ui/format.js";
import { loading } from "../ui/states.js";
import { dateTimeIn } from "../ui/time-zone.js";

/** @typedef {Api.Schemas["Report"]} Report */

/** @param {import("../app/pages.js").PageContext} context */
export function page({ params, account, signal, setTitle }) {
  const id = Number(params.id);
  const title = h("h1", null, "Report");
  const about = h("p", { class: "quiet", dir: "auto" });
  const actions = h("div", { class: "actions" });
  /** @type {Runs | undefined} */
  let runs;

  const content = loading("Loading the report", signal, async () => {
    const { data: report } = await api.get("/api/reports/{id}/", { path: { id }, signal });
    const dashboard = await dashboardName(report.dashboard, signal);
    setTitle(report.name);
    replace(title, text(report.name));
    replace(about, report.description);
    runs ??= new Runs({ report: id, signal });
    replace(actions, ...buttons(report, runs));
    const summary = h("section", { class: "card stack", "aria-label": "What is in it" }, h("h2", null, "What is in it"), contents(report, dashboard));
    return [h("div", { class: "halves" }, summary, scheduled(report)), runs.element];
  });

  /** @param {Report} report @param {Runs} runs */
  function buttons(report, runs) {
    const isTheirs = mayChange(account, "reports", report);
    const isMailed = isTheirs && report.recipients.length > 0;
    return [
      isTheirs && iconButton("Delete the report", { icon: "delete", run: () => remove(report, signal) }),
      isTheirs && buttonLink("Edit", { href: href(`/reports/${id}/edit`), icon: "edit" }),
      isMailed && button("Run and mail", { run: () => runs.start({ deliver: true }) }),
      may(account, "reports:write_own") && button("Run now", { kind: "primary", icon: "refresh", run: () => runs.start({ deliver: false }) }),
    ].filter((button) => button !== false);
  }

  /** @param {Report} report @param {string | undefined} dashboard */
  function contents({ dashboard: dashboardId, format, time_range: range, filters, timezone, recipients }, dashboard) {
    const names = recipients.map((id) => recipientName(id, account.user));
    return facts([
      ["Dashboard", dashboard ? h("a", { href: href(`/dashboards/${dashboardId}`) }, text(dashboard)) : "It is gone: choose another one."],
      ["Format", [FORMATS[format].label, h("span", { class: "quiet block small" }, FORMATS[format].about)]],
      ["Time range", text(timeRangeWords(range))],
      filters.length > 0 && ["Filters", h("code", { class: "block" }, ...filters.map((filter) => h("bdi", { class: "block" }, JSON.stringify(filter))))],
      ["Time zone", timezone ? timezone.replaceAll("_", " ") : AS_THE_WIDGETS],
      ["Mailed to", names.length > 0 ? text(names.join(", ")) : "Nobody"],
    ]);
  }

  /** @param {Report} report */
  function scheduled(report) {
    const { schedule, next_runs: next } = report;
    const isTheirs = mayChange(account, "reports", report);
    const heading = h("h2", null, "Schedule");
    if (!schedule) {
      const add = isTheirs && buttonLink("Set a schedule", { href: href(`/reports/${id}/edit`) });
      return h("section", { class: "card stack", "aria-label": "Schedule" }, heading, h("p", { class: "quiet" }, "It runs when somebody runs it."), add && h("p", null, add));
    }
    const { timezone, enabled } = schedule;
    const times = next.map((time) => h("li", null, h("time", { datetime: time }, dateTimeIn(time, timezone)), h("span", { class: "quiet small" }, ago(time))));
    const toggle = isTheirs && button(enabled ? "Pause" : "Turn on", { run: () => enable(!enabled) });
    return h(
      "section",
      { class: "card stack", "aria-label": "Schedule" },
      h("div", { class: "between" }, h("div", { class: "with-badge" }, heading, h("span", { class: `badge ${enabled ? "good" : ""}` }, enabled ? "On" : "Paused")), toggle),
      h("p", { class: "schedule-words" }, scheduleText(schedule)),
      enabled ? [h("p", { class: "quiet small" }, "The next times:"), h("ol", { class: "next-times" }, ...times)] : h("p", { class: "quiet" }, "It does not run by itself until it is turned on."),
    );
  }

  /** Not conditioned on what was read: it changes this one member, whatever the others are by now. @param {boolean} enabled */
  async function enable(enabled) {
    try {
      // A merge patch: what is not named of the schedule stays (RFC 7396).
      const schedule = /** @type {Api.Schemas["ReportSchedule"]} */ ({ enabled });
      await api.patch("/api/reports/{id}/", { path: { id }, body: { schedule }, signal });
      await content.reload();
      const again = content.querySelector(".between > .button");
      if (again instanceof HTMLElement) again.focus();
      announce(enabled ? "The schedule is on." : "The schedule is paused.");
    } catch (error) {
      failed(error);
    }
  }

  const crumbs = h("nav", { "aria-label": "Breadcrumb", class: "crumbs" }, h("a", { href: href("/reports") }, "Reports"));
  return h("div", { class: "report" }, h("header", { class: "page-header" }, h("div", null, crumbs, title, about), actions), content);
}

/** @param {Report} report @param {AbortSignal} signal */
async function remove({ id, name }, signal) {
  try {
    const { data: runs } = await api.get("/api/reports/{id}/runs/", { path: { id }, query: { page_size: 1 }, signal });
    const files = runs.count > 0 ? ` with ${counted(runs.count, "run")} and their files` : "";
    const text = `It is deleted${files}. This cannot be undone.`;
    if (!(await confirm({ title: `Delete ${name}?`, text, action: "Delete", isDangerous: true }))) return;
    await api.delete("/api/reports/{id}/", { path: { id }, signal });
    navigate(href("/reports"));
    toast(`${name} is deleted.`);
  } catch (error) {
    failed(error);
  }
}

/** @param {unknown} error */
function failed(error) {
  if (!isAbort(error)) toast(/** @type {any} */ (error).detail ?? String(error), { kind: "error" });
}
