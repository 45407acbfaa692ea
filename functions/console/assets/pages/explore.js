/**
 * Explore: asking without a dashboard. What is asked is in the address, so that it can be kept, shared and gone back to.
 */

import { api } from "../api/client.js";
import { href, replaceAddress } from "../app/router.js";
import { toast } from "../ui/announce.js";
import { button } from "../ui/button.js";
import { h } from "../ui/dom.js";
import { emptyState } from "../ui/states.js";
import { may } from "../app/permissions.js";
import { download } from "../ui/download.js";
import { keepWidget } from "../dashboard/keep-widget.js";
import { QueryDraft } from "../query/draft.js";
import { queryEditor } from "../query/editor.js";
import { finished } from "../query/running.js";

/** @param {import("../app/pages.js").PageContext} context */
export function page(context) {
  const { query, signal, account, onQuery } = context;
  const heading = h("h1", null, "Explore");
  if (!may(account, "analytics:query")) {
    const text = "Your role may look at dashboards, and not ask questions of its own. An administrator can change that.";
    return h("div", null, h("header", { class: "page-header" }, heading), emptyState({ icon: "explore", title: "Not for your role", text }));
  }
  const place = h("div");
  let shown = query.toString();
  const open = (/** @type {URLSearchParams} */ query) => {
    const draft = new QueryDraft(read(query));
    const update = () => {
      const next = address(draft);
      shown = next.split("?", 2)[1] ?? "";
      replaceAddress(next);
    };
    draft.addEventListener("change", () => draft.isAsked && update());
    const actions = h(
      "div",
      { class: "actions" },
      button("Download CSV", { icon: "download", run: () => draft.isAsked && csv(draft, signal) }),
      may(account, "dashboards:write_own") && button("Keep as a widget", { icon: "dashboard", kind: "primary", run: () => draft.isAsked && keepWidget(draft.question, context) }),
    );
    const showActions = () => {
      for (const control of actions.querySelectorAll("button")) control.disabled = !draft.isAsked;
    };
    draft.addEventListener("change", showActions);
    showActions();
    place.replaceChildren(h("header", { class: "page-header" }, heading, actions), queryEditor(draft, signal));
  };
  onQuery((query) => {
    if (query.toString() === shown) return;
    shown = query.toString();
    open(query);
  });
  open(query);
  return place;
}

/** @param {URLSearchParams} query @returns {Partial<import("../query/draft.js").Question>} */
function read(query) {
  try {
    const source = Number(query.get("source")) || null;
    const type = /** @type {any} */ (query.get("type") ?? undefined);
    return { data_source: source, type, query: JSON.parse(query.get("query") ?? "{}"), options: JSON.parse(query.get("options") ?? "{}") };
  } catch {
    // A link that was cut on its way.
    return {};
  }
}

/** @param {QueryDraft} draft */
function address(draft) {
  const { data_source: source, query, type, options } = draft.question;
  return href("/explore", {
    source,
    type: draft.hasChosenType ? type : undefined,
    query: JSON.stringify(query),
    options: Object.keys(options).length > 0 ? JSON.stringify(options) : undefined,
  });
}

/** @param {QueryDraft} draft @param {AbortSignal} signal */
async function csv(draft, signal) {
  const { data_source: source, query, title } = draft.question;
  try {
    const ask = () => api.postBlob("/api/analytics/query/", { body: { data_source: source ?? 0, query }, signal, accept: "text/csv" });
    const { data } = await finished(ask, signal);
    download(data, `${title}.csv`);
  } catch (error) {
    if (!signal.aborted) toast(`No file: ${/** @type {Error} */ (error).message}`, { kind: "error" });
  }
}
