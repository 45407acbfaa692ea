/**
 * A dashboard: drawn as its reader wants to see it, and edited in place by who may.
 */

import { api } from "../api/client.js";
import { may, mayChange } from "../app/permissions.js";
import { href, navigate, replaceAddress } from "../app/router.js";
import { announce, toast } from "../ui/announce.js";
import { button, iconButton } from "../ui/button.js";
import { h, replace, text } from "../ui/dom.js";
import { menu } from "../ui/menu.js";
import { emptyState, loading } from "../ui/states.js";
import { askDetails, duplicate, failed, remove } from "../dashboard/actions.js";
import { answers } from "../dashboard/answers.js";
import { board } from "../dashboard/board.js";
import { DashboardDraft } from "../dashboard/draft.js";
import { edit } from "../dashboard/edit.js";
import { printLight } from "../dashboard/print.js";
import { save } from "../dashboard/save.js";
import { columnsOf, toolbar } from "../dashboard/toolbar.js";
import { isSame, parameters, read } from "../dashboard/viewer.js";

/** @param {import("../app/pages.js").PageContext} context */
export function page(context) {
  const { params, query, signal, account, setTitle, onQuery } = context;
  const id = Number(params.id);
  let viewer = read(query);
  let wantsEdit = query.has("edit");
  let columns = "";
  /** @type {DashboardDraft} */
  let current;

  const title = h("h1", null, "Dashboard");
  const about = h("p", { class: "quiet", dir: "auto" });
  const actions = h("div", { class: "actions" });
  const data = answers(id, () => viewer, signal);
  const grid = board({ dashboard: id, signal, viewer: () => viewer, answers: data });
  const tools = toolbar(() => viewer, (next) => {
    const isOther = !isSame(next, viewer);
    viewer = next;
    // What is not written to its end yet is neither asked for nor in the address.
    if (!isOther) return;
    replaceAddress(href(`/dashboards/${id}`, parameters(viewer)));
    redraw();
  }, signal);
  const empty = h("div");
  const leaveFull = iconButton("Leave full screen", { icon: "close", run: () => void document.exitFullscreen() });
  const stage = h("div", { class: "stage" }, leaveFull, grid.element, empty);

  const redraw = () => {
    data.forget();
    grid.redraw();
  };

  /** Shows what the API has. @param {Api.Schemas["Dashboard"]} dashboard @param {string | null} etag */
  const show = (dashboard, etag) => {
    current = new DashboardDraft(dashboard, etag);
    heading(dashboard);
    data.forget();
    grid.show(dashboard.widgets, dashboard.widgets);
    grid.sort(dashboard.widgets);
    const hasData = dashboard.widgets.some(({ data_source: source }) => source);
    tools.element.hidden = !hasData;
    replace(empty, dashboard.widgets.length === 0 && none());
    viewActions(dashboard);
    describe(dashboard.widgets);
  };

  const heading = (/** @type {{ name: string, description: string, status: string }} */ { name, description, status }) => {
    setTitle(name);
    replace(title, text(name), status === "draft" && h("span", { class: "badge" }, "Draft"));
    replace(about, description);
  };

  /** What can be filtered by: not before there is something to see. @param {Api.Schemas["Widget"][]} widgets */
  const describe = async (widgets) => {
    const asked = JSON.stringify(widgets.map(({ data_source: source, query }) => [source, query?.table]));
    if (asked === columns) return;
    columns = asked;
    const all = await columnsOf(widgets, signal);
    if (!signal.aborted && asked === columns) tools.describe(all);
  };

  /** @param {Api.Schemas["Dashboard"]} dashboard */
  const viewActions = (dashboard) => {
    const isOwn = mayChange(account, "dashboards", dashboard);
    const full = () => stage.requestFullscreen().catch(() => toast("This browser does not show it on the full screen", { kind: "error" }));
    const enterFull = iconButton("Full screen", { icon: "fullscreen", run: full });
    // Controls that it covers cannot be used.
    stage.onfullscreenchange = () => (document.fullscreenElement ? leaveFull : enterFull).focus();
    replace(
      actions,
      iconButton("Refresh", { icon: "refresh", run: refresh }),
      enterFull,
      iconButton("Print", { icon: "print", run: () => printLight(stage) }),
      isOwn && button("Edit", { icon: "edit", run: () => beginEditing() }),
      (may(account, "dashboards:write_own") || may(account, "reports:write_own")) && menu("More of this dashboard", [
        may(account, "reports:write_own") && { label: "Make a report", icon: "report", run: () => navigate(href("/reports/new", { dashboard: id })) },
        isOwn && { label: "Rename, describe, publish", icon: "settings", run: rename },
        may(account, "dashboards:write_own") && { label: "Duplicate", icon: "duplicate", run: () => duplicate(id, signal) },
        isOwn && { label: "Delete", icon: "delete", isDangerous: true, run: () => leave(dashboard) },
      ]),
    );
  };

  const refresh = async () => {
    try {
      await api.post("/api/dashboards/{id}/refresh/", { path: { id }, signal });
      redraw();
      announce("Refreshed");
    } catch (error) {
      failed(error, signal);
    }
  };

  const rename = () =>
    askDetails("Dashboard", current.saved, "Save", async (details, open) => {
      // A draft of its own: what is not saved is not in the next one.
      const draft = new DashboardDraft(current.saved, current.etag);
      draft.content = { ...draft.content, ...details };
      if (!draft.isChanged) return undefined;
      const saved = await save(draft, AbortSignal.any([signal, open]));
      done(saved);
      return saved !== undefined;
    });

  /** @param {{ id: number, name: string }} dashboard */
  const leave = (dashboard) => {
    remove(dashboard, (isUndone) => isUndone && navigate(href(`/dashboards/${dashboard.id}`)));
    navigate(href("/dashboards"));
  };

  /** @param {import("../dashboard/save.js").Saved | undefined} saved */
  const done = (saved) => {
    if (!saved) return;
    show(saved.dashboard, saved.etag);
    toast(saved.isTheirs ? "The other version stays" : saved.isMerged ? "Saved, beside what somebody else has changed" : "Saved");
  };

  const beginEditing = () => {
    tools.element.hidden = true;
    empty.replaceChildren();
    edit({
      draft: current,
      grid,
      actions,
      empty,
      context,
      heading,
      end: (saved) => {
        if (saved) done(saved);
        else show(current.saved, current.etag);
        replaceAddress(href(`/dashboards/${id}`, parameters(viewer)));
        actions.querySelector("button")?.focus();
      },
    });
  };

  const none = () => {
    const isOwn = mayChange(account, "dashboards", current.saved);
    const text = isOwn ? "Add charts, tables and texts, and arrange them as you like." : "Its owner has not put anything on it.";
    return emptyState({ icon: "dashboard", title: "Nothing on it yet", text, action: isOwn && button("Edit this dashboard", { kind: "primary", icon: "edit", run: () => beginEditing() }) });
  };

  const body = loading("Loading the dashboard", signal, async () => {
    const { data: dashboard, etag } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
    show(dashboard, etag);
    if (wantsEdit && mayChange(account, "dashboards", dashboard)) beginEditing();
    wantsEdit = false;
    return [tools.element, stage];
  });
  onQuery((query) => {
    const next = read(query);
    if (isSame(next, viewer)) return;
    viewer = next;
    tools.show();
    redraw();
  });
  const crumbs = h("nav", { "aria-label": "Breadcrumb", class: "crumbs" }, h("a", { href: href("/dashboards") }, "Dashboards"));
  return h("div", null, h("header", { class: "page-header" }, h("div", null, crumbs, title, about), actions), body);
}
