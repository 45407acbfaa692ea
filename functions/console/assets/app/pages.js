/**
 * The pages: one table, which the router finds paths in and the navigation is made of. A page's module is loaded when it is opened.
 *
 * A page is a function from a `PageContext` to what is in `<main>`. It answers at once, with a heading and a place for what it then
 * loads, so that something is seen before there is data.
 */

/**
 * @typedef {object} PageContext
 * @property {Record<string, string>} params  The variables of the path.
 * @property {URLSearchParams} query
 * @property {AbortSignal} signal  Aborted when the page is left: for every request and listener of it.
 * @property {Api.Schemas["Account"]} account  Who is signed in.
 * @property {(title: string) => void} setTitle  What the browser's tab says.
 * @property {(update: (query: URLSearchParams) => void) => void} onQuery  Takes a change of the query alone, which otherwise opens the
 *   page anew.
 * @property {(guard: (() => boolean | Promise<boolean>) | undefined) => void} onLeave  Asked before the page is left; `false` stays. Of
 *   nothing, the page is left without asking.
 */

/** @typedef {(context: PageContext) => Node} Page */

/**
 * @typedef {object} Route
 * @property {string} path
 * @property {string} title
 * @property {() => Promise<{ page: Page }>} load
 * @property {{ label: string, icon: import("../ui/icon.js").IconName }} [nav]  Its place in the navigation.
 */

/** @type {Route[]} */
export const PAGES = [
  {
    path: "/dashboards",
    title: "Dashboards",
    load: () => import("../pages/dashboards.js"),
    nav: { label: "Dashboards", icon: "dashboard" },
  },
  { path: "/dashboards/{id}", title: "Dashboard", load: () => import("../pages/dashboard.js") },
  { path: "/explore", title: "Explore", load: () => import("../pages/explore.js"), nav: { label: "Explore", icon: "explore" } },
  {
    path: "/data-sources",
    title: "Data sources",
    load: () => import("../pages/data-sources.js"),
    nav: { label: "Data sources", icon: "database" },
  },
  { path: "/data-sources/new", title: "New data source", load: () => import("../pages/data-source-new.js") },
  { path: "/data-sources/{id}", title: "Data source", load: () => import("../pages/data-source.js") },
  { path: "/reports", title: "Reports", load: () => import("../pages/reports.js"), nav: { label: "Reports", icon: "report" } },
  { path: "/reports/new", title: "New report", load: () => import("../pages/report-form.js") },
  { path: "/reports/{id}", title: "Report", load: () => import("../pages/report.js") },
  { path: "/reports/{id}/edit", title: "Edit report", load: () => import("../pages/report-form.js") },
  { path: "/settings", title: "Account", load: () => import("../pages/account.js"), nav: { label: "Settings", icon: "settings" } },
  { path: "/settings/security/api-keys", title: "API Keys", load: () => import("../pages/api-keys.js") },
  { path: "/settings/usage", title: "Usage", load: () => import("../pages/usage.js") },
];

/** Where those go who name no page. */
export const START = "/dashboards";
