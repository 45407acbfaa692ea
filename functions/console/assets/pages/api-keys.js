/**
 * Settings > Security > API Keys: making keys for programs, replacing and revoking them.
 */

import { api } from "../api/client.js";
import { may } from "../app/permissions.js";
import { href, replaceAddress } from "../app/router.js";
import { keepingFocus } from "../ui/keep-focus.js";
import { announce, toast } from "../ui/announce.js";
import { button, iconButton } from "../ui/button.js";
import { confirm, openDialog } from "../ui/dialog.js";
import { h, text } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { ago, counted, dateTime } from "../ui/format.js";
import { PAGE_SIZE, pageOrLast, pager } from "../ui/pager.js";
import { emptyState, loading } from "../ui/states.js";
import { createKey, rotateKey, SCOPES } from "../settings/api-key-dialogs.js";
import { settingsPage } from "../settings/layout.js";

/** @typedef {Api.Schemas["ApiKey"]} ApiKey */

const PATH = "/settings/security/api-keys";

/** @param {import("../app/pages.js").PageContext} context */
export function page({ account, query, signal, onQuery }) {
  const seesAll = may(account, "api_keys:any");
  let page = pageOf(query);
  // What had the focus is made anew with the list.
  const changed = async (/** @type {string} */ focused) => {
    await list.reload();
    const again = focused ? list.querySelector(focused) : null;
    (again instanceof HTMLElement ? again : action).focus();
  };
  const create = async () => {
    if (await createKey()) await changed("");
  };
  const list = loading("Loading API keys", signal, async () => {
    const wanted = page;
    const to = (/** @type {number} */ page) => href(PATH, { page: page === 1 ? undefined : page });
    const { data, last } = await pageOrLast(page, (page) => api.get("/api/api-keys/", { query: { page, page_size: PAGE_SIZE }, signal }));
    if (!data) return page === wanted && void replaceAddress(to(last));
    if (data.count === 0) return none(create);
    const rows = data.results.map((key) => row(key, { isOwn: key.created_by === account.user.id, seesAll, signal, changed }));
    return [h("ul", { class: "rows" }, ...rows), pager({ count: data.count, page, noun: "key", href: to })];
  });
  onQuery((query) => {
    page = pageOf(query);
    keepingFocus(list, list.reload);
  });
  const about = seesAll
    ? "Keys let programs call the API. You see those of everybody in the organization."
    : "Keys let programs call the API as you, without your password.";
  const action = button("Create API key", { kind: "primary", icon: "add", run: create });
  return settingsPage({ path: PATH, account, about, action }, list);
}

/** @param {URLSearchParams} query */
function pageOf(query) {
  return Math.max(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1);
}

/**
 * @param {ApiKey} key
 * @param {{ isOwn: boolean, seesAll: boolean, signal: AbortSignal, changed: (focused: string) => Promise<void> }} options
 */
function row(key, { isOwn, seesAll, signal, changed }) {
  const { id, name, scope, created_by: maker, created_at: created, last_used_at: used, usage_count: uses } = key;
  const state = expiry(key);
  const action = (/** @type {string} */ verb, /** @type {import("../ui/icon.js").IconName} */ icon, /** @type {(key: ApiKey, signal: AbortSignal) => Promise<boolean>} */ run) => {
    const act = async () => {
      if (await run(key, signal)) await changed(`[data-key="${id}"] button[title^="${verb}"]`);
    };
    return iconButton(`${verb} ${name}`, { icon, run: act });
  };
  const actions = [
    isOwn && !state.isOver && action("Rotate", "refresh", rotateKey),
    isOwn && action("Rename", "edit", rename),
    action("Revoke", "delete", revoke),
  ];
  const about = [
    seesAll && h("span", null, isOwn ? "Yours" : `Of user ${maker}`),
    h("time", { datetime: created, title: dateTime(created) }, `Made ${ago(created)}`),
    h("span", { class: state.isOver && "failure" }, state.words),
  ];
  const usage = used ? [`Last used `, h("time", { datetime: used, title: dateTime(used) }, ago(used))] : "Never used";
  return h(
    "li",
    { class: "row", data: { key: id } },
    h("div", { class: "row-main" }, h("h2", null, text(name), h("span", { class: "badge" }, SCOPES[scope])), h("p", { class: "quiet small facts" }, ...about)),
    h("p", { class: "row-side quiet small" }, h("span", null, usage), h("span", null, counted(uses, "request"))),
    h("div", { class: "row-actions" }, ...actions),
  );
}

/** @param {ApiKey} key */
function expiry({ expires_at: expires }) {
  if (!expires) return { isOver: false, words: "Never expires" };
  const isOver = new Date(expires).getTime() <= Date.now();
  const when = h("time", { datetime: expires, title: dateTime(expires) }, ago(expires));
  return { isOver, words: [isOver ? "Expired " : "Expires ", when] };
}

/** @param {ApiKey} key @param {AbortSignal} signal */
async function rename({ id, name }, signal) {
  const isDone = await openDialog(`Rename ${name}`, (close, open) => {
    const save = async (/** @type {{ name?: string }} */ values) => {
      await api.patch("/api/api-keys/{id}/", { path: { id }, body: { name: values.name ?? "" }, signal: AbortSignal.any([signal, open]) });
      close(true);
    };
    const fields = [{ name: "name", label: "Name", value: name, required: true, attributes: { maxlength: 100, autofocus: true } }];
    return form({ fields, submit: "Rename", save, cancel: () => close() }).element;
  });
  if (isDone) announce("Renamed");
  return isDone ?? false;
}

/** @param {ApiKey} key @param {AbortSignal} signal */
async function revoke({ id, name }, signal) {
  const text = "Whatever uses it is refused from the next request on. A revoked key cannot be brought back.";
  if (!(await confirm({ title: `Revoke ${name}?`, text, action: "Revoke", isDangerous: true }))) return false;
  try {
    await api.delete("/api/api-keys/{id}/", { path: { id }, signal });
    toast(`${name} is revoked.`);
    return true;
  } catch (error) {
    toast(/** @type {any} */ (error).detail ?? String(error), { kind: "error" });
    return false;
  }
}

/** @param {() => void} create */
function none(create) {
  return emptyState({
    icon: "key",
    title: "No API keys yet",
    text: "A key lets a script, a scheduled job or another service call the API. Make one for each, so that each can be revoked by itself.",
    action: button("Create your first key", { icon: "add", run: create }),
  });
}
