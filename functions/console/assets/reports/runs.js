/**
 * The runs of a report, the newest first: starting one, watching it, and getting its file.
 */

import { api } from "../api/client.js";
import { sleep } from "../api/connection.js";
import { isAbort } from "../api/error.js";
import { announce, toast } from "../ui/announce.js";
import { button } from "../ui/button.js";
import { h, replace } from "../ui/dom.js";
import { ago, bytes, counted, dateTime } from "../ui/format.js";
import { loading } from "../ui/states.js";
import { FORMATS } from "./formats.js";

const PAGE_SIZE = 20;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** @typedef {Api.Schemas["Run"]} Run */

/** @type {Record<Run["status"], string>} */
const STATUSES = { waiting: "Waiting", running: "Running", done: "Done", failed: "Failed" };

export class Runs {
  #list = h("ul", { class: "rows" });
  /** The page of the API's list that comes before those shown. */
  #earlier = 0;
  /** Whether a run is being asked for: one more click on the button asks for no other. */
  #isStarting = false;

  /**
   * @param {object} options
   * @param {number} options.report
   * @param {AbortSignal} options.signal
   */
  constructor({ report, signal }) {
    this.report = report;
    this.signal = signal;
    this.content = loading("Loading the runs", signal, () => this.#latest());
    this.element = h("section", { class: "runs", "aria-label": "Runs" }, h("h2", null, "Runs"), this.content);
  }

  /**
   * Makes the file now.
   * @param {{ deliver: boolean }} options  Whether it is mailed, too.
   */
  async start({ deliver }) {
    if (this.#isStarting) return;
    this.#isStarting = true;
    try {
      const { data: run } = await api.post("/api/reports/{id}/generate/", { path: { id: this.report }, body: { deliver }, signal: this.signal });
      announce("The report is being made");
      // The first one is in place of the words that there is none.
      if (!this.#list.isConnected) replace(this.content, this.#list);
      this.#list.prepend(this.#row(run, { deliver }));
    } catch (error) {
      if (!isAbort(error)) toast(words(error), { kind: "error" });
    } finally {
      this.#isStarting = false;
    }
  }

  /** The list ascends, and what is wanted are its last ones. */
  async #latest() {
    const { data } = await this.#page(1);
    const last = Math.max(Math.ceil(data.count / PAGE_SIZE), 1);
    const newest = last === 1 ? data : (await this.#page(last)).data;
    if (data.count === 0) return h("p", { class: "quiet" }, "It has not run yet.");
    replace(this.#list, ...newest.results.toReversed().map((run) => this.#row(run)));
    this.#earlier = last - 1;
    let isLoading = false;
    const more = button("Show earlier ones", {
      run: async () => {
        if (isLoading) return;
        isLoading = true;
        await this.#showEarlier();
        isLoading = false;
        more.hidden = this.#earlier === 0;
      },
    });
    more.hidden = this.#earlier === 0;
    return [this.#list, h("p", { class: "more" }, more)];
  }

  async #showEarlier() {
    const page = this.#earlier;
    try {
      const { data } = await this.#page(page);
      const rows = data.results.toReversed().map((run) => this.#row(run));
      this.#list.append(...rows);
      this.#earlier = page - 1;
      announce(`${counted(rows.length, "earlier run")}`);
    } catch (error) {
      if (!isAbort(error)) toast(words(error), { kind: "error" });
    }
  }

  /** @param {number} page */
  #page(page) {
    return api.get("/api/reports/{id}/runs/", { path: { id: this.report }, query: { page, page_size: PAGE_SIZE }, signal: this.signal });
  }

  /**
   * @param {Run} run
   * @param {{ deliver: boolean }} [asked]  What the user asked for just now, and waits for.
   */
  #row(run, asked) {
    const element = h("li", { class: "row" });
    replace(element, this.#cells(run));
    if (isOver(run)) return element;
    const show = (/** @type {Run} */ latest) => replace(element, this.#cells(latest));
    const follow = async () => {
      const ended = await this.#watch(run.id, isOver, show);
      if (asked) this.#tell(ended);
      // Mails may still be on their way when the file is there.
      if (asked?.deliver && ended.status === "done") await this.#watch(run.id, isMailed, show);
    };
    follow().catch((error) => isAbort(error) || replace(element, h("p", { class: "failure" }, words(error))));
    return element;
  }

  /**
   * Asks how far it is: soon at first, and less often the longer it takes.
   * @param {number} run
   * @param {(run: Run) => boolean} until
   * @param {(run: Run) => void} show
   */
  async #watch(run, until, show) {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await sleep(pause);
      this.signal.throwIfAborted();
      const { data } = await api.get("/api/reports/{id}/runs/{run_id}/", { path: { id: this.report, run_id: run }, signal: this.signal });
      show(data);
      if (until(data)) return data;
    }
  }

  /** @param {Run} run */
  #tell(run) {
    if (run.status === "done") toast("The report is ready.", { action: { label: "Download", run: () => this.#download(run.id) } });
    else toast("The report could not be made.", { kind: "error" });
  }

  /** @param {Run} run */
  #cells(run) {
    const { id, status, trigger, scheduled_for: scheduled, created_at: created, finished_at: finished, reason } = run;
    const when = scheduled ?? finished ?? created;
    const isActive = !isOver(run);
    const badge = h("span", { class: `badge ${{ done: "good", failed: "bad" }[/** @type {"done"} */ (status)] ?? ""}` }, STATUSES[status]);
    const mails = mailed(run);
    return [
      h(
        "div",
        { class: "row-main" },
        h("h3", null, h("span", null, `Run ${id}`), badge),
        h(
          "p",
          { class: "quiet small facts" },
          h("time", { datetime: when, title: dateTime(when) }, ago(when)),
          h("span", null, trigger === "schedule" ? "By schedule" : "By hand"),
          h("span", null, FORMATS[run.format].label),
          ...sizes(run).map((size) => h("span", null, size)),
        ),
        reason && h("p", { class: status === "failed" ? "small failure" : "small", dir: "auto" }, reason),
        mails.map((mail) => h("p", { class: "small", dir: "auto" }, mail)),
      ),
      isActive && h("div", { class: "row-side" }, h("progress", { "aria-label": `Run ${id} is being made` })),
      status === "done" && h("div", { class: "row-actions" }, this.#downloadButton(id)),
    ];
  }

  /** @param {number} run */
  #downloadButton(run) {
    const download = button("Download", { icon: "download", run: () => this.#download(run) });
    download.append(h("span", { class: "visually-hidden" }, ` the file of run ${run}`));
    return download;
  }

  /**
   * Has the browser fetch the file itself: it may have gigabytes, and has its name with it. The API redirects to a link that needs no
   * token, which a link of the page could not send.
   * @param {number} run
   */
  async #download(run) {
    try {
      const { data: link } = await api.getLink("/api/reports/{id}/runs/{run_id}/download/", { path: { id: this.report, run_id: run }, signal: this.signal, accept: "*/*" });
      h("a", { href: link, download: "" }).click();
      announce("The download has begun");
    } catch (error) {
      if (!isAbort(error)) toast(words(error), { kind: "error" });
    }
  }
}

/** @param {Run} run */
function isOver({ status }) {
  return status === "done" || status === "failed";
}

/** @param {Run} run */
function isMailed({ deliveries }) {
  return deliveries.length > 0;
}

/** @param {Run} run */
function sizes({ pages, rows, size_bytes: size, truncated }) {
  const parts = [pages && counted(pages, "page"), rows !== null && counted(rows, "row"), size && bytes(size), truncated && "Some rows left out"];
  return parts.filter((part) => typeof part === "string");
}

/** What became of the mails. @param {Run} run */
function mailed({ deliveries }) {
  const sent = deliveries.filter(({ status }) => status === "sent");
  const failures = deliveries.filter(({ status }) => status === "failed");
  const all = failures.map(({ user, reason }) => `Not mailed to user ${user}: ${reason}`);
  return sent.length > 0 ? [`Mailed to ${counted(sent.length, "user")}.`, ...all] : all;
}

/** @param {unknown} error @returns {string} */
function words(error) {
  return /** @type {any} */ (error).detail ?? String(error);
}
