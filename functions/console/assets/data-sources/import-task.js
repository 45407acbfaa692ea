/**
 * Imports that were begun on this page, from choosing the file to the tables that came of it. They go on while other pages of the console
 * are opened: a large file takes minutes, and nobody should have to wait beside it.
 */

import { api } from "../api/client.js";
import { connection, sleep } from "../api/connection.js";
import { ApiError, isAbort } from "../api/error.js";
import { session } from "../api/session.js";
import { upload } from "../api/upload.js";
import { withLabels } from "./api-text.js";

/** How often an import is looked at: soon at first, since most files are small, and then less and less. */
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5000;
const PAUSE_GROWTH = 1.4;

/**
 * `starting`: the API is told. `sending`: the file is on its way. `reading`: the API reads it.
 * @typedef {"starting" | "sending" | "reading" | "done" | "failed" | "canceled"} TaskState
 */

/**
 * @typedef {object} Begin
 * @property {Api.Schemas["DataSourceCreate"]} [create]  The source to make first, which is not kept if its file does not arrive.
 * @property {{ id: number, name: string, last_synced_at: string | null }} [source]  The source that is there already.
 * @property {File} [file]  None for what the API fetches by itself.
 * @property {boolean} [allowBreaking]
 * @property {Api.Schemas["Import"]} [known]  An import that somebody began elsewhere, to be watched.
 */

export class ImportTask extends EventTarget {
  #abort = new AbortController();
  /** Whose it is. */
  #email = session.email;
  /** @type {TaskState} */
  state = "starting";
  sent = 0;
  /** What failed before there was an import to say it. @type {unknown} */
  error;
  /** @type {Api.Schemas["Import"] | undefined} */
  import;
  /** @type {Promise<void> | undefined} */
  finished;

  /** @param {Begin} begin */
  constructor(begin) {
    super();
    this.begin = begin;
    this.source = begin.source;
    this.file = begin.file;
    this.name = begin.file?.name ?? begin.source?.name ?? "";
  }

  get isOver() {
    return this.state === "done" || this.state === "failed" || this.state === "canceled";
  }

  /** Until its data has arrived, it can be canceled: then nothing is kept. */
  get isCancelable() {
    return this.file !== undefined && (this.state === "starting" || this.state === "sending");
  }

  /** Whether it was given up; it ends when what was made for it is gone. */
  get isCanceled() {
    return this.#abort.signal.aborted;
  }

  cancel() {
    this.#abort.abort();
    this.dispatchEvent(new Event("progress"));
  }

  start() {
    this.finished = this.#run();
  }

  async #run() {
    const { signal } = this.#abort;
    try {
      const made = this.begin.known ?? (await this.#make(signal));
      this.import = made;
      this.#become("reading");
      await this.#watch(signal);
    } catch (error) {
      const isCanceled = isAbort(error) || signal.aborted;
      this.error = error;
      // Nobody has any use for a source without data that they did not ask for by itself.
      if (this.begin.create && this.source && this.state !== "reading") await this.#discard(this.source.id);
      this.#become(isCanceled ? "canceled" : "failed");
    }
  }

  /** @param {AbortSignal} signal */
  async #make(signal) {
    const { create, file, allowBreaking } = this.begin;
    // Not given up on its way: the source might be made all the same, and nobody would know of it.
    if (create && !this.source) this.source = (await api.post("/api/data-sources/", { body: create })).data;
    signal.throwIfAborted();
    const id = /** @type {{ id: number }} */ (this.source).id;
    const path = { id };
    const about = file && { size_bytes: file.size, file_name: fileName(file) };
    const body = { ...about, allow_breaking: allowBreaking ?? false };
    const { data } = await api.post("/api/data-sources/{id}/imports/", { path, body, signal });
    if (file && data.upload) {
      this.import = data;
      this.#become("sending");
      const progress = (/** @type {number} */ sent) => {
        this.sent = sent;
        this.dispatchEvent(new Event("progress"));
      };
      await upload(data.upload, file, { signal, progress }).catch((error) => failure(error, file));
    }
    return data;
  }

  /** @param {AbortSignal} signal */
  async #watch(signal) {
    const path = { id: /** @type {{ id: number }} */ (this.source).id, import_id: /** @type {{ id: number }} */ (this.import).id };
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS)) {
      await sleep(pause);
      const { data } = await api.get("/api/data-sources/{id}/imports/{import_id}/", { path, signal });
      this.import = data;
      if (data.status === "done" || data.status === "failed") return this.#become(data.status);
    }
  }

  /** What cannot be reached is deleted when it can be, as long as its user is there. @param {number} id */
  async #discard(id) {
    this.source = undefined;
    while (session.email === this.#email) {
      const error = await api.delete("/api/data-sources/{id}/", { path: { id } }).then(() => undefined, (error) => error);
      if (!(error instanceof ApiError) || error.status !== 0) return;
      await connection.restored();
    }
  }

  /** @param {TaskState} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

class ImportTasks extends EventTarget {
  /** @type {ImportTask[]} */
  #all = [];

  constructor() {
    super();
    session.addEventListener("change", () => this.#drop());
    addEventListener("beforeunload", (event) => this.unsent.length > 0 && event.preventDefault());
  }

  /** Those whose files are still on their way. */
  get unsent() {
    return this.#all.filter((task) => task.isCancelable);
  }

  /** Cancels these, and is done when what was made for them is gone. */
  async cancelUnsent() {
    const tasks = this.unsent;
    for (const task of tasks) task.cancel();
    await Promise.all(tasks.map((task) => task.finished));
  }

  /** Those of a source, or of all. @param {number} [source] @returns {ImportTask[]} */
  of(source) {
    return this.#all.filter((task) => source === undefined || task.source?.id === source);
  }

  /** @param {Begin} begin */
  begin(begin) {
    // What came of the one before is in the source's history.
    if (begin.source) this.#all = this.#all.filter((task) => !task.isOver || task.source?.id !== begin.source?.id);
    const task = new ImportTask(begin);
    task.addEventListener("state", () => this.dispatchEvent(new CustomEvent("state", { detail: task })));
    this.#all.push(task);
    task.start();
    this.#changed();
    return task;
  }

  /** The same once more: in the place of the one that failed. @param {ImportTask} task @param {Partial<Begin>} [changes] */
  again(task, changes) {
    this.dismiss(task);
    const source = task.source;
    return this.begin({ ...task.begin, known: undefined, ...(source && { source, create: undefined }), ...changes });
  }

  /** @param {ImportTask} task */
  dismiss(task) {
    this.#all = this.#all.filter((other) => other !== task);
    this.#changed();
  }

  /** Who signs in next has not begun them. */
  #drop() {
    for (const task of this.#all) task.cancel();
    this.#all = [];
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export const importTasks = new ImportTasks();

/** A file's name as the API takes it: one line of at most 255 characters. @param {File} file */
function fileName({ name }) {
  const line = [...name.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").trim()].slice(-255).join("");
  return line || undefined;
}

/**
 * A browser cannot send a file that was changed since it was chosen, and says no more of it than of a network that is gone.
 * @param {unknown} error
 * @param {File} file
 */
async function failure(error, file) {
  const isReadable = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
  if (isReadable) throw error;
  const detail = "The file was changed or moved after it was chosen. Choose it again.";
  throw new ApiError({ status: 0, code: "file_changed", message: "The file cannot be read.", detail });
}

/** Why something failed, in words. @param {unknown} error */
export function reasonOf(error) {
  return error instanceof ApiError ? withLabels(error.detail || error.message) : String(error);
}
