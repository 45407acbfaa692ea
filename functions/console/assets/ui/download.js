/**
 * Hands bytes that are in the page to the user as a file.
 */

import { h } from "../ui/dom.js";

/** How long the browser may take to begin. */
const KEPT_MS = 10_000;

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const href = URL.createObjectURL(blob);
  // What file systems do not take in names.
  h("a", { href, download: name.replaceAll(/[\\/:*?"<>|]/g, " ") }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
