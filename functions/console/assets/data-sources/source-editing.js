/**
 * Changing a data source: the form in a dialog, and what is done when somebody else was faster.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { openDialog, resolveConflict } from "../ui/dialog.js";
import { describeConnection } from "./connection-settings.js";
import { sourceForm } from "./source-form.js";

/** @typedef {Api.Schemas["DataSource"]} Source */
/** @typedef {{ source: Source, etag: string | null }} Read  A source and the tag of what was read. */
/** @typedef {{ name?: string, description?: string, status?: Api.Schemas["DataSourceStatus"], connection?: any }} Changes */

/**
 * Asks for the changes in a dialog, and saves them.
 * @param {Read} read
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} Whether the source is another now.
 */
export async function editSource(read, signal) {
  const isSaved = await openDialog(
    "Edit data source",
    (close, open) =>
      sourceForm({
        engine: read.source.engine,
        source: read.source,
        submit: "Save",
        cancel: () => close(false),
        save: async (changes) => {
          if (Object.values(changes).every((value) => value === undefined)) return close(false);
          if (await saveSource(read, changes, AbortSignal.any([signal, open]))) close(true);
        },
      }),
    { isWide: true },
  );
  return isSaved ?? false;
}

/**
 * Saves what was changed, on the condition that the source is as it was read. What only others changed stays theirs; where both changed
 * the same, the user says which one stays.
 * @param {Read} read
 * @param {Changes} changes
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} Whether that was settled.
 */
export async function saveSource({ source, etag }, changes, signal) {
  const path = { id: source.id };
  for (let ifMatch = etag, base = source; ; ) {
    try {
      await api.patch("/api/data-sources/{id}/", { path, body: changes, ifMatch, signal });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
    }
    const theirs = await api.get("/api/data-sources/{id}/", { path, signal });
    const differences = differencesOf(changes, base, theirs.data);
    const choice = differences.length === 0 ? "mine" : await resolveConflict("data source", differences);
    if (choice !== "mine") return choice === "theirs";
    ifMatch = theirs.etag;
    base = theirs.data;
  }
}

/**
 * What both changed, and differently.
 * @param {Changes} changes
 * @param {Source} base
 * @param {Source} theirs
 */
function differencesOf(changes, base, theirs) {
  const mine = facts({ ...base, ...without(changes), connection: { ...base.connection, ...changes.connection } });
  const before = facts(base);
  const after = facts(theirs);
  const labels = [...new Set([...mine.keys(), ...after.keys()])];
  return labels.flatMap((label) => {
    const [ours, old, others] = [mine, before, after].map((all) => all.get(label) ?? "");
    return ours !== old && others !== old && ours !== others ? [{ label, mine: ours, theirs: others }] : [];
  });
}

/** @param {Source} source */
function facts({ name, description, status, engine, connection }) {
  const settings = describeConnection(engine, connection).map(({ label, value }) => /** @type {const} */ ([label, value]));
  return new Map([["Name", name], ["Description", description], ["Status", status], ...settings]);
}

/** Those that are changed. @param {Changes} changes */
function without(changes) {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
