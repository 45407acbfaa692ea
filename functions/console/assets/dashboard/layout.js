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
 * All positions after one was moved. What it now covers changes places with it where there is room above, and else goes below it, and
 * pushes on what is there.
 * @param {Map<number, Position>} positions
 * @param {number} moved
 * @param {Position} to
 * @returns {Map<number, Position>}
 */
export function moveTo(positions, moved, to) {
  const next = new Map(positions).set(moved, to);
  const pushing = [moved];
  for (let id = pushing.shift(); id !== undefined; id = pushing.shift()) {
    const pusher = /** @type {Position} */ (next.get(id));
    const covered = [...next].filter(([other, position]) => other !== id && other !== moved && overlap(position, pusher));
    for (const [other, position] of covered.sort(([, a], [, b]) => a.y - b.y)) {
      const down = pusher.y + pusher.height;
      const up = id === moved ? roomAbove(next, other, down - position.y) : undefined;
      next.set(other, { ...position, y: up ?? down });
      if (up === undefined) pushing.push(other);
    }
  }
  return next;
}

/**
 * The nearest row above where a widget has room.
 * @param {Map<number, Position>} positions
 * @param {number} id
 * @param {number} farthest
 */
function roomAbove(positions, id, farthest) {
  const position = /** @type {Position} */ (positions.get(id));
  const others = [...positions].filter(([other]) => other !== id).map(([, other]) => other);
  for (let y = position.y - 1; y >= Math.max(position.y - farthest, 0); y -= 1) {
    if (!others.some((other) => overlap(other, { ...position, y }))) return y;
  }
  return undefined;
}

/** @param {Position} a @param {Position} b */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
