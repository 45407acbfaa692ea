/**
 * Imports as they go on: how far each is, a way to cancel it, and what came of it.
 */

import { may } from "../app/permissions.js";
import { href, navigate } from "../app/router.js";
import { announce, toast } from "../ui/announce.js";
import { button, buttonLink, iconButton } from "../ui/button.js";
import { h, replace, text } from "../ui/dom.js";
import { bytes, counted } from "../ui/format.js";
import { icon } from "../ui/icon.js";
import { acceptedFiles, engineOfFile } from "./engines.js";
import { fileButton } from "./file-choice.js";
import { importReport } from "./import-report.js";
import { importTasks, reasonOf } from "./import-task.js";
import { isolated } from "./client-text.js";
import { refusalOf } from "./new-source.js";

/** @typedef {import("./import-task.js").ImportTask} ImportTask */

importTasks.addEventListener("state", (event) => {
  if (event instanceof CustomEvent && !isShown(event.detail)) tellElsewhere(event.detail);
});

/** Whether a list on the page has it: that of its source, or of all. @param {ImportTask} task */
function isShown({ source }) {
  const id = String(source?.id);
  const lists = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".tasks"));
  return [...lists].some(({ dataset }) => (dataset.source ?? id) === id);
}

/** Who has gone on to another page is told how it ended. @param {ImportTask} task */
function tellElsewhere(task) {
  const { source, state } = task;
  if (state !== "done" && state !== "failed") return;
  const open = () => navigate(href(source ? `/data-sources/${source.id}` : "/data-sources"));
  toast(spoken(task), { kind: state === "done" ? "success" : "error", action: { label: "Open", run: open } });
}

/**
 * The imports of a source, or of all, that were begun on this page and not put away yet.
 * @param {object} options
 * @param {Api.Schemas["Account"]} options.account
 * @param {AbortSignal} options.signal
 * @param {number} [options.source]  Whose imports; what leads to it is left out then.
 */
export function importTaskList({ account, signal, source }) {
  const list = h("ul", { class: "tasks", "aria-label": "Imports", data: source === undefined ? {} : { source } });
  /** @type {Map<ImportTask, HTMLElement>} */
  const items = new Map();
  const show = () => {
    const tasks = importTasks.of(source);
    for (const [task, item] of items) {
      if (tasks.includes(task)) continue;
      item.remove();
      items.delete(task);
    }
    for (const task of tasks) {
      if (items.has(task)) continue;
      const item = taskItem(task, { account, signal, isOnSource: source !== undefined });
      items.set(task, item);
      list.append(item);
    }
    list.hidden = items.size === 0;
  };
  importTasks.addEventListener("change", show, { signal });
  importTasks.addEventListener("state", show, { signal });
  show();
  return list;
}

/**
 * @param {ImportTask} task
 * @param {{ account: Api.Schemas["Account"], signal: AbortSignal, isOnSource: boolean }} options
 */
function taskItem(task, options) {
  const body = h("div", { class: "task-body" });
  const item = h("li", { class: "card task" }, body);
  const show = () => {
    item.dataset.state = task.state;
    const focused = item.contains(document.activeElement);
    replace(body, ...(task.isOver ? outcome(task, options) : underWay(task, options.signal)));
    if (focused && !item.contains(document.activeElement)) item.querySelector("button")?.focus();
  };
  const say = () => {
    const words = spoken(task);
    if (words) announce(words);
  };
  task.addEventListener("state", () => (show(), say()), { signal: options.signal });
  show();
  return item;
}

/** @param {ImportTask} task @param {AbortSignal} signal */
function underWay(task, signal) {
  const { file } = task;
  const isSending = task.state === "sending" && file !== undefined;
  const label = `Import of ${task.name}`;
  const bar = isSending ? h("progress", { "aria-label": label, value: 0, max: 1 }) : h("progress", { "aria-label": label });
  const words = h("p", { class: "quiet small" });
  const tell = () => {
    if (task.isCanceled) return replace(words, "Canceling…");
    if (!isSending) return replace(words, task.state === "reading" ? (file ? "Sent. Reading it…" : "Reading…") : "Starting…");
    const share = file.size > 0 ? task.sent / file.size : 0;
    bar.value = Math.min(share, 1);
    replace(words, `Sending: ${bytes(Math.min(task.sent, file.size))} of ${bytes(file.size)} (${Math.floor(Math.min(share, 1) * 100)}%)`);
  };
  tell();
  task.addEventListener("progress", tell, { signal });
  return [
    heading(task, "upload"),
    bar,
    h("div", { class: "task-foot" }, words, task.isCancelable && button("Cancel", { run: () => task.cancel() })),
  ];
}

/**
 * @param {ImportTask} task
 * @param {{ account: Api.Schemas["Account"], signal: AbortSignal, isOnSource: boolean }} options
 */
function outcome(task, { account, signal, isOnSource }) {
  const away = iconButton("Dismiss", { icon: "close", run: () => importTasks.dismiss(task) });
  const { source, import: made } = task;
  if (task.state === "canceled") {
    const words = task.begin.create ? "Canceled. Nothing was kept." : "Canceled. The data is as it was.";
    return [heading(task, "close", away), h("p", { class: "quiet" }, words), again(task)];
  }
  if (task.state === "failed") {
    const isRead = made?.status === "failed";
    const isBroken = isRead && (made.changes?.breaks.length ?? 0) > 0;
    const keep = task.begin.source?.last_synced_at ? "The data is as it was." : "There is no data yet.";
    const words = isRead ? `It was not imported. ${keep}` : reasonOf(task.error);
    const allow = isBroken && button("Import all the same", { kind: "danger", run: () => importTasks.again(task, { allowBreaking: true }) });
    const open = !isOnSource && source && buttonLink("Open the data source", { href: href(`/data-sources/${source.id}`) });
    return [
      heading(task, "alert", away),
      h("p", { class: "reasons", dir: "auto" }, words),
      isRead && importReport(made, { signal, allowBreaking: allow }),
      (open || !isBroken) && h("div", { class: "task-actions" }, open, !isBroken && (isRead ? anotherFile(task) : again(task))),
    ];
  }
  const id = /** @type {{ id: number }} */ (source).id;
  const rows = made?.rows;
  const report = made && importReport({ ...made, tables: [] }, { signal });
  const said = typeof rows === "number" ? `${counted(rows, "row")} imported.` : `${counted(made?.tables.length ?? 0, "table")} found.`;
  const links = !isOnSource && [
    may(account, "analytics:query") && buttonLink("Explore this", { href: href("/explore", { source: id }), kind: "primary", icon: "explore" }),
    buttonLink("Preview", { href: href(`/data-sources/${id}`) }),
  ];
  return [
    heading(task, "check", away),
    h("p", null, said),
    report?.hasChildNodes() && report,
    links && h("div", { class: "task-actions" }, ...links),
  ];
}

/** What has mistakes in it has them the next time as well. @param {ImportTask} task */
function anotherFile(task) {
  const { file } = task;
  const engine = file && engineOfFile(file.name);
  if (!file || !engine) return again(task);
  const take = (/** @type {File[]} */ [chosen]) => {
    const refusal = refusalOf(chosen, engine);
    if (refusal) toast(refusal, { kind: "error" });
    else importTasks.again(task, { file: chosen });
  };
  return fileButton("Choose another file", { accept: acceptedFiles(engine), take });
}

/** @param {ImportTask} task */
function again(task) {
  return button("Try again", { icon: "refresh", run: () => importTasks.again(task) });
}

/**
 * @param {ImportTask} task
 * @param {import("../ui/icon.js").IconName} name
 * @param {HTMLElement} [away]
 */
function heading(task, name, away) {
  return h("header", null, icon(name), h("h2", null, text(task.name)), away);
}

/** @param {ImportTask} task */
function spoken(task) {
  const name = isolated(task.name);
  if (task.state === "sending") return `Sending ${name}`;
  if (task.state === "done") return `${name} was imported.`;
  if (task.state === "failed") return `${name} was not imported.`;
  return task.state === "canceled" ? `Canceled: ${name}` : "";
}
