/**
 * Making a report, and changing one.
 */

import { api } from "../api/client.js";
import { ApiError, isAbort } from "../api/error.js";
import { all } from "../api/pages.js";
import { may } from "../app/permissions.js";
import { href, navigate } from "../app/router.js";
import { FORMAT_OPTIONS } from "../reports/formats.js";
import { recipientFields } from "../reports/recipients.js";
import { differences } from "../reports/report-differences.js";
import { scheduleFields } from "../reports/schedule-fields.js";
import { AS_THE_WIDGETS, replacing, timeColumns, timeRangeFields } from "../reports/time-range.js";
import { toast } from "../ui/announce.js";
import { buttonLink } from "../ui/button.js";
import { confirm, resolveConflict } from "../ui/dialog.js";
import { h, replace } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { emptyState, loading } from "../ui/states.js";
import { timeZoneOptions } from "../ui/time-zone.js";

/** @typedef {Api.Schemas["Report"]} Report */
/** @typedef {Api.Schemas["ReportCreate"]} ReportCreate */

/** A choice of more dashboards than these is none. */
const DASHBOARDS_OFFERED = 1000;

/** @param {import("../app/pages.js").PageContext} context */
export function page({ params, query, account, signal, setTitle, onLeave }) {
  const id = params.id === undefined ? undefined : Number(params.id);
  const title = h("h1", null, id === undefined ? "New report" : "Edit report");
  const crumb = h("a", { href: href("/reports") }, "Reports");
  let isChanged = false;
  const changed = () => {
    if (isChanged) return;
    isChanged = true;
    onLeave(() => !isChanged || confirm({ title: "Leave without saving?", text: "What you changed here is lost.", action: "Leave", isDangerous: true }));
  };

  const content = loading("Loading the form", signal, async () => {
    if (!may(account, "reports:write_own")) return emptyState({ icon: "report", title: "You may not make reports", text: "Your role only looks at them." });
    const [dashboards, report] = await Promise.all([dashboardOptions(signal), id === undefined ? undefined : api.get("/api/reports/{id}/", { path: { id }, signal })]);
    if (dashboards.length === 0) return noDashboards();
    isChanged = false;
    const wanted = report?.data.dashboard ?? Number(query.get("dashboard"));
    const element = editor({ dashboards, report, wanted });
    element.addEventListener("input", changed);
    return element;
  });

  /** @param {{ dashboards: { value: string, label: string }[], report: Api.Reply<Report> | undefined, wanted: number }} options */
  function editor({ dashboards, report, wanted }) {
    const before = report?.data;
    let etag = report?.etag;
    const range = timeRangeFields(before?.time_range ?? null);
    const schedule = scheduleFields(before?.schedule ?? null);
    const recipients = recipientFields(before?.recipients ?? [], account.user);
    const isGone = wanted > 0 && !dashboards.some(({ value }) => value === String(wanted));
    const options = isGone ? [{ value: String(wanted), label: `Dashboard ${wanted}` }, ...dashboards] : dashboards;
    const zones = [{ value: "", label: AS_THE_WIDGETS }, ...timeZoneOptions(before?.timezone)];
    const built = form({
      fields: [
        { name: "name", label: "Name", required: true, value: before?.name, attributes: { maxlength: 100, autocomplete: "off" } },
        { name: "description", label: "Description", type: "textarea", value: before?.description, attributes: { maxlength: 2000, rows: 2 } },
        { name: "dashboard", label: "Dashboard", type: "select", value: String(wanted || options[0].value), options },
        { name: "format", label: "Format", type: "select", value: before?.format ?? "pdf", options: FORMAT_OPTIONS },
        { name: "timezone", label: "Time zone", type: "select", value: before?.timezone ?? "", options: zones, hint: "Whose days are meant in the data." },
      ],
      extra: [range.element, schedule.element, recipients.element],
      submit: id === undefined ? "Create report" : "Save",
      save: async (values) => {
        if (!schedule.check()) return;
        const body = {
          name: values.name,
          description: values.description ?? "",
          dashboard: Number(values.dashboard),
          format: values.format,
          timezone: values.timezone ?? null,
          time_range: range.value(),
          schedule: schedule.value(),
          recipients: recipients.value(),
        };
        try {
          await store(body);
        } catch (error) {
          throw atSchedule(error);
        }
      },
      cancel: () => navigate(href(id === undefined ? "/reports" : `/reports/${id}`)),
    });
    const dashboard = /** @type {HTMLSelectElement} */ (built.control("dashboard"));
    const offer = async () => {
      const asked = dashboard.value;
      const columns = await timeColumns(Number(asked), signal).catch((error) => (isAbort(error) ? undefined : []));
      // Those of a dashboard that was chosen before may come later.
      if (columns && asked === dashboard.value) range.offer(columns);
    };
    dashboard.addEventListener("change", offer);
    offer();

    /** A mistake in the schedule is shown where it is made. @param {unknown} error */
    function atSchedule(error) {
      if (!(error instanceof ApiError)) return error;
      const reasons = Object.entries(error.fields).filter(([name]) => name.startsWith("schedule"));
      schedule.showReasons(reasons.flatMap(([, texts]) => texts));
      return error;
    }

    /** @param {ReportCreate} body */
    async function store(body) {
      if (id === undefined) {
        const { data } = await api.post("/api/reports/", { body, signal });
        return done(data, "Report created.");
      }
      for (;;) {
        try {
          const { data } = await api.patch("/api/reports/{id}/", { path: { id }, body: { ...body, time_range: replacing(body.time_range) }, ifMatch: etag, signal });
          return done(data, "Saved.");
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 412) throw error;
        }
        const current = await api.get("/api/reports/{id}/", { path: { id }, signal });
        // The tag moves on with the schedule's times and with each run, too: then there is nothing to choose between.
        const found = differences(/** @type {Report} */ (before), current.data, body);
        const choice = found.length > 0 ? await resolveConflict("report", found) : "mine";
        if (choice === undefined) return;
        if (choice === "theirs") return content.reload();
        etag = current.etag;
      }
    }

    return h("div", { class: "card narrow" }, built.element);
  }

  /** @param {Report} report @param {string} message */
  function done({ id: stored }, message) {
    isChanged = false;
    navigate(href(`/reports/${stored}`));
    toast(message);
  }

  setTitle(id === undefined ? "New report" : "Edit report");
  const crumbs = h("nav", { "aria-label": "Breadcrumb", class: "crumbs" }, crumb);
  if (id !== undefined) replace(crumbs, crumb, h("span", { class: "quiet", "aria-hidden": "true" }, " › "), h("a", { href: href(`/reports/${id}`) }, `Report ${id}`));
  return h("div", null, h("header", { class: "page-header" }, h("div", null, crumbs, title)), content);
}

/** @param {AbortSignal} signal */
async function dashboardOptions(signal) {
  const options = [];
  for await (const { id, name } of all((query) => api.get("/api/dashboards/", { query, signal }))) {
    options.push({ value: String(id), label: name });
    if (options.length === DASHBOARDS_OFFERED) break;
  }
  return options;
}

function noDashboards() {
  const action = buttonLink("Go to the dashboards", { href: href("/dashboards"), kind: "primary" });
  return emptyState({ icon: "dashboard", title: "There is no dashboard yet", text: "A report is a dashboard as a file: make a dashboard first.", action });
}
