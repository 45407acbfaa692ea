/**
 * The way to the pages. Which of them is open is said, not only colored.
 */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icon.js";
import { PAGES } from "./pages.js";
import { find, href } from "./router.js";

/** @param {AbortSignal} signal */
export function navigation(signal) {
  const links = PAGES.flatMap(({ path, nav }) => {
    if (!nav) return [];
    return { path, link: h("a", { href: href(path) }, icon(nav.icon), h("span", null, nav.label)) };
  });
  const mark = () => {
    const open = find(location.hash)?.path ?? "";
    for (const { path, link } of links) {
      const isWithin = open === path || open.startsWith(`${path}/`);
      if (isWithin) link.setAttribute("aria-current", open === path ? "page" : "true");
      else link.removeAttribute("aria-current");
      // On a phone, not all of them are seen at once.
      if (isWithin) nav.scrollLeft = link.offsetLeft + (link.offsetWidth - nav.clientWidth) / 2;
    }
  };
  const nav = h("nav", { class: "app-nav", "aria-label": "Main" }, h("ul", null, ...links.map(({ link }) => h("li", null, link))));
  mark();
  // Where it is can be told once it is in the page, and anew in another window size.
  new ResizeObserver(mark).observe(nav);
  addEventListener("hashchange", mark, { signal });
  return nav;
}
