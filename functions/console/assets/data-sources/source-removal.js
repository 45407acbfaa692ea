/**
 * Deleting a data source. One that dashboards use is deleted only by who may, and after being told which they are.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { may } from "../app/permissions.js";
import { button } from "../ui/button.js";
import { confirm, openDialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";
import { isolated } from "./client-text.js";

/**
 * @param {Api.Schemas["DataSource"]} source
 * @param {Api.Schemas["Account"]} account
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} Whether it is gone.
 */
export async function removeSource({ id, name }, account, signal) {
  const text = "Its tables and its imports go with it. This cannot be undone.";
  if (!(await confirm({ title: `Delete ${isolated(name)}?`, text, action: "Delete", isDangerous: true }))) return false;
  try {
    await api.delete("/api/data-sources/{id}/", { path: { id }, signal });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    const isForced = await askToForce(name, error.detail, may(account, "data_sources:write"));
    if (!isForced) return false;
  }
  await api.delete("/api/data-sources/{id}/", { path: { id }, query: { force: true }, signal });
  return true;
}

/**
 * @param {string} name
 * @param {string} detail  Which names the dashboards.
 * @param {boolean} mayForce
 */
async function askToForce(name, detail, mayForce) {
  const answer = await openDialog(`${isolated(name)} is in use`, (close) => [
    h("p", { dir: "auto" }, detail),
    mayForce && h("p", { class: "form-error" }, "If you delete it all the same, these widgets stay on their dashboards and show an error in place of data. Its data cannot be brought back."),
    h(
      "footer",
      null,
      button(mayForce ? "Keep it" : "Close", { run: () => close(false) }),
      mayForce && button("Delete it all the same", { kind: "danger", run: () => close(true) }),
    ),
  ]);
  return answer ?? false;
}
