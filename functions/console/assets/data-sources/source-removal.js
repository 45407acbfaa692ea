/**
 * Deleting a data source. One that dashboards use is deleted only by who may, and after being told which they are.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { may } from "../app/permissions.js";
import { href } from "../app/router.js";
import { button } from "../ui/button.js";
import { confirm, openDialog } from "../ui/dialog.js";
import { h, text } from "../ui/dom.js";
import { counted } from "../ui/format.js";
import { isolated } from "./client-text.js";

/**
 * @param {Api.Schemas["DataSource"]} source
 * @param {Api.Schemas["Account"]} account
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} Whether it is gone.
 */
export async function removeSource({ id, name }, account, signal) {
  const words = "Its tables and its imports go with it. This cannot be undone.";
  if (!(await confirm({ title: `Delete ${isolated(name)}?`, text: words, action: "Delete", isDangerous: true }))) return false;
  try {
    await api.delete("/api/data-sources/{id}/", { path: { id }, signal });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "conflict") throw error;
    const users = await usersOf(id, error.detail, signal);
    // Something else is in the way.
    if (users.length === 0) throw error;
    const count = Number(/ used by (\d+) /.exec(error.detail)?.[1]);
    const isForced = await askToForce(name, users, count - users.length, may(account, "dashboards:write_any"));
    if (!isForced) return false;
  }
  await api.delete("/api/data-sources/{id}/", { path: { id }, query: { force: true }, signal });
  return true;
}

/** @typedef {{ id: number, name: string, widgets: string[] }} User  A dashboard, and the titles of its widgets that use the source. */

/**
 * The dashboards that use a source, of those that the refusal has the numbers of. A name may have numbers as well: what does not use the
 * source is not meant.
 * @param {number} source
 * @param {string} detail
 * @param {AbortSignal} signal
 * @returns {Promise<User[]>}
 */
async function usersOf(source, detail, signal) {
  const ids = new Set([...detail.matchAll(/(\d+) \("/g)].map(([, id]) => Number(id)));
  const read = (/** @type {number} */ id) => api.get("/api/dashboards/{id}/", { path: { id }, signal }).catch(() => undefined);
  const dashboards = await Promise.all([...ids].map(read));
  return dashboards.flatMap((answer) => {
    if (!answer) return [];
    const { id, name, widgets } = answer.data;
    const using = widgets.filter((widget) => widget.data_source === source);
    return using.length > 0 ? [{ id, name, widgets: using.map(({ title }) => title) }] : [];
  });
}

/**
 * @param {string} name
 * @param {User[]} users
 * @param {number} more  How many others there are.
 * @param {boolean} mayForce
 */
async function askToForce(name, users, more, mayForce) {
  const consequence = mayForce
    ? h("p", { class: "form-error" }, "If you delete it all the same, these widgets stay on their dashboards and show an error in place of data. Its data cannot be brought back.")
    : h("p", null, "Take it out of these widgets first, or ask an owner or an administrator to delete it.");
  const answer = await openDialog(`${isolated(name)} is in use`, (close) => [
    h("p", null, "Widgets of these dashboards show its data:"),
    h("ul", { class: "notes" }, ...users.map((user) => using(user, () => close(false))), more > 0 && h("li", { class: "quiet" }, `and ${counted(more, "more dashboard")}`)),
    consequence,
    h(
      "footer",
      null,
      button(mayForce ? "Keep it" : "Close", { run: () => close(false) }),
      mayForce && button("Delete it all the same", { kind: "danger", run: () => close(true) }),
    ),
  ]);
  return answer ?? false;
}

/** @param {User} user @param {() => void} leave */
function using({ id, name, widgets }, leave) {
  const link = h("a", { href: href(`/dashboards/${id}`), on: { click: leave } }, text(name));
  return h("li", null, link, ": ", ...widgets.flatMap((title, index) => [index > 0 && ", ", text(title)]));
}
