/**
 * The Markdown that a text widget may have, as the API's drawing knows it: paragraphs, `#` headings, `-` lists and `**bold**` words. All
 * else stays as it is written.
 */

import { h } from "./dom.js";

/** @param {string} source */
export function markdown(source) {
  const blocks = source.replaceAll("\r\n", "\n").split(/\n\s*\n|\n(?=[#-] ?)|(?<=^#.*)\n/m);
  /** @type {Node[]} */
  const elements = [];
  for (const block of blocks.map((text) => text.trim()).filter(Boolean)) {
    const heading = /^#{1,6}\s+(.*)$/s.exec(block);
    const item = /^-\s+(.*)$/s.exec(block);
    const last = elements.at(-1);
    if (heading) elements.push(h("h3", { dir: "auto" }, ...words(heading[1])));
    else if (!item) elements.push(h("p", { dir: "auto" }, ...words(block)));
    else if (last instanceof HTMLUListElement) last.append(h("li", { dir: "auto" }, ...words(item[1])));
    else elements.push(h("ul", null, h("li", { dir: "auto" }, ...words(item[1]))));
  }
  return h("div", { class: "markdown" }, ...elements);
}

/** @param {string} text */
function words(text) {
  return text.split(/\*\*(.+?)\*\*/s).map((part, index) => (index % 2 ? h("strong", null, part) : part));
}
