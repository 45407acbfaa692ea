/**
 * What somebody who looks at a dashboard can set: time range, filters, time zone. The fields are those of the tables that its widgets ask.
 */

import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { h, text } from "../ui/dom.js";
import { timeZoneOptions } from "../ui/time-zone.js";
import { conditions } from "../query/conditions.js";
import { choice, removeButton, renew } from "../query/controls.js";
import { completeFilters, filterInWords, isTime } from "../query/language.js";
import { tablesOf } from "../query/source.js";
import { timeRange } from "../query/time-range.js";

/** @typedef {import("./viewer.js").Viewer} Viewer */
/** @typedef {import("../query/language.js").Column} Column */

/** How long a day must stand before the dashboard is asked for it: while it is typed, it is not. */
const SETTLE_MS = 600;

/**
 * @param {() => Viewer} viewer
 * @param {(viewer: Viewer) => void} change
 * @param {AbortSignal} signal
 */
export function toolbar(viewer, change, signal) {
  const element = h("div", { class: "toolbar", role: "group", "aria-label": "What is shown" });
  /** @type {Column[]} */
  let columns = [];
  let timer = 0;
  /** What was typed, and does not stand long enough yet. @type {Partial<Viewer>} */
  let typed = {};

  const forget = () => {
    clearTimeout(timer);
    typed = {};
  };
  const settle = (/** @type {Partial<Viewer>} */ part = {}) => {
    const next = { ...viewer(), ...typed, ...part };
    forget();
    change(next);
  };
  const put = (/** @type {Partial<Viewer>} */ part) => (settle(part), show());
  signal.addEventListener("abort", forget);
  const show = () => {
    const { filters, time_range: range, timezone } = viewer();
    const times = columns.filter(({ type }) => isTime(type));
    const write = (/** @type {any} */ time_range) => {
      clearTimeout(timer);
      typed = { time_range };
      timer = window.setTimeout(() => settle(), SETTLE_MS);
    };
    const time = timeRange({ value: range, none: "All time", fields: times, choose: (time_range) => put({ time_range }), write });
    const chips = filters.map((filter, index) => {
      const words = filterInWords(filter);
      const remove = () => put({ filters: filters.toSpliced(index, 1) });
      return h("li", { class: "chip" }, text(words), removeButton(`Remove the filter ${words}`, remove));
    });
    const filter = button("Filter", { icon: "filter", disabled: columns.length === 0, run: async () => {
      const chosen = await askFilters(viewer().filters, columns);
      if (chosen) put({ filters: chosen });
    } });
    filter.dataset.key = "filter";
    filter.dataset.next = "";
    const zone = choice("Time zone", {
      value: timezone,
      choices: [{ value: "", label: "Time zone of the widgets" }, ...timeZoneOptions(timezone)],
      choose: (timezone) => put({ timezone }),
    });
    renew(element, h("div", { class: "time-range" }, ...time), filter, zone, chips.length > 0 && h("ul", { class: "chips", "aria-label": "Filters" }, ...chips));
  };
  show();
  return {
    element,
    /** Shows what the address has now. */
    show: () => (forget(), show()),
    /** @param {Column[]} all */
    describe(all) {
      columns = all;
      show();
    },
  };
}

/** @param {Viewer["filters"]} filters @param {Column[]} columns @returns {Promise<Viewer["filters"] | undefined>} */
function askFilters(filters, columns) {
  return openDialog(
    "Filter the dashboard",
    (close) => {
      let current = filters.length > 0 ? filters : [{ field: columns[0].name, operator: /** @type {const} */ ("eq"), values: [] }];
      const place = h("div", { class: "part" });
      const show = () => {
        renew(
          place,
          conditions({
            noun: "filter",
            conditions: current,
            columns,
            change: (next) => {
              current = next;
              show();
            },
            write: (next) => (current = next),
          }),
        );
      };
      show();
      return [
        h("p", { class: "quiet" }, "A filter holds for each widget whose table has the field."),
        place,
        h("footer", null, button("Cancel", { run: () => close() }), button("Show", { kind: "primary", run: () => close(completeFilters(current)) })),
      ];
    },
    { isWide: true },
  );
}

/**
 * The columns of all tables that the widgets ask. A source that is gone has none, and says so where its widget is.
 * @param {Api.Schemas["Widget"][]} widgets
 * @param {AbortSignal} signal
 * @returns {Promise<Column[]>}
 */
export async function columnsOf(widgets, signal) {
  const sources = [...new Set(widgets.flatMap(({ data_source: source }) => source ?? []))];
  const tables = await Promise.all(sources.map((id) => tablesOf(id, signal).then((tables) => ({ id, tables }), () => ({ id, tables: [] }))));
  /** @type {Map<string, Column>} */
  const columns = new Map();
  for (const { id, tables: all } of tables) {
    const asked = new Set(widgets.filter(({ data_source: source }) => source === id).map(({ query }) => query?.table));
    for (const table of all) {
      if (!asked.has(table.name) && !asked.has(undefined) && !asked.has(null)) continue;
      for (const column of table.columns) if (!columns.has(column.name)) columns.set(column.name, column);
    }
  }
  return [...columns.values()];
}
