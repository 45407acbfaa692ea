/**
 * Moving and resizing widgets, by pointer and by keys: the same steps on the same grid. What is in the way makes room, as seen from
 * where things were when it began, so that going back puts all back.
 */

import { announce } from "../ui/announce.js";
import { h } from "../ui/dom.js";
import { COLUMNS, moveTo, within } from "./layout.js";

/** @typedef {Api.Schemas["Position"]} Position */

/**
 * @typedef {object} Arranged
 * @property {HTMLElement} grid
 * @property {() => Map<number, Position>} positions
 * @property {(positions: Map<number, Position>) => void} arrange
 */

/** How near to the edge of the window a pointer scrolls it. */
const EDGE_PX = 48;
const SCROLL_PX = 24;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The handle that moves a widget, and the corner that resizes it.
 * @param {number} id
 * @param {string} title
 * @param {Arranged} arranged
 */
export function handles(id, title, arranged) {
  const grip = h("span", { class: "grip", "aria-hidden": "true" });
  const label = `Move or resize ${title}`;
  const handle = h("button", { type: "button", class: "icon-button handle", "aria-label": label, title: "Drag to move. Arrow keys move, with Shift they resize", "aria-describedby": HINT_ID, data: { widget: id } }, grip);
  const corner = h("span", { class: "corner", "aria-hidden": "true", title: "Drag to resize" });
  byKeys(handle, id, title, arranged);
  byPointer(handle, id, title, arranged, false);
  byPointer(corner, id, title, arranged, true);
  return { handle, corner };
}

const HINT_ID = "arrange-hint";

/** What handles say of themselves: once on the page, for all. */
export function arrangeHint() {
  return h("p", { id: HINT_ID, class: "visually-hidden" }, "Arrow keys move it, with Shift they resize it. Escape puts it back.");
}

/** @param {string} title @param {Position} position */
function say(title, { x, y, width, height }) {
  announce(`${title}: column ${x + 1}, row ${y + 1}, ${width} wide, ${height} high`);
}

/**
 * @param {Position} position
 * @param {[number, number]} step
 * @param {boolean} isResizing
 */
function stepped(position, [right, down], isResizing) {
  const { x, y, width, height } = position;
  if (isResizing) return within({ x, y, width: Math.min(width + right, COLUMNS - x), height: height + down });
  return within({ x: x + right, y: y + down, width, height });
}

/**
 * @param {HTMLElement} handle
 * @param {number} id
 * @param {string} title
 * @param {Arranged} arranged
 */
function byKeys(handle, id, title, { positions, arrange }) {
  /** @type {Map<number, Position> | undefined} */
  let before;
  handle.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (event.key === "Escape" && before) {
      event.preventDefault();
      arrange(before);
      announce(`${title} is back where it was`);
      before = undefined;
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      before = undefined;
    } else if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      before ??= positions();
      const now = /** @type {Position} */ (positions().get(id));
      const to = stepped(now, step, event.shiftKey);
      arrange(moveTo(before, id, to));
      say(title, to);
      handle.closest("article")?.scrollIntoView({ block: "nearest" });
    }
  });
  handle.addEventListener("blur", () => (before = undefined));
}

/**
 * @param {HTMLElement} element
 * @param {number} id
 * @param {string} title
 * @param {Arranged} arranged
 * @param {boolean} isResizing
 */
function byPointer(element, id, title, { grid, positions, arrange }, isResizing) {
  element.addEventListener("pointerdown", (event) => {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    if (event.button !== 0 || columns !== COLUMNS) return;
    const { columnGap, rowGap, gridAutoRows } = getComputedStyle(grid);
    const cellWidth = (grid.clientWidth + Number.parseFloat(columnGap)) / COLUMNS;
    const cellHeight = Number.parseFloat(gridAutoRows) + Number.parseFloat(rowGap);
    const before = positions();
    const from = /** @type {Position} */ (before.get(id));
    const start = { x: event.pageX, y: event.pageY };
    const card = element.closest("article");
    const done = new AbortController();
    const { signal } = done;
    let to = from;
    element.setPointerCapture(event.pointerId);
    card?.classList.add("arranged");

    const move = (/** @type {PointerEvent} */ now) => {
      if (now.clientY < EDGE_PX) scrollBy(0, -SCROLL_PX);
      else if (now.clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
      const next = stepped(from, [Math.round((now.pageX - start.x) / cellWidth), Math.round((now.pageY - start.y) / cellHeight)], isResizing);
      if (JSON.stringify(next) === JSON.stringify(to)) return;
      to = next;
      arrange(moveTo(before, id, to));
    };
    const end = () => {
      done.abort();
      card?.classList.remove("arranged");
      if (to !== from) say(title, to);
    };
    element.addEventListener("pointermove", move, { signal });
    element.addEventListener("pointerup", end, { signal });
    element.addEventListener("pointercancel", () => (arrange(before), (to = from), end()), { signal });
    addEventListener("keydown", (key) => key.key === "Escape" && (arrange(before), (to = from), end()), { signal });
  });
}
