/** A dashboard as its reader wants to see it: filters, time, zone; and what goes wrong with one widget. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard } from "./dashboards.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

const TABLE = { dimensions: [{ field: "region" }], measures: [{ aggregation: "count", as: "orders" }] };
const table = (/** @type {string} */ title, /** @type {object} */ query = TABLE, source = 1) => ({
  title,
  type: "table",
  data_source: source,
  query,
  position: { x: 4, y: 0, width: 8, height: 4 },
});

test("filters, a time range and a zone hold for each widget that has the field, and are in the address", async () => {
  const { id } = await dashboard(app, "Filtered", [bar("Chart"), table("Rows")]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  const rows = page.getByRole("article", { name: "Rows" });
  const marks = page.getByRole("article", { name: "Chart" }).locator("[data-value]");
  await rows.getByRole("cell", { name: "Latin America" }).waitFor();
  await marks.nth(3).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Filter the dashboard" });
  await dialog.getByLabel("Field of filter 1").selectOption("region");
  await dialog.getByLabel("Operator of filter 1").selectOption("in");
  for (const value of ["Europe", "Asia Pacific"]) {
    await dialog.getByLabel("Value of filter 1", { exact: true }).fill(value);
    await page.keyboard.press("Enter");
  }
  await visited.check("dashboard-filter");
  await dialog.getByRole("button", { name: "Show" }).click();
  await rows.getByRole("cell", { name: "Latin America" }).waitFor({ state: "detached" });
  await marks.nth(2).waitFor({ state: "detached" });
  await page.getByLabel("Time range").selectOption("last_12_months");
  await page.getByLabel("and the current one").check();
  await page.getByLabel("Time zone").selectOption("Europe/Berlin");
  await visited.settled();
  const asked = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith(`/dashboards/${id}/data/`));
  await page.reload();
  assert.deepEqual((await asked).postDataJSON(), {
    filters: [{ field: "region", operator: "in", values: ["Europe", "Asia Pacific"] }],
    time_range: { field: "ordered_at", range: "last_12_months", include_current: true },
    timezone: "Europe/Berlin",
  });
  await rows.getByRole("cell", { name: "Europe" }).waitFor();
  await visited.check("dashboard-filtered");
  await page.getByRole("button", { name: /^Remove the filter/ }).click();
  await rows.getByRole("cell", { name: "Latin America" }).waitFor();
  // Two days, the last one included.
  await page.getByLabel("Time range").selectOption("between");
  await page.getByLabel("First day").fill("1990-01-01");
  await page.getByLabel("Last day").fill("1990-01-31");
  await rows.getByRole("cell", { name: "Europe" }).waitFor({ state: "detached" });
  assert.match(decodeURIComponent(page.url()), /"from":"1990-01-01","to":"1990-02-01"/);
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.locator("body > [role=status].visually-hidden").filter({ hasText: "Refreshed" }).waitFor();
  await visited.close();
});

test("a widget that fails says why, and spoils no other; a query that still runs is asked for again", async () => {
  const empty = await app.api("POST", "/api/data-sources/", { name: "Nothing in it", type: "file", engine: "csv", connection: {} });
  const { id } = await dashboard(app, "Partly", [
    { ...table("Broken", TABLE, empty.id), position: { x: 0, y: 0, width: 6, height: 4 } },
    { ...table("Slow"), position: { x: 6, y: 0, width: 6, height: 4 } },
    bar("Fine", { y: 4 }),
    bar("Slow chart", { x: 4, y: 4 }),
  ]);
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  visited.expect(/409/);
  const running = { id: "1", status: "running" };
  let looks = 0;
  await page.route(`**/api/dashboards/${id}/data/`, async (route) => {
    looks += 1;
    if (looks > 1) return route.continue();
    const answer = await route.fetch();
    const data = await answer.json();
    data.widgets = data.widgets.map((/** @type {any} */ widget) => (widget.id === 2 ? { id: 2, running } : widget));
    return route.fulfill({ json: data });
  });
  let drawings = 0;
  await page.route(`**/api/dashboards/${id}/widgets/4/chart/**`, (route) => {
    drawings += 1;
    return drawings > 1 ? route.continue() : route.fulfill({ status: 202, json: running });
  });
  await visited.open(`#/dashboards/${id}`);
  await page.getByRole("article", { name: "Broken" }).getByRole("alert").filter({ hasText: "import" }).waitFor();
  await page.getByRole("img", { name: "Fine" }).waitFor();
  await page.getByRole("article", { name: "Slow", exact: true }).getByRole("cell", { name: "Europe" }).waitFor();
  await page.getByRole("img", { name: "Slow chart" }).waitFor();
  assert.deepEqual([looks > 1, drawings > 1], [true, true]);
  await visited.check("dashboard-partly");
  await visited.close();
});

test("what is left out is said, unless the widget's own limit says so", async () => {
  const query = { dimensions: [{ field: "order_id" }], measures: [{ aggregation: "count" }] };
  const { id } = await dashboard(app, "Long", [table("All", query), { ...table("Ten", { ...query, limit: 10 }), position: { x: 0, y: 4, width: 6, height: 4 } }]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  await page.getByRole("article", { name: "All" }).getByText("The first 1,000 rows only").waitFor();
  await page.getByRole("article", { name: "Ten" }).getByRole("cell").first().waitFor();
  assert.equal(await page.getByRole("article", { name: "Ten" }).getByText("rows only").count(), 0);
  await visited.close();
});

test("too many requests are waited for, also while a question is picked", async () => {
  const visited = await app.signIn("#/explore");
  const { page } = visited;
  visited.expect(/429/);
  let refusals = 0;
  await page.route("**/api/analytics/query/", (route) => {
    refusals += 1;
    if (refusals > 1) return route.continue();
    return route.fulfill({ status: 429, headers: { "Retry-After": "1" }, json: { error: "rate_limited", message: "Too many requests.", detail: "Try again in 1 s." } });
  });
  await page.getByRole("button", { name: "revenue number" }).click();
  await page.getByText("the server asked to wait").waitFor();
  await page.getByRole("cell").first().waitFor();
  await visited.close();
});

test("who may only read is offered only that", async () => {
  const { results } = await app.api("GET", "/api/dashboards/");
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  await page.route("**/api/auth/status/", async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, user: { ...answer.user, role: "viewer" } } });
  });
  await page.reload();
  await page.getByRole("link", { name: results[0].name }).click();
  await page.getByRole("button", { name: "Refresh" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Edit" }).count(), 0);
  assert.equal(await page.getByLabel("More of this dashboard").count(), 0);
  await visited.open("#/explore");
  await page.getByRole("heading", { name: "Not for your role" }).waitFor();
  await visited.close();
});

test("a day that is typed holds nobody on the dashboard, and does not outlive another choice", async () => {
  const { id } = await dashboard(app, "Typed", [table("Rows")]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  await page.getByRole("article", { name: "Rows" }).getByRole("cell").first().waitFor();
  const range = page.getByLabel("Time range");
  await range.selectOption("between");
  await page.getByLabel("First day").fill("2026-01-01");
  await range.selectOption({ label: "All time" });
  // Longer than a day has to stand.
  await page.waitForTimeout(800);
  assert.doesNotMatch(page.url(), /time=/);
  await range.selectOption("between");
  await page.getByLabel("First day").fill("2026-01-01");
  await page.getByRole("link", { name: "Explore" }).click();
  await page.getByRole("heading", { name: "Explore" }).waitFor();
  await page.waitForTimeout(800);
  assert.match(page.url(), /#\/explore/);
  await visited.close();
});
