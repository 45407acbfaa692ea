/**
 * A widget while it is picked together: what all parts of the editor read and change, and are told of.
 *
 * Its type and title follow what is picked until the user says otherwise.
 */

import { h } from "../ui/dom.js";
import { renew } from "./controls.js";
import { complete, fits, suggestions, titleOf } from "./language.js";

/** @typedef {import("./language.js").Query} Query */
/** @typedef {import("./language.js").Column} Column */
/** @typedef {import("./language.js").WidgetType} WidgetType */
/** @typedef {{ title: string, type: WidgetType, data_source: number | null, query: Query, options: Record<string, any> }} Question */

export class QueryDraft extends EventTarget {
  #title;
  #type;
  /** @type {Column[]} */
  #columns = [];

  /** @param {Partial<Question>} [question]  What is there already. */
  constructor(question = {}) {
    super();
    this.#title = question.title ?? "";
    this.#type = question.type;
    /** @type {number | null} */
    this.source = question.data_source ?? null;
    /** @type {Query} */
    this.query = question.query ?? {};
    this.options = question.options ?? {};
  }

  /** The columns of the table that is asked. */
  get columns() {
    return this.#columns;
  }

  /** @param {string | null | undefined} name */
  column(name) {
    return this.#columns.find((column) => column.name === name);
  }

  get suggestions() {
    return suggestions(this.query, this.#columns);
  }

  /** @returns {WidgetType} */
  get type() {
    return this.#type && fits(this.#type, this.query) ? this.#type : (this.suggestions[0] ?? "table");
  }

  get title() {
    return this.#title || titleOf(this.query);
  }

  /** Whether something is asked for. */
  get isAsked() {
    const { dimensions = [], measures = [] } = this.query;
    return this.source !== null && dimensions.length + measures.length > 0;
  }

  /** What can be sent. @returns {Question} */
  get question() {
    return { title: this.title, type: this.type, data_source: this.source, query: complete(this.query), options: this.options };
  }

  /** Whether the user has chosen the type. */
  get hasChosenType() {
    return this.#type !== undefined;
  }

  /**
   * @param {Partial<Query>} change
   * @param {Element} [from]  The part of the editor that has changed it, and shows it already.
   */
  ask(change, from) {
    this.query = { ...this.query, ...change };
    this.#changed(from);
  }

  /** Another source or table: nothing that was asked of the one before is there. @param {number | null} source @param {string} [table] */
  from(source, table) {
    this.source = source;
    this.query = table ? { table } : {};
    this.#columns = [];
    this.#changed();
  }

  /** @param {Column[]} columns @param {string} [table]  Its name, where the source has several. */
  describe(columns, table) {
    this.#columns = columns;
    if (table) this.query = { ...this.query, table };
    this.#changed();
  }

  /** @param {{ title?: string, type?: WidgetType, options?: Record<string, any> }} change @param {Element} [from] */
  look({ title, type, options }, from) {
    if (title !== undefined) this.#title = title;
    if (type !== undefined) this.#type = type;
    if (options !== undefined) this.options = options;
    this.#changed(from);
  }

  /** @param {Element} [from] */
  #changed(from) {
    this.dispatchEvent(new CustomEvent("change", { detail: from }));
  }
}

/**
 * A part of the editor, made anew when the draft changes, but for what the part itself has changed while it is typed in.
 *
 * @param {QueryDraft} draft
 * @param {(element: HTMLElement) => import("../ui/dom.js").Children} render
 */
export function part(draft, render) {
  const element = h("div", { class: "part" });
  const show = () => renew(element, render(element));
  draft.addEventListener("change", (event) => event instanceof CustomEvent && event.detail !== element && show());
  show();
  return element;
}
