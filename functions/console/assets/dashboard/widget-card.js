/**
 * One widget on a dashboard: a chart, rows or a text, and what went wrong with this one alone.
 */

import { api } from "../api/client.js";
import { chartView } from "../ui/chart-view.js";
import { dataTable } from "../ui/data-table.js";
import { h, replace, text } from "../ui/dom.js";
import { counted } from "../ui/format.js";
import { markdown } from "../ui/markdown.js";
import { loading } from "../ui/states.js";
import { drawing } from "../query/preview.js";
import { finished } from "../query/running.js";
import { isPlain, wanted } from "./viewer.js";

/** @typedef {Api.Schemas["Widget"]} Widget */

/** The types that have a style of their own. */
const OWN_STYLES = ["metric", "text"];

/**
 * @typedef {object} Place
 * @property {number} dashboard
 * @property {AbortSignal} signal
 * @property {() => import("./viewer.js").Viewer} viewer
 * @property {ReturnType<import("./answers.js").answers>} answers
 */

/**
 * @typedef {object} Card
 * @property {HTMLElement} element
 * @property {(position: Api.Schemas["Position"]) => void} place
 * @property {() => void} redraw  There is newer data, or the viewer wants to see other.
 */

/**
 * @param {Widget} widget
 * @param {boolean} isSaved  Whether the API has it as it is; otherwise it is drawn by what it asks.
 * @param {Place} place
 * @returns {Card}
 */
export function widgetCard(widget, isSaved, place) {
  const { content, redraw } = widget.type === "text" ? words(widget) : widget.type === "table" ? rows(widget, isSaved, place) : chart(widget, isSaved, place);
  const element = h("article", { class: `widget ${OWN_STYLES.includes(widget.type) ? widget.type : ""}`, "aria-label": widget.title }, content);
  return {
    element,
    redraw,
    place({ x, y, width, height }) {
      for (const [name, value] of Object.entries({ x: x + 1, y: y + 1, width, height })) element.style.setProperty(`--${name}`, String(value));
    },
  };
}

/** @param {Widget} widget */
function words({ title, options }) {
  const source = typeof options?.text === "string" ? options.text : "";
  const content = [h("h2", null, text(title)), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, markdown(source))];
  return { content, redraw: () => {} };
}

/** @param {Widget} widget @param {boolean} isSaved @param {Place} place */
function chart(widget, isSaved, { dashboard, viewer, answers, signal }) {
  const path = { id: dashboard, widget_id: widget.id ?? 0 };
  const note = h("p", { class: "note", hidden: true });
  /** @type {import("../ui/chart-view.js").LoadChart} */
  const saved = async (query, signal) => {
    const accept = "image/svg+xml";
    const ask = () =>
      isPlain(viewer())
        ? api.getBlob("/api/dashboards/{id}/widgets/{widget_id}/chart/", { path, query, signal, accept })
        : api.postBlob("/api/dashboards/{id}/widgets/{widget_id}/chart/", { path, query, body: wanted(viewer()), signal, accept });
    return (await finished(ask, signal)).data;
  };
  const view = chartView(widget.title, isSaved ? saved : drawing(asQuestion(widget)));
  // A picture does not say whether it shows all there is.
  const tell = () => {
    if (!isSaved) return;
    answers.of(path.widget_id).then(
      (result) => showNote(note, widget, result),
      () => !signal.aborted && (note.hidden = true),
    );
  };
  tell();
  return { content: [view, note], redraw: () => (view.redraw(), tell()) };
}

/**
 * A table is rows and not a picture, so that it can be scrolled, selected and read.
 * @param {Widget} widget
 * @param {boolean} isSaved
 * @param {Place} place
 */
function rows(widget, isSaved, { answers, signal }) {
  const note = h("p", { class: "note", hidden: true });
  const list = loading(`Loading ${widget.title}`, signal, async () => {
    const result = isSaved ? await answers.of(widget.id ?? 0) : await asked(widget, signal);
    showNote(note, widget, result);
    return dataTable({ caption: widget.title, ...result });
  });
  return { content: [h("h2", null, text(widget.title)), list, note], redraw: () => void list.reload() };
}

/** @param {Widget} widget @param {AbortSignal} signal */
async function asked(widget, signal) {
  const { data_source, query } = asQuestion(widget);
  const { data } = await finished(() => api.post("/api/analytics/query/", { body: { data_source: data_source ?? 0, query }, signal }), signal);
  return data;
}

/**
 * Says that there is more. What the query's own limit leaves out is meant to be left out.
 * @param {HTMLElement} note
 * @param {Widget} widget
 * @param {Api.Schemas["QueryResult"]} result
 */
function showNote(note, { query }, { truncated, row_count: count }) {
  const isTold = truncated && !query?.limit;
  replace(note, isTold && `The first ${counted(count, "row")} only: there are more.`);
  note.hidden = !isTold;
}

/** @param {Widget} widget @returns {import("../query/draft.js").Question} */
export function asQuestion({ title, type, data_source: source = null, query, options = {} }) {
  return { title, type, data_source: source, query: query ?? {}, options };
}
