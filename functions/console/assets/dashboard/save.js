/**
 * Saving a dashboard over what it was when the user began (`If-Match`). When somebody else was faster, what both have changed is shown,
 * and the user says which version stays; what only one of them has changed is kept of both. When the server is away, it is saved as soon
 * as it is back: the tag makes sure that nothing is done twice.
 */

import { api } from "../api/client.js";
import { connection } from "../api/connection.js";
import { ApiError } from "../api/error.js";
import { resolveConflict } from "../ui/dialog.js";
import { differences } from "./draft.js";

/** @typedef {{ dashboard: Api.Schemas["Dashboard"], etag: string | null, isTheirs: boolean, isMerged: boolean }} Saved */

/**
 * @param {import("./draft.js").DashboardDraft} draft
 * @param {AbortSignal} signal
 * @returns {Promise<Saved | undefined>} Nothing if the user decides later.
 */
export async function save(draft, signal) {
  const path = { id: draft.saved.id };
  let { etag } = draft;
  let onto = draft.saved;
  let isMerged = false;
  for (;;) {
    try {
      const { data, etag: next } = await api.patch("/api/dashboards/{id}/", { path, body: draft.body(onto), ifMatch: etag, signal });
      return { dashboard: data, etag: next, isTheirs: false, isMerged };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 0) {
        await connection.restored(signal);
        continue;
      }
      if (error.status !== 412) throw error;
    }
    const theirs = await api.get("/api/dashboards/{id}/", { path, signal });
    const conflicts = differences(draft, theirs.data);
    if (conflicts.length > 0) {
      const choice = await resolveConflict("dashboard", conflicts);
      if (choice === undefined) return undefined;
      if (choice === "theirs") return { dashboard: theirs.data, etag: theirs.etag, isTheirs: true, isMerged };
    }
    isMerged = conflicts.length === 0;
    ({ etag, data: onto } = theirs);
  }
}
