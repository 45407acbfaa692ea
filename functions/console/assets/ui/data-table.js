/**
 * `<data-table>`: rows as the API answers them, with headings that stay.
 *
 * A file may have 10,000 columns and an answer 10,000 rows, and a browser cannot lay out 100 million cells: so many columns and rows as
 * can be looked at are in the page, and buttons lead to the others.
 */

import { h, replace } from "./dom.js";
import { iconButton } from "./button.js";
import { cell, number } from "./format.js";

const COLUMNS_SHOWN = 40;
const ROWS_SHOWN = 100;

/** @typedef {{ name: string, type: Api.Schemas["ColumnType"] }} DataColumn */
/** @typedef {{ caption: string, columns: DataColumn[], rows: unknown[][], totals?: unknown[] | null }} TableData */

export class DataTable extends HTMLElement {
  /** @type {TableData} */
  #data = { caption: "", columns: [], rows: [] };
  #column = 0;
  #row = 0;

  /** @param {TableData} data */
  set data(data) {
    this.#data = data;
    this.#column = 0;
    this.#row = 0;
    this.#render();
  }

  get data() {
    return this.#data;
  }

  #render() {
    const { caption, columns, rows, totals } = this.#data;
    const shown = columns.slice(this.#column, this.#column + COLUMNS_SHOWN);
    const cells = (/** @type {unknown[]} */ row) =>
      shown.map(({ type }, index) => h("td", { class: kind(type), dir: "auto" }, cell(row[this.#column + index], type)));
    const headings = shown.map(({ name, type }) => h("th", { scope: "col", class: kind(type), dir: "auto" }, name));
    const body = rows.slice(this.#row, this.#row + ROWS_SHOWN).map((row) => h("tr", null, ...cells(row)));
    const table = h(
      "table",
      { class: "data" },
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", null, h("tr", null, ...headings)),
      h("tbody", null, ...body),
      totals && h("tfoot", null, h("tr", null, ...cells(totals))),
    );
    // What scrolls can be scrolled by keys.
    const scroller = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
    const steps = [
      this.#steps("Columns", this.#column, COLUMNS_SHOWN, columns.length, (first) => (this.#column = first)),
      this.#steps("Rows", this.#row, ROWS_SHOWN, rows.length, (first) => (this.#row = first)),
    ];
    replace(this, scroller, ...steps);
  }

  /**
   * @param {string} what
   * @param {number} first
   * @param {number} size
   * @param {number} count
   * @param {(first: number) => void} go
   */
  #steps(what, first, size, count, go) {
    if (count <= size) return null;
    const lower = what.toLowerCase();
    const step = (/** @type {number} */ to, /** @type {string} */ label, /** @type {"previous" | "next"} */ name) =>
      iconButton(label, {
        icon: name,
        attributes: { disabled: to < 0 || to >= count },
        run: () => {
          go(to);
          this.#render();
          // At the end, back is the only way.
          const [again] = [`[aria-label="${label}"]`, `[aria-label$=" ${lower}"]`].flatMap((name) => [...this.querySelectorAll(`button${name}:enabled`)]);
          if (again instanceof HTMLElement) again.focus();
        },
      });
    const range = `${what} ${number(first + 1)}–${number(Math.min(first + size, count))} of ${number(count)}`;
    return h("div", { class: "pager" }, h("span", { class: "quiet", role: "status" }, range), step(first - size, `Previous ${lower}`, "previous"), step(first + size, `Next ${lower}`, "next"));
  }
}

/** @param {Api.Schemas["ColumnType"]} type */
function kind(type) {
  return type === "number" || type === "integer" ? "number" : false;
}

customElements.define("data-table", DataTable);

/** @param {TableData} data */
export function dataTable(data) {
  const table = /** @type {DataTable} */ (document.createElement("data-table"));
  table.data = data;
  return table;
}
