/**
 * A bar for each day of a month, of one of its counts, and the same as a table: for whoever does not see bars, or wants the numbers.
 */

import { h, replace } from "../ui/dom.js";
import { bytes, date, number } from "../ui/format.js";

/** @typedef {{ date: string, requests: number, queries: number, bytes_scanned: number }} Day */

/** @type {{ name: "requests" | "queries" | "bytes_scanned", label: string, format: (value: number) => string }[]} */
const COUNTS = [
  { name: "requests", label: "Requests", format: number },
  { name: "queries", label: "Queries", format: number },
  { name: "bytes_scanned", label: "Bytes read", format: bytes },
];

/** @param {Day[]} days */
export function dayBars(days) {
  const bars = h("ol", { class: "bars", "aria-hidden": "true" });
  const told = h("p", { class: "quiet small bars-told" });
  const choices = COUNTS.map((count) => ({ count, element: h("button", { type: "button", on: { click: () => show(count) } }, count.label) }));

  /** @param {typeof COUNTS[number]} count */
  function show(count) {
    const { name, label, format } = count;
    const total = days.reduce((sum, day) => sum + day[name], 0);
    const highest = Math.max(...days.map((day) => day[name]), 1);
    const summary = `${label}: ${format(total)} altogether, ${format(Math.max(...days.map((day) => day[name]), 0))} on the busiest day`;
    const bar = (/** @type {Day} */ day) => {
      const words = `${date(day.date)}: ${format(day[name])}`;
      const tell = () => replace(told, words);
      const element = h("li", { title: words, on: { pointerenter: tell, pointerleave: () => replace(told, summary) } }, h("i", null));
      element.style.setProperty("--share", String(day[name] / highest));
      return element;
    };
    replace(bars, ...days.map(bar));
    replace(told, summary);
    for (const choice of choices) choice.element.setAttribute("aria-pressed", String(choice.count === count));
  }
  show(COUNTS[0]);

  const heading = h("div", { class: "between" }, h("h2", null, "By day"), h("div", { class: "segments", role: "group", "aria-label": "What the bars show" }, ...choices.map(({ element }) => element)));
  const ends = days.length > 0 && h("p", { class: "between quiet small", "aria-hidden": "true" }, h("span", null, date(days[0].date)), h("span", null, date(days.at(-1)?.date ?? "")));
  return h("section", { class: "card stack", "aria-label": "By day" }, heading, told, h("div", { class: "bars-room" }, bars, ends), table(days));
}

/** @param {Day[]} days */
function table(days) {
  const headings = ["Day (UTC)", ...COUNTS.map(({ label }) => label)].map((label, index) => h("th", { scope: "col", class: index > 0 && "number" }, label));
  const rows = days.map((day) => h("tr", null, h("th", { scope: "row" }, date(day.date)), ...COUNTS.map(({ name, format }) => h("td", { class: "number" }, format(day[name])))));
  const caption = h("caption", { class: "visually-hidden" }, "Usage by day");
  const all = h("table", null, caption, h("thead", null, h("tr", null, ...headings)), h("tbody", null, ...rows));
  return h("details", null, h("summary", null, "Show as a table"), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Usage by day" }, all));
}
