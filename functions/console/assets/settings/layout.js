/**
 * What the pages of the settings have in common: their heading, and the way from one to the other.
 */

import { may } from "../app/permissions.js";
import { href } from "../app/router.js";
import { h } from "../ui/dom.js";

/** @typedef {{ path: string, label: string, permission?: Parameters<typeof may>[1] }} Section */

/** @type {{ heading: string, sections: Section[] }[]} */
const GROUPS = [
  { heading: "You", sections: [{ path: "/settings", label: "Account" }] },
  { heading: "Security", sections: [{ path: "/settings/security/api-keys", label: "API Keys" }] },
  { heading: "Organization", sections: [{ path: "/settings/usage", label: "Usage", permission: "usage:read" }] },
];

/**
 * @param {{ path: string, account: Api.Schemas["Account"], about: string, action?: HTMLElement }} options
 * @param {...import("../ui/dom.js").Children} content
 */
export function settingsPage({ path, account, about, action }, ...content) {
  const allowed = (/** @type {Section} */ { permission }) => !permission || may(account, permission);
  const groups = GROUPS.map(({ heading, sections }) => ({ heading, sections: sections.filter(allowed) })).filter(({ sections }) => sections.length > 0);
  const open = GROUPS.flatMap(({ heading, sections }) => sections.map((section) => ({ heading, ...section }))).find((section) => section.path === path);
  const link = (/** @type {Section} */ { path: to, label }) => h("a", { href: href(to), "aria-current": to === path && "page" }, label);
  const nav = h(
    "nav",
    { class: "settings-nav", "aria-label": "Settings" },
    groups.map(({ heading, sections }) => [h("p", { class: "quiet small" }, heading), h("ul", null, ...sections.map((section) => h("li", null, link(section))))]),
  );
  const crumbs = h("p", { class: "crumbs quiet" }, `Settings › ${open?.heading}`);
  const header = h("header", { class: "page-header" }, h("div", null, crumbs, h("h1", null, open?.label), h("p", { class: "quiet" }, about)), action);
  return h("div", { class: "settings-page" }, nav, h("div", { class: "settings-content" }, header, ...content));
}
