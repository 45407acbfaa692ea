/** Dashboards for tests: each makes its own, over the demo's Sales. */

/** @typedef {{ api: (method: string, path: string, body?: unknown) => Promise<any> }} App */

/** @param {string} title @param {object} [position] @param {object} [rest] */
export function bar(title, position = {}, rest = {}) {
  const query = { dimensions: [{ field: "region" }], measures: [{ field: "revenue", aggregation: "sum", as: "revenue" }] };
  return { title, type: "bar", data_source: 1, query, position: { x: 0, y: 0, width: 4, height: 3, ...position }, ...rest };
}

/** @param {App} app @param {string} name @param {object[]} widgets */
export async function dashboard({ api }, name, widgets) {
  return api("POST", "/api/dashboards/", { name, description: "", status: "draft", widgets });
}

/** @param {App} app @param {number} id @returns {Promise<any>} */
export async function saved({ api }, id) {
  return api("GET", `/api/dashboards/${id}/`);
}
