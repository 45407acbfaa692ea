/**
 * `<chart-view>`: a chart that the API draws, as large as there is room, in the colors of the theme, with the value of each mark on
 * hovering and by the arrow keys.
 *
 * The chart is one stop of the Tab key, however many marks it has: arrow keys go from mark to mark.
 */

import { isAbort } from "../api/error.js";
import { h, replace, uniqueId } from "./dom.js";
import { errorState, progress } from "./states.js";
import { fitTexts, parseSvg } from "./svg.js";
import { theme } from "./theme.js";

/** @typedef {{ width: number, height: number, theme: "light" | "dark" }} ChartSize */
/** @typedef {(size: ChartSize, signal: AbortSignal) => Promise<string | Blob>} LoadChart */

/** What the API draws at least and at most. */
const SMALLEST = 100;
const LARGEST = 4000;

/** How long a size must stand before it is drawn: while a window is dragged, none is. */
const SETTLE_MS = 150;

export class ChartView extends HTMLElement {
  /** @type {LoadChart | undefined} */
  #load;
  #label = "";
  #abort = new AbortController();
  #canvas = h("div", { class: "canvas" });
  #value = h("output", { class: "value", hidden: true });
  #drawn = "";
  #drawing = Promise.resolve();
  /** @type {SVGElement[]} */
  #marks = [];
  #current = -1;
  #timer = 0;
  #observer = new ResizeObserver(() => this.#settle());
  #themed = () => this.#settle();

  /**
   * What draws it.
   * @param {string} label  What it is, for screen readers: the widget's title.
   * @param {LoadChart} load
   */
  show(label, load) {
    this.#label = label;
    this.#load = load;
    this.redraw();
  }

  /** Draws it anew: there is newer data. */
  redraw() {
    this.#drawn = "";
    this.#settle();
  }

  /** Is done when it shows the theme and the size of now. */
  async drawn() {
    clearTimeout(this.#timer);
    this.#draw();
    await this.#drawing;
  }

  connectedCallback() {
    if (!this.#canvas.isConnected) replace(this, this.#canvas, this.#value);
    this.#observer.observe(this);
    theme.addEventListener("change", this.#themed);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("pointermove", this.#onPointer);
    this.addEventListener("pointerleave", this.#hide);
    this.addEventListener("focusout", this.#hide);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    theme.removeEventListener("change", this.#themed);
    this.#abort.abort();
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#draw(), this.#drawn ? SETTLE_MS : 0);
  }

  #draw() {
    if (!this.#load || !this.isConnected) return;
    const clamp = (/** @type {number} */ pixels) => Math.min(Math.max(Math.round(pixels), SMALLEST), LARGEST);
    const size = { width: clamp(this.clientWidth), height: clamp(this.clientHeight), theme: theme.resolved };
    const wanted = JSON.stringify(size);
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#drawing = this.#paint(this.#load, size, this.#abort.signal);
  }

  /** @param {LoadChart} load @param {ChartSize} size @param {AbortSignal} signal */
  async #paint(load, size, signal) {
    const slow = setTimeout(() => !this.#canvas.hasChildNodes() && replace(this.#canvas, progress(`Drawing ${this.#label}`)), 300);
    try {
      const picture = await load(size, signal);
      const text = typeof picture === "string" ? picture : await picture.text();
      if (signal.aborted) return;
      this.dataset.theme = size.theme;
      this.#put(parseSvg(text));
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#marks = [];
      replace(this.#canvas, errorState(error, () => this.redraw()));
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {SVGSVGElement} svg */
  #put(svg) {
    // Its title and description are named by ID, and another picture may have the same.
    const ids = [...svg.children].filter((child) => child.localName === "title" || child.localName === "desc");
    for (const element of ids) element.id = uniqueId("chart");
    svg.setAttribute("aria-labelledby", ids.map((element) => element.id).join(" "));
    this.#marks = /** @type {SVGElement[]} */ ([...svg.querySelectorAll("[data-value]")]);
    // The browser's own tooltips would stand beside ours.
    for (const mark of this.#marks) mark.querySelector("title")?.remove();
    const hasValues = this.#marks.length > 1;
    const attributes = hasValues
      ? { tabindex: "0", role: "group", "aria-roledescription": "chart", "aria-label": `${this.#label}. Arrow keys read its values.` }
      : null;
    replace(this.#canvas, h("div", { class: "picture", ...attributes }, svg));
    fitTexts(svg);
    this.#hide();
  }

  #onKey = (/** @type {KeyboardEvent} */ event) => {
    const last = this.#marks.length - 1;
    const next = { ArrowRight: this.#current + 1, ArrowDown: this.#current + 1, ArrowLeft: this.#current - 1, ArrowUp: this.#current - 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") return this.#hide();
    if (next === undefined || last < 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#select(Math.min(Math.max(next, 0), last));
  };

  #onPointer = (/** @type {PointerEvent} */ event) => {
    const mark = event.target instanceof Element ? event.target.closest("[data-value]") : null;
    const index = mark instanceof SVGElement ? this.#marks.indexOf(mark) : -1;
    if (index < 0 || this.#marks.length < 2) return this.#hide();
    if (index !== this.#current) this.#select(index);
  };

  /** @param {number} index */
  #select(index) {
    this.#marks[this.#current]?.classList.remove("selected");
    this.#current = index;
    const mark = this.#marks[index];
    mark.classList.add("selected");
    const { dimension, series, label, value } = mark.dataset;
    const name = [series, dimension].filter(Boolean).join(", ");
    replace(this.#value, name && h("bdi", { class: "name" }, name), h("strong", null, label ?? value));
    this.#value.hidden = false;
    this.#place(mark);
  }

  /** Puts the value above its mark, and within the chart. @param {SVGElement} mark */
  #place(mark) {
    const [box, own, label] = [mark, this, this.#value].map((element) => element.getBoundingClientRect());
    const left = Math.min(Math.max(box.left - own.left + box.width / 2 - label.width / 2, 4), Math.max(own.width - label.width - 4, 4));
    const above = box.top - own.top - label.height - 8;
    this.#value.style.left = `${left}px`;
    this.#value.style.top = `${above < 4 ? box.top - own.top + 8 : above}px`;
  }

  #hide = () => {
    this.#marks[this.#current]?.classList.remove("selected");
    this.#current = -1;
    this.#value.hidden = true;
  };
}

customElements.define("chart-view", ChartView);

/** @param {string} label @param {LoadChart} load */
export function chartView(label, load) {
  const chart = /** @type {ChartView} */ (document.createElement("chart-view"));
  chart.show(label, load);
  return chart;
}
