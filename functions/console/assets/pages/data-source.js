/**
 * A data source: its tables, its imports and its settings, and all that can be done with it.
 */

import { api } from "../api/client.js";
import { isAbort } from "../api/error.js";
import { may } from "../app/permissions.js";
import { href, navigate } from "../app/router.js";
import { withLabels } from "../data-sources/api-text.js";
import { connectionTest } from "../data-sources/connection-test.js";
import { ENGINES, acceptedFiles } from "../data-sources/engines.js";
import { fileButton, takeDroppedFiles } from "../data-sources/file-choice.js";
import { importTaskList } from "../data-sources/import-task-view.js";
import { importTasks, reasonOf } from "../data-sources/import-task.js";
import { isolated } from "../data-sources/client-text.js";
import { importsView } from "../data-sources/imports-view.js";
import { keepingFocus } from "../ui/keep-focus.js";
import { newestFirst } from "../data-sources/newest-first.js";
import { refusalOf } from "../data-sources/new-source.js";
import { mayWrite } from "../data-sources/permissions.js";
import { settingsView } from "../data-sources/settings-view.js";
import { editSource, saveSource } from "../data-sources/source-editing.js";
import { removeSource } from "../data-sources/source-removal.js";
import { statusBadge } from "../data-sources/status-badge.js";
import { tablesView } from "../data-sources/tables-view.js";
import { toast } from "../ui/announce.js";
import { button, buttonLink } from "../ui/button.js";
import { h, replace, text } from "../ui/dom.js";
import { ago, dateTime } from "../ui/format.js";
import { icon } from "../ui/icon.js";
import { loading } from "../ui/states.js";

/** @typedef {import("../data-sources/source-editing.js").Read} Read */

const VIEWS = { tables: "Tables", imports: "Imports", settings: "Settings" };

/** @param {import("../app/pages.js").PageContext} context */
export function page({ params, query, signal, account, setTitle, onQuery }) {
  const id = Number(params.id);
  const title = h("h1", null, "Data source");
  const about = h("p", { class: "quiet" });
  const actions = h("div", { class: "actions" });
  const notice = h("div", { class: "notices" });
  const test = connectionTest(id, signal);
  const tabs = h("nav", { class: "tabs", "aria-label": "Views" });
  const view = h("div", { class: "view" });
  const overlay = h("div");
  let asked = read(query);
  /** @type {Read | undefined} */
  let current;

  const body = loading("Loading the data source", signal, async () => {
    const { data: source, etag } = await api.get("/api/data-sources/{id}/", { path: { id }, signal });
    current = { source, etag };
    showHead(current);
    showView();
    follow(source, signal);
    return [notice, test.element, importTaskList({ account, signal, source: id }), tabs, view];
  });

  /** @param {Read} read */
  function showHead({ source }) {
    const { name, description, type, engine, status, last_synced_at: synced } = source;
    setTitle(name);
    replace(title, text(name), status !== "active" && statusBadge(status));
    const updated = synced ? h("time", { datetime: synced, title: dateTime(synced) }, `updated ${ago(synced)}`) : "nothing imported yet";
    replace(about, description && h("span", { class: "description", dir: "auto" }, description), `${ENGINES[engine].label} · `, updated);
    replace(actions, actionsOf(source));
    showNotice();
    const isDroppable = type === "file" && mayWrite(account, type);
    if (isDroppable && !overlay.hasChildNodes()) overlay.append(takeDroppedFiles({ label: "Drop it to import it", signal, take: take(false) }));
  }

  function showView() {
    if (!current) return;
    const { source } = current;
    const links = Object.entries(VIEWS).map(([name, label]) =>
      h("a", { href: href(`/data-sources/${id}`, { view: name === "tables" ? undefined : name }), "aria-current": name === asked.view && "page" }, label),
    );
    replace(tabs, ...links);
    const options = { source, asked, signal };
    if (asked.view === "tables") replace(view, tablesView({ ...options, begin: () => importAction(source, { isFirst: true }) }));
    else if (asked.view === "imports") replace(view, importsView({ ...options, allowBreaking: () => importAction(source, { allowBreaking: true }) }));
    else replace(view, settingsView(source, settingsActions(source)));
  }

  /**
   * What brings in data: a file, or what the API fetches.
   * @param {Api.Schemas["DataSource"]} source
   * @param {{ isFirst?: boolean, allowBreaking?: boolean }} [options]
   */
  function importAction(source, { isFirst = false, allowBreaking = false } = {}) {
    const { type, engine } = source;
    if (!mayWrite(account, type)) return false;
    const kind = isFirst ? "primary" : undefined;
    if (type === "file") {
      const label = allowBreaking ? "Choose the file again, and import it all the same" : isFirst ? "Choose a file" : "Upload a file";
      return fileButton(label, { accept: acceptedFiles(engine), kind, take: take(allowBreaking) });
    }
    const isLive = type === "database" || engine === "athena";
    const label = allowBreaking ? "Import all the same" : isLive ? (isFirst ? "Read the catalog" : "Read the catalog again") : "Import now";
    const run = () => void importTasks.begin({ source, allowBreaking });
    return button(label, { kind: allowBreaking ? "danger" : kind, icon: "refresh", run });
  }

  /** @param {boolean} allowBreaking */
  function take(allowBreaking) {
    return (/** @type {File[]} */ [file, ...others]) => {
      if (!current) return;
      const { source } = current;
      const refusal = others.length > 0 ? "This data source takes one file at a time." : refusalOf(file, source.engine);
      if (refusal) toast(refusal, { kind: "error" });
      else importTasks.begin({ source, file, allowBreaking });
    };
  }

  /** @param {Api.Schemas["DataSource"]} source */
  function actionsOf(source) {
    const hasData = source.last_synced_at !== null;
    const explore = hasData && may(account, "analytics:query") && buttonLink("Explore this", { href: href("/explore", { source: id }), kind: "primary", icon: "explore" });
    const tests = source.type !== "file" && testAction("Test connection");
    const edits = mayWrite(account, source.type) && named("edit", button("Edit", { icon: "edit", run: edit }));
    return [explore, hasData && importAction(source), tests, edits];
  }

  /** @param {string} label */
  function testAction(label) {
    return may(account, "data_sources:write") && named("test", button(label, { icon: "check", run: test.run }));
  }

  /**
   * @param {Api.Schemas["DataSource"]} source
   * @returns {import("../data-sources/settings-view.js").Buttons}
   */
  function settingsActions({ type, status }) {
    const tests = type === "file" && testAction("Check the data");
    if (!mayWrite(account, type)) return { test: tests, pause: false, remove: false };
    const isPaused = status === "paused";
    const pause = () => change({ status: isPaused ? "active" : "paused" });
    return {
      test: tests,
      pause: named("pause", button(isPaused ? "Resume" : "Pause", { icon: isPaused ? "play" : "pause", run: pause })),
      remove: named("delete", button("Delete", { icon: "delete", run: remove })),
    };
  }

  /** An import that is told below already is not told twice. */
  function showNotice() {
    const isTold = importTasks.of(id).some(({ state }) => state === "failed");
    if (current) replace(notice, (current.source.status === "paused" || !isTold) && noticeOf(current.source));
  }

  async function edit() {
    if (!current || !(await editSource(current, signal))) return;
    toast("Saved.");
    await reload();
  }

  /** @param {import("../data-sources/source-editing.js").Changes} changes */
  async function change(changes) {
    await told(async () => {
      if (current && (await saveSource(current, changes, signal))) await reload();
    });
  }

  async function remove() {
    await told(async () => {
      if (!current || !(await removeSource(current.source, account, signal))) return;
      for (const task of importTasks.of(id)) importTasks.dismiss(task);
      toast(`${isolated(current.source.name)} was deleted.`);
      navigate(href("/data-sources"));
    });
  }

  importTasks.addEventListener(
    "state",
    (event) => {
      if (!(event instanceof CustomEvent)) return;
      const task = /** @type {import("../data-sources/import-task.js").ImportTask} */ (event.detail);
      if (task.source?.id === id && task.isOver) reload();
    },
    { signal },
  );
  importTasks.addEventListener("change", showNotice, { signal });
  onQuery((query) => {
    asked = read(query);
    showView();
  });
  const crumbs = h("nav", { "aria-label": "Breadcrumb", class: "crumbs" }, h("a", { href: href("/data-sources") }, "Data sources"));
  const root = h("div", null, h("header", { class: "page-header" }, h("div", null, crumbs, title, about), actions), body, overlay);
  const reload = () => keepingFocus(root, body.reload);
  return root;
}

/** @param {URLSearchParams} query */
function read(query) {
  const asked = query.get("view") ?? "";
  const view = Object.hasOwn(VIEWS, asked) ? /** @type {keyof typeof VIEWS} */ (asked) : "tables";
  return { view, table: query.get("table"), page: Math.max(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1) };
}

/** So that the focus finds it again when the actions are shown anew. @param {string} name @param {HTMLElement} element */
function named(name, element) {
  element.dataset.action = name;
  return element;
}

/** @param {Api.Schemas["DataSource"]} source */
function noticeOf({ id, status, status_reason: reason, type }) {
  if (status === "paused") {
    const fetched = type === "file" ? "" : " It is not read again by itself, either.";
    return h("div", { class: "callout", data: { kind: "warning" } }, icon("pause"), h("div", null, h("strong", null, "It is paused."), h("p", null, `Widgets that use it show that in place of their data.${fetched}`)));
  }
  return status === "error" && reason && h("div", { class: "callout", data: { kind: "danger" } }, icon("alert"), h("div", null, h("strong", { dir: "auto" }, withLabels(reason)), h("p", null, "The data is as it was before. ", h("a", { href: href(`/data-sources/${id}`, { view: "imports" }) }, "See the import"))));
}

/**
 * Watches an import that goes on already: begun by somebody else, or before the page was loaded again.
 * @param {Api.Schemas["DataSource"]} source
 * @param {AbortSignal} signal
 */
async function follow(source, signal) {
  if (importTasks.of(source.id).some((task) => !task.isOver)) return;
  const load = (/** @type {{ page: number, page_size: number }} */ query) => api.get("/api/data-sources/{id}/imports/", { path: { id: source.id }, query, signal });
  const newest = await newestFirst(load, 1, 1).catch(() => undefined);
  const [known] = newest?.results ?? [];
  // A file that is waited for may never come.
  const isUnderWay = known?.status === "running" || (known?.status === "waiting" && source.type !== "file");
  if (isUnderWay && !signal.aborted) importTasks.begin({ source, known });
}

/** Does it, and tells why it failed. @param {() => Promise<void>} action */
async function told(action) {
  try {
    await action();
  } catch (error) {
    if (!isAbort(error)) toast(reasonOf(error), { kind: "error" });
  }
}
