/**
 * The grid of a dashboard: a card for each widget, at its place. Cards stay while what they show does, so that moving one, or beginning
 * to edit, draws nothing anew.
 */

import { h } from "../ui/dom.js";
import { inReadingOrder } from "./layout.js";
import { widgetCard } from "./widget-card.js";

/** @typedef {Api.Schemas["Widget"]} Widget */
/** @typedef {import("./widget-card.js").Card} Card */

/** @param {import("./widget-card.js").Place} place */
export function board(place) {
  const grid = h("div", { class: "grid" });
  /** @type {Map<number, { card: Card, shows: string }>} */
  const cards = new Map();

  return {
    element: h("div", { class: "grid-room" }, grid),
    grid,
    /** @param {number} id */
    card: (id) => cards.get(id)?.card,
    redraw() {
      for (const { card } of cards.values()) card.redraw();
    },
    /**
     * @param {Widget[]} widgets
     * @param {Widget[]} saved  As the API has them.
     */
    show(widgets, saved) {
      const known = new Map(saved.map((widget) => [widget.id, content(widget)]));
      const ids = new Set(widgets.map(({ id }) => id ?? 0));
      for (const [id, { card }] of cards) {
        if (ids.has(id)) continue;
        card.element.remove();
        cards.delete(id);
      }
      for (const widget of widgets) {
        const id = widget.id ?? 0;
        const before = cards.get(id);
        const isSaved = known.get(widget.id) === content(widget);
        const shows = `${isSaved} ${content(widget)}`;
        if (before?.shows === shows) {
          before.card.place(widget.position);
          continue;
        }
        const card = widgetCard(widget, isSaved, place);
        card.place(widget.position);
        if (before) before.card.element.replaceWith(card.element);
        else grid.append(card.element);
        cards.set(id, { card, shows });
      }
    },
    /** Puts the cards in the order in which they are read, as the keys and screen readers go. @param {Widget[]} widgets */
    sort(widgets) {
      const elements = widgets.toSorted(inReadingOrder).flatMap(({ id }) => cards.get(id ?? 0)?.card.element ?? []);
      if (elements.every((element, index) => grid.children[index] === element)) return;
      grid.append(...elements);
      // What was being drawn when it was moved is drawn again.
      this.redraw();
    },
  };
}

/** All that a card shows. @param {Widget} widget */
function content({ title, type, data_source: source, query, options }) {
  return JSON.stringify([title, type, source, query, options]);
}
