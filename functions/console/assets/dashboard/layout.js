/**
 * Where widgets are on the grid, and where they go when one is moved onto them. Positions only: no elements.
 */

/** @typedef {Api.Schemas["Position"]} Position */
/** @typedef {Api.Schemas["Widget"]} Widget */

export const COLUMNS = 12;

/** What the API takes. */
const LOWEST_ROW = 10_000;
const LARGEST_HEIGHT = 100;

/** How large a new widget is. @type {Record<Api.Schemas["WidgetType"], { width: number, height: number }>} */
export const SIZES = {
  line: { width: 6, height: 4 },
  bar: { width: 6, height: 4 },
  area: { width: 6, height: 4 },
  pie: { width: 4, height: 4 },
  funnel: { width: 6, height: 4 },
  scatter: { width: 6, height: 4 },
  heatmap: { width: 6, height: 4 },
  metric: { width: 3, height: 2 },
  gauge: { width: 3, height: 3 },
  table: { width: 12, height: 5 },
  text: { width: 12, height: 2 },
};

/** The first row below all. @param {{ position: Position }[]} widgets */
export const below = (widgets) => Math.max(0, ...widgets.map(({ position: { y, height } }) => y + height));

/** In the order in which they are read. @param {{ position: Position }} a @param {{ position: Position }} b */
export const inReadingOrder = ({ position: a }, { position: b }) => a.y - b.y || a.x - b.x;

/** The next position within the grid. @param {Position} position @returns {Position} */
export function within({ x, y, width, height }) {
  const wide = clamp(width, 1, COLUMNS);
  return { x: clamp(x, 0, COLUMNS - wide), y: clamp(y, 0, LOWEST_ROW), width: wide, height: clamp(height, 1, LARGEST_HEIGHT) };
}

/**
 * Where a widget of a size fits first, from the top.
 * @param {Position[]} taken
 * @param {{ width: number, height: number }} size
 * @returns {Position}
 */
export function firstRoom(taken, size) {
  for (let y = 0; ; y += 1) {
    for (let x = 0; x <= COLUMNS - size.width; x += 1) {
      const position = { x, y, ...size };
      if (!taken.some((other) => overlap(other, position))) return position;
    }
  }
}

/**
 * All positions after one was moved: those it now covers go to the nearest rows with room, upwards if there is as much room, so that
 * what is moved past something changes places with it.
 * @param {Map<number, Position>} positions
 * @param {number} moved
 * @param {Position} to
 * @returns {Map<number, Position>}
 */
export function moveTo(positions, moved, to) {
  const next = new Map(positions).set(moved, to);
  const covered = [...positions].filter(([id, position]) => id !== moved && overlap(position, to)).sort(([, a], [, b]) => a.y - b.y || a.x - b.x);
  for (const [id] of covered) next.delete(id);
  for (const [id, position] of covered) next.set(id, nearest(position, [...next.values()]));
  return next;
}

/** @param {Position} position @param {Position[]} taken */
function nearest(position, taken) {
  const isFree = (/** @type {number} */ y) => y >= 0 && !taken.some((other) => overlap(other, { ...position, y }));
  for (let distance = 0; ; distance += 1) {
    const y = [position.y - distance, position.y + distance].find(isFree);
    if (y !== undefined) return { ...position, y };
  }
}

/** @param {Position} a @param {Position} b */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
