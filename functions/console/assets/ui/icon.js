/**
 * Icons, drawn in lines of the text's color on a grid of 24. They say nothing to a screen reader: what they stand for is in words
 * beside them, or in the name of their button.
 */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  add: "M12 5v14M5 12h14",
  alert: "M12 8v5m0 3.500v.01M10.300 4 2.700 17.500A2 2 0 0 0 4.400 20.500h15.200a2 2 0 0 0 1.700-3L13.700 4a2 2 0 0 0-3.400 0Z",
  check: "m5 12.500 4.500 4.500L19 7.500",
  close: "M6 6l12 12M18 6 6 18",
  cloud: "M7 19a4.500 4.500 0 0 1-.5-9 5.500 5.500 0 0 1 10.700-.7A5 5 0 0 1 17 19H7Z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  dashboard: "M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z",
  database: "M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3Zm0 0v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3",
  delete: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  download: "M12 4v11m-4.500-4.500L12 15l4.500-4.500M4 20h16",
  duplicate: "M8 8h12v12H8zM4 16V4h12",
  edit: "M4 20l1-4L16.500 4.500a2 2 0 0 1 3 3L8 19l-4 1Z",
  explore: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5",
  file: "M6 3h8l4 4v14H6zM14 3v5h4",
  filter: "M4 5h16l-6 8v6l-4-2v-4L4 5Z",
  fullscreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18Z",
  key: "M14.500 14a5 5 0 1 0-4.700-3.300L3 17.500V21h4v-2.500h2.500V16l1.800-1.800c.9.500 2 .800 3.200.800ZM16 8v.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500Z",
  more: "M5 12v.01M12 12v.01M19 12v.01",
  next: "m9 5 7 7-7 7",
  offline: "M3 3l18 18M8.500 15.500a5 5 0 0 1 5.500-1M5 12a10 10 0 0 1 4-2.500m5 .1A10 10 0 0 1 19 12M12 19v.01",
  pause: "M9 5v14M15 5v14",
  play: "M7 5v14l11-7L7 5Z",
  previous: "m15 5-7 7 7 7",
  print: "M7 9V4h10v5M7 18H4V9h16v9h-3M7 14h10v6H7z",
  refresh: "M20 11a8 8 0 0 0-14.500-4L4 9m0-5v5h5M4 13a8 8 0 0 0 14.500 4L20 15m0 5v-5h-5",
  report: "M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h7",
  settings: "M12 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM19.500 12l2-1.500-2-3.500-2.400 1a7.500 7.500 0 0 0-2-1.200L14.700 4h-4l-.4 2.800a7.500 7.500 0 0 0-2 1.200l-2.400-1-2 3.500 2 1.500-2 1.500 2 3.500 2.400-1a7.500 7.500 0 0 0 2 1.200l.4 2.800h4l.4-2.800a7.500 7.500 0 0 0 2-1.200l2.400 1 2-3.500-2-1.500Z",
  signOut: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  sun: "M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.400 1.400m11.200 11.200L19 19M5 19l1.400-1.400M17.600 6.400 19 5",
  system: "M3 5h18v11H3zM9 20h6M12 16v4",
  upload: "M12 16V5m-4.500 4.500L12 5l4.500 4.500M4 20h16",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.400 3.400-5 7-5s6.400 1.600 7 5",
};

/** @typedef {keyof typeof ICONS} IconName */

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["class", "icon"]]) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
