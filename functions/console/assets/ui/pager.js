/**
 * Leafing through a list as the API pages it. Pages are links, so that they can be opened, shared and gone back to.
 */

import { ApiError } from "../api/error.js";
import { h } from "./dom.js";
import { counted, number } from "./format.js";
import { icon } from "./icon.js";

export const PAGE_SIZE = 20;

/**
 * A page of a list; or which one is the last, if it is gone: what was on it may be deleted.
 * @template T
 * @param {number} page
 * @param {(page: number) => Promise<Api.Reply<Api.Page<T>>>} load
 * @returns {Promise<{ data: Api.Page<T>, last?: undefined } | { data: undefined, last: number }>}
 */
export async function pageOrLast(page, load) {
  try {
    const { data } = await load(page);
    return { data };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404 || page === 1) throw error;
  }
  const { data } = await load(1);
  return { data: undefined, last: Math.max(Math.ceil(data.count / PAGE_SIZE), 1) };
}

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
