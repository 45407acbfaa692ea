/**
 * Leafing through a list as the API pages it. Pages are links, so that they can be opened, shared and gone back to.
 */

import { h } from "./dom.js";
import { counted, number } from "./format.js";
import { icon } from "./icon.js";

export const PAGE_SIZE = 20;

/**
 * @param {{ count: number, page: number, pageSize?: number, noun: string, href: (page: number) => string }} options
 */
export function pager({ count, page, pageSize = PAGE_SIZE, noun, href }) {
  const pages = Math.max(Math.ceil(count / pageSize), 1);
  if (pages === 1) return h("p", { class: "pager quiet" }, counted(count, noun));
  const first = (page - 1) * pageSize + 1;
  const range = `${number(first)}–${number(Math.min(first + pageSize - 1, count))} of ${counted(count, noun)}`;
  const step = (/** @type {number} */ to, /** @type {string} */ label, /** @type {"previous" | "next"} */ name) =>
    to < 1 || to > pages
      ? h("span", { class: "icon-button", "aria-disabled": "true", role: "link", "aria-label": label }, icon(name))
      : h("a", { class: "icon-button", href: href(to), "aria-label": label, rel: name === "next" ? "next" : "prev" }, icon(name));
  return h("nav", { class: "pager", "aria-label": "Pages" }, h("span", { class: "quiet" }, range), step(page - 1, "Previous page", "previous"), step(page + 1, "Next page", "next"));
}
