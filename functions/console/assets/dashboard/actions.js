/**
 * What is done with whole dashboards: making, duplicating, deleting.
 *
 * A deletion is sent when nobody has undone it for a while: the API has no way back, and a copy would have another ID, so that reports
 * and links would not find it.
 */

import { api } from "../api/client.js";
import { ApiError, isAbort } from "../api/error.js";
import { session } from "../api/session.js";
import { href, navigate } from "../app/router.js";
import { toast } from "../ui/announce.js";
import { openDialog } from "../ui/dialog.js";
import { form } from "../ui/form.js";

const UNDO_SECONDS = 6;

/** The dashboards that are about to be deleted, which lists leave out. @type {Set<number>} */
export const leaving = new Set();

/** @typedef {{ name: string, description: string, status: Api.Schemas["DashboardStatus"] }} Details */

/**
 * Asks for what a dashboard is called.
 * @param {string} title
 * @param {Details} details
 * @param {string} submit
 * @param {(details: Details, signal: AbortSignal) => Promise<unknown>} save  If it answers `false`, the form stays open.
 */
export function askDetails(title, details, submit, save) {
  return openDialog(title, (close, signal) => {
    const fields = /** @type {import("../ui/form.js").Field[]} */ ([
      { name: "name", label: "Name", value: details.name, required: true, attributes: { maxlength: 100 } },
      { name: "description", label: "Description", type: "textarea", value: details.description, keepEmpty: true, attributes: { maxlength: 2000 } },
      {
        name: "status",
        label: "Status",
        type: "select",
        value: details.status,
        hint: "A draft is marked as one. Everybody in the organization can see both.",
        options: [{ value: "draft", label: "Draft" }, { value: "published", label: "Published" }],
      },
    ]);
    const done = async (/** @type {Details} */ values) => {
      if ((await save(values, signal)) !== false) close(true);
    };
    return form({ fields, submit, save: done, cancel: () => close() }).element;
  });
}

/** @param {AbortSignal} signal */
export function create(signal) {
  return askDetails("New dashboard", { name: "", description: "", status: "draft" }, "Create", async (body, open) => {
    const { data } = await api.post("/api/dashboards/", { body, signal: AbortSignal.any([signal, open]) });
    navigate(href(`/dashboards/${data.id}`, { edit: 1 }));
  });
}

/** @param {number} id @param {AbortSignal} signal */
export async function duplicate(id, signal) {
  try {
    const { data } = await api.post("/api/dashboards/{id}/duplicate/", { path: { id }, body: {}, signal });
    navigate(href(`/dashboards/${data.id}`));
    toast(`This is ${data.name}`);
  } catch (error) {
    failed(error, signal);
  }
}

/**
 * Deletes a dashboard, unless that is undone.
 * @param {{ id: number, name: string }} dashboard
 * @param {(isUndone: boolean) => void} stays  It is there again: by the user, or because the API refused.
 */
export function remove({ id, name }, stays) {
  leaving.add(id);
  const stop = () => {
    clearTimeout(timer);
    leaving.delete(id);
  };
  // Who signs in next may have another dashboard with this ID.
  session.addEventListener("change", stop, { once: true });
  const undo = () => {
    stop();
    stays(true);
    toast(`${name} is back`);
  };
  // Longer than the deletion waits: it goes when that is done.
  const close = toast(`${name} is deleted`, { action: { label: "Undo", run: undo }, seconds: UNDO_SECONDS * 2 });
  const timer = setTimeout(async () => {
    close();
    try {
      await api.delete("/api/dashboards/{id}/", { path: { id } });
    } catch (error) {
      if (isAbort(error) || (error instanceof ApiError && error.status === 404)) return;
      leaving.delete(id);
      stays(false);
      failed(error);
    }
  }, UNDO_SECONDS * 1000);
}

/** @param {unknown} error @param {AbortSignal} [signal] */
export function failed(error, signal) {
  if (!signal?.aborted) toast(/** @type {Error} */ (error).message, { kind: "error" });
}
