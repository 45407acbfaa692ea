/**
 * A dashboard while it is edited: what the API has, what the user has made of it, and what of that has to be sent.
 *
 * New widgets have negative IDs until the API gives them theirs.
 */

import { filterInWords, titleOf } from "../query/language.js";
import { firstRoom, moveTo, SIZES } from "./layout.js";

/** @typedef {Api.Schemas["Dashboard"]} Dashboard */
/** @typedef {Api.Schemas["Widget"]} Widget */
/** @typedef {Api.Schemas["Position"]} Position */
/** @typedef {{ name: string, description: string, status: Api.Schemas["DashboardStatus"], widgets: Widget[] }} Content */

/** @param {Dashboard} dashboard @returns {Content} */
const contentOf = ({ name, description, status, widgets }) => ({ name, description, status, widgets });

const isSame = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);

export class DashboardDraft {
  #next = -1;

  /** @param {Dashboard} saved @param {string | null} etag */
  constructor(saved, etag) {
    this.saved = saved;
    this.etag = etag;
    /** @type {Content} */
    this.content = contentOf(saved);
  }

  /** What differs from what the user began with. @returns {Partial<Content>} */
  get changes() {
    const before = contentOf(this.saved);
    return Object.fromEntries(Object.entries(this.content).filter(([name, value]) => !isSame(value, before[/** @type {keyof Content} */ (name)])));
  }

  get isChanged() {
    return Object.keys(this.changes).length > 0;
  }

  /**
   * The changes as the API takes them.
   * @param {Dashboard} onto  What it has by now. A widget that is not there any more comes back as a new one.
   */
  body(onto = this.saved) {
    const { changes } = this;
    if (!changes.widgets) return changes;
    const known = new Set(onto.widgets.map(({ id }) => id));
    const widgets = changes.widgets.map(({ id, ...widget }) => (known.has(id) ? { id, ...widget } : widget));
    return { ...changes, widgets };
  }

  get positions() {
    return new Map(this.content.widgets.map(({ id, position }) => [id ?? 0, position]));
  }

  /** @param {Map<number, Position>} positions */
  arrange(positions) {
    this.#widgets(this.content.widgets.map((widget) => ({ ...widget, position: positions.get(widget.id ?? 0) ?? widget.position })));
  }

  /** @param {Omit<Widget, "id" | "position">} widget @returns {Widget} */
  add(widget) {
    const taken = this.content.widgets.map(({ position }) => position);
    return this.#insert(widget, firstRoom(taken, SIZES[widget.type]));
  }

  /** A copy of a widget, below it or wherever there is room. @param {Widget} widget */
  duplicate({ id: _, position: { width, height }, ...widget }) {
    const taken = this.content.widgets.map(({ position }) => position);
    return this.#insert({ ...widget, title: `${widget.title.slice(0, 93)} (copy)` }, firstRoom(taken, { width, height }));
  }

  /** @param {Widget} widget */
  change(widget) {
    this.#widgets(this.content.widgets.map((other) => (other.id === widget.id ? widget : other)));
  }

  /** @param {number} id @returns {() => void} Puts it back. */
  remove(id) {
    const index = this.content.widgets.findIndex((widget) => widget.id === id);
    const [widget] = this.content.widgets.slice(index, index + 1);
    this.#widgets(this.content.widgets.toSpliced(index, 1));
    return () => {
      this.#widgets(this.content.widgets.toSpliced(index, 0, widget));
      this.arrange(moveTo(this.positions, id, widget.position));
    };
  }

  /** @param {Omit<Widget, "id" | "position">} widget @param {Position} position */
  #insert(widget, position) {
    const whole = { ...widget, id: this.#next, position };
    this.#next -= 1;
    this.#widgets([...this.content.widgets, whole]);
    return whole;
  }

  /** @param {Widget[]} widgets */
  #widgets(widgets) {
    this.content = { ...this.content, widgets };
  }
}

/**
 * What of the user's changes somebody else has changed, too, in words.
 * @param {DashboardDraft} draft
 * @param {Dashboard} theirs
 * @returns {import("../ui/dialog.js").Difference[]}
 */
export function differences({ saved, changes }, theirs) {
  /** @type {import("../ui/dialog.js").Difference[]} */
  const all = [];
  const texts = /** @type {const} */ ([["name", "Name"], ["description", "Description"], ["status", "Status"]]);
  for (const [name, label] of texts) {
    const mine = changes[name];
    const isTheirs = theirs[name] !== saved[name];
    if (mine !== undefined && isTheirs && mine !== theirs[name]) all.push({ label, mine, theirs: theirs[name] });
  }
  if (!changes.widgets || isSame(theirs.widgets, saved.widgets)) return all;
  const others = new Map(theirs.widgets.map((widget) => [widget.id, widget]));
  for (const widget of changes.widgets) {
    const other = others.get(widget.id);
    others.delete(widget.id);
    const isNew = (widget.id ?? 0) < 0;
    if (!isSame(widget, other)) all.push({ label: `Widget “${widget.title}”`, ...(isNew ? { mine: inWords(widget), theirs: "not there" } : { mine: inWords(widget, other), theirs: other ? inWords(other, widget) : "deleted" }) });
  }
  for (const widget of others.values()) all.push({ label: `Widget “${widget.title}”`, mine: "not there", theirs: inWords(widget) });
  return all;
}

/**
 * A widget in words, as far as it differs from another.
 * @param {Widget} widget
 * @param {Widget} [other]
 */
function inWords(widget, other) {
  const { title, type, query, position: { x, y, width, height } } = widget;
  const parts = [
    { value: title, before: other?.title, words: `“${title}”` },
    { value: type, before: other?.type, words: type },
    { value: query, before: other?.query, words: query ? [titleOf(query), ...(query.filters ?? []).map(filterInWords)].join(", ") : "" },
    { value: widget.options, before: other?.options, words: `options ${JSON.stringify(widget.options)}` },
    { value: widget.position, before: other?.position, words: `column ${x + 1}, row ${y + 1}, ${width} × ${height}` },
  ];
  const differing = other ? parts.filter(({ value, before }) => !isSame(value, before)) : parts.filter((_, index) => index !== 0 && index !== 3);
  return differing.map(({ words }) => words).filter(Boolean).join("; ") || "the same";
}
