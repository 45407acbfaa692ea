/**
 * What a question comes to, while it is picked: the chart as the API draws it, and the rows. A question that is changed before it is
 * answered is not waited for any more.
 */

import { api } from "../api/client.js";
import { isAbort } from "../api/error.js";
import { chartView } from "../ui/chart-view.js";
import { dataTable } from "../ui/data-table.js";
import { h, replace } from "../ui/dom.js";
import { ago, counted, number } from "../ui/format.js";
import { emptyState, errorState, progress } from "../ui/states.js";
import { finished } from "./running.js";

/** How long a question must stand before it is asked: while a number is typed, it is not. */
const SETTLE_MS = 350;

/** @typedef {import("./draft.js").QueryDraft} QueryDraft */
/** @typedef {Api.Schemas["QueryResult"]} Result */

/** @param {QueryDraft} draft @param {AbortSignal} signal */
export function preview(draft, signal) {
  const picture = h("div", { class: "preview-chart" });
  const facts = h("p", { class: "quiet small", role: "status" });
  const rows = h("div", { class: "preview-rows" });
  const element = h("div", { class: "preview" }, picture, facts, rows);
  let running = new AbortController();
  let timer = 0;
  let asked = "";
  let drawn = "";
  signal.addEventListener("abort", () => (clearTimeout(timer), running.abort()));

  const show = async () => {
    running.abort();
    running = new AbortController();
    const now = running.signal;
    if (!draft.isAsked) {
      asked = drawn = "";
      picture.hidden = false;
      element.setAttribute("aria-busy", "false");
      const what = draft.source === null ? "Choose a data source first." : "Click fields to add them: numbers are summed up, all else is grouped by.";
      replace(picture, emptyState({ icon: "explore", title: "Ask a question", text: what }));
      return replace(rows), replace(facts);
    }
    const { question } = draft;
    const slow = setTimeout(() => replace(facts, progress("Asking")), 500);
    element.setAttribute("aria-busy", "true");
    try {
      const body = { data_source: question.data_source ?? 0, query: question.query };
      const isNew = JSON.stringify(body) !== asked;
      if (isNew) {
        const { data } = await finished(() => api.post("/api/analytics/query/", { body, signal: now }), now);
        asked = JSON.stringify(body);
        clearTimeout(slow);
        replace(facts, inWords(data));
        replace(rows, dataTable({ caption: `Rows of ${question.title}`, ...data }));
      }
      draw(question);
    } catch (error) {
      if (now.aborted || isAbort(error)) return;
      asked = drawn = "";
      picture.hidden = false;
      replace(picture, errorState(error, show));
      replace(rows);
      replace(facts);
    } finally {
      clearTimeout(slow);
      if (!now.aborted) element.setAttribute("aria-busy", "false");
    }
  };

  const draw = (/** @type {import("./draft.js").Question} */ question) => {
    const isTable = question.type === "table";
    picture.hidden = isTable;
    const wanted = JSON.stringify(question);
    if (wanted === drawn) return;
    drawn = wanted;
    if (isTable) return replace(picture);
    const load = drawing(question);
    const chart = picture.querySelector("chart-view");
    if (chart) return /** @type {import("../ui/chart-view.js").ChartView} */ (chart).show(question.title, load);
    replace(picture, chartView(question.title, load));
  };

  draft.addEventListener("change", () => {
    clearTimeout(timer);
    element.setAttribute("aria-busy", "true");
    timer = window.setTimeout(show, draft.isAsked ? SETTLE_MS : 0);
  });
  show();
  return element;
}

/**
 * The picture of what is not saved.
 * @param {import("./draft.js").Question} question
 * @returns {import("../ui/chart-view.js").LoadChart}
 */
export function drawing({ data_source: source, query, type, title, options }) {
  const body = { data_source: source ?? 0, query, type, title, options };
  return async (size, signal) => {
    const { data } = await finished(() => api.postBlob("/api/analytics/chart/", { body, query: size, signal, accept: "image/svg+xml" }), signal);
    return data;
  };
}

/**
 * The day of a bound, in the zone that it was resolved in. A range ends before its second bound, so its last day is that of the moment before.
 * @param {string} bound
 * @param {string} zone
 * @param {boolean} [isEnd]
 */
function dayIn(bound, zone, isEnd = false) {
  const timeZone = bound.length > 10 ? zone : "UTC";
  const time = new Date(Date.parse(bound) - (isEnd ? 1000 : 0));
  return new Intl.DateTimeFormat(navigator.languages, { dateStyle: "medium", timeZone }).format(time);
}

/** What there is to know of a result, besides its rows. @param {Result} result */
export function inWords({ row_count: rows, truncated, resolved, as_of: asOf, scanned_bytes: scanned, estimated_cost_usd: cost }) {
  const { time_range: range, timezone } = resolved;
  const parts = [
    truncated ? `The first ${counted(rows, "row")}: there are more` : counted(rows, "row"),
    range && `${range.from ? dayIn(range.from, timezone) : "the beginning"} – ${range.to ? dayIn(range.to, timezone, true) : "the end"}`,
    `data of ${ago(asOf)}`,
    scanned ? `${number(scanned)} bytes scanned, about $${number(cost ?? 0)}` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
