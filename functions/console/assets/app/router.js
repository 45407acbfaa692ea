/**
 * Which page the address names: the part after `#`, as in `#/dashboards/3?page=2`.
 *
 * The function that serves the console knows no pages, API Gateway may put a stage before every path, and a hash is neither's concern.
 */

import { PAGES, START } from "./pages.js";

/** @typedef {{ route: import("./pages.js").Route, params: Record<string, string>, path: string, query: URLSearchParams }} Place */

/**
 * The address of a page.
 * @param {string} path
 * @param {Record<string, string | number | undefined | null>} [query]  What is empty is left out.
 */
export function href(path, query = {}) {
  const parameters = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(parameters.map(([name, value]) => [name, String(value)])).toString();
  return `#${path}${text && `?${text}`}`;
}

/** Opens a page. @param {string} address  As `href` makes it. */
export function navigate(address) {
  location.hash = address;
}

/** Changes the address without a step in the history: while a filter is typed. @param {string} address */
export function replaceAddress(address) {
  history.replaceState(null, "", address);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/**
 * The page that a hash names, if there is one.
 * @param {string} hash
 * @returns {Place | undefined}
 */
export function find(hash) {
  const [path, query] = (hash.replace(/^#/, "") || START).split("?", 2);
  const parts = path.replace(/\/$/, "").split("/");
  for (const route of PAGES) {
    const params = match(route.path.split("/"), parts);
    if (params) return { route, params, path, query: new URLSearchParams(query) };
  }
  return undefined;
}

/**
 * @param {string[]} pattern
 * @param {string[]} parts
 */
function match(pattern, parts) {
  if (pattern.length !== parts.length) return undefined;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith("{")) params[part.slice(1, -1)] = parts[index];
    else if (part !== parts[index]) return undefined;
  }
  return params;
}
