/**
 * The data of a dashboard's widgets, as the viewer wants it: asked for once for all of them, however many show it.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { finished, pause } from "../query/running.js";
import { isPlain, wanted } from "./viewer.js";

/** @typedef {Api.Schemas["QueryResult"]} Result */

/**
 * @param {number} id
 * @param {() => import("./viewer.js").Viewer} viewer
 * @param {AbortSignal} signal
 */
export function answers(id, viewer, signal) {
  /** @type {Promise<Map<number, Api.Schemas["WidgetData"]>> | undefined} */
  let asked;

  const ask = async () => {
    const path = { id };
    const { data } = isPlain(viewer())
      ? await api.get("/api/dashboards/{id}/data/", { path, signal })
      : await api.post("/api/dashboards/{id}/data/", { path, body: wanted(viewer()), signal });
    return new Map(data.widgets.map((widget) => [widget.id, widget]));
  };

  return {
    /** They are asked for anew when they are next needed. */
    forget() {
      asked = undefined;
    },
    /**
     * What a widget shows; fails as the API says for it.
     * @param {number} widget
     * @returns {Promise<Result>}
     */
    async of(widget) {
      for (;;) {
        const mine = (asked ??= ask());
        mine.catch(() => mine === asked && (asked = undefined));
        const answer = (await mine).get(widget);
        if (answer?.result) return answer.result;
        if (answer?.error?.error === "payload_too_large" && isPlain(viewer())) return alone(id, widget, signal);
        if (answer?.error) throw new ApiError({ ...answer.error, code: answer.error.error, status: 200 });
        if (!answer?.running) throw new Error("There is no data for this widget.");
        await pause(signal);
        if (mine === asked) asked = undefined;
      }
    },
  };
}

/** What is too much beside all the others. @param {number} id @param {number} widget @param {AbortSignal} signal */
async function alone(id, widget, signal) {
  const path = { id, widget_id: widget };
  const { data } = await finished(() => api.get("/api/dashboards/{id}/widgets/{widget_id}/data/", { path, signal }), signal);
  return data;
}
