/**
 * Keeps what was asked in Explore: as a widget of a dashboard that is there, or of a new one.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { all } from "../api/pages.js";
import { href, navigate } from "../app/router.js";
import { toast } from "../ui/announce.js";
import { openDialog } from "../ui/dialog.js";
import { form } from "../ui/form.js";
import { below, SIZES } from "./layout.js";
import { mayChange } from "../app/permissions.js";

/** Others may be saving the same dashboard: a widget more gets along with whatever they change. */
const ATTEMPTS = 5;

/** @typedef {import("../query/draft.js").Question} Question */

/** @param {Question} question @param {import("../app/pages.js").PageContext} context */
export async function keepWidget(question, { signal, account }) {
  /** @type {Api.Schemas["DashboardSummary"][]} */
  const dashboards = [];
  try {
    for await (const dashboard of all((query) => api.get("/api/dashboards/", { query, signal }))) if (mayChange(account, "dashboards", dashboard)) dashboards.push(dashboard);
  } catch (error) {
    if (!signal.aborted) toast(/** @type {Error} */ (error).message, { kind: "error" });
    return;
  }
  const id = await openDialog("Keep as a widget", (close, open) => {
    const save = async (/** @type {{ title: string, dashboard?: string, name?: string }} */ { title, dashboard, name }) => {
      const widget = { ...question, title };
      const both = AbortSignal.any([signal, open]);
      close(dashboard ? await append(Number(dashboard), widget, both) : await create(name || title, widget, both));
    };
    const options = [{ value: "", label: "A new dashboard" }, ...dashboards.map(({ id, name }) => ({ value: String(id), label: name }))];
    const { element, control } = form({
      fields: [
        { name: "title", label: "Title", value: question.title, required: true, attributes: { maxlength: 100 } },
        { name: "dashboard", label: "Dashboard", type: "select", options, value: options.length > 1 ? options[1].value : "" },
        { name: "name", label: "Name of the new dashboard", value: "", attributes: { maxlength: 100, placeholder: question.title } },
      ],
      submit: "Keep it",
      save,
      cancel: () => close(),
    });
    const select = control("dashboard");
    const name = control("name")?.closest(".field");
    const show = () => name instanceof HTMLElement && (name.hidden = select?.value !== "");
    select?.addEventListener("change", show);
    show();
    return element;
  });
  if (id === undefined) return;
  navigate(href(`/dashboards/${id}`));
  toast("Kept as a widget");
}

/** @param {string} name @param {Question} widget @param {AbortSignal} signal */
async function create(name, widget, signal) {
  const placed = { ...widget, position: { x: 0, y: 0, ...SIZES[widget.type] } };
  const { data } = await api.post("/api/dashboards/", { body: { name, description: "", status: "draft", widgets: [placed] }, signal });
  return data.id;
}

/**
 * @param {number} id
 * @param {Question} widget
 * @param {AbortSignal} signal
 */
async function append(id, widget, signal) {
  for (let attempt = 1; ; attempt += 1) {
    const { data, etag } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
    const position = { x: 0, y: below(data.widgets), ...SIZES[widget.type] };
    try {
      await api.patch("/api/dashboards/{id}/", { path: { id }, body: { widgets: [...data.widgets, { ...widget, position }] }, ifMatch: etag, signal });
      return id;
    } catch (error) {
      const isBehind = error instanceof ApiError && error.status === 412;
      if (!isBehind || attempt === ATTEMPTS) throw error;
    }
  }
}
