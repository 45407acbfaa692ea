/** Conditions in groups, of which any or all hold: made, changed and taken out by clicks and by keys, wherever conditions are. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard, saved } from "./dashboards.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

/** @typedef {import("playwright-core").Page} Page */

const MEASURES = [{ aggregation: "count" }];

/** @param {string} field @param {string} value */
const is = (field, value) => ({ field, operator: "eq", values: [value] });

/** A filter as deep as the API takes one. @param {number} depth @returns {object} */
const nested = (depth) => (depth === 0 ? is("channel", "web") : { [depth % 2 ? "or" : "and"]: [nested(depth - 1)] });

/** @param {object} query */
const explore = (query) => `#/explore?source=1&type=metric&query=${encodeURIComponent(JSON.stringify(query))}`;

/** What is sent. @param {Page} page */
async function asked(page) {
  return JSON.parse((await page.getByRole("region", { name: "Query as JSON", includeHidden: true }).textContent()) ?? "").query;
}

/**
 * Waits for how many orders there are of a channel, and of some regions if any are named. That is added up of all orders, by no filter: the
 * demo's data is another one each day.
 * @param {Page} page
 * @param {string} channel
 * @param {string[]} regions
 */
async function counted(page, channel, ...regions) {
  const dimensions = ["channel", "region"].map((field) => ({ field }));
  const { rows } = await app.api("POST", "/api/analytics/query/", { data_source: 1, query: { dimensions, measures: MEASURES } });
  let [all, count] = [0, 0];
  for (const [of, from, orders] of rows) {
    all += orders;
    if (of === channel && (!regions.length || regions.includes(from))) count += orders;
  }
  assert.equal(all, 10_000);
  await shown(page, count.toLocaleString("en-US"));
}

/** @param {Page} page @param {string} text */
const shown = (page, text) => page.getByRole("cell", { name: text, exact: true }).waitFor();

/** @param {Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);

test("a group is made of conditions by clicks, and what is not written to its end is in none", async () => {
  const visited = await app.signIn(explore({ measures: MEASURES }));
  const { page } = visited;
  await shown(page, "10,000");
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByLabel("Field of filter 1").selectOption("channel");
  await page.getByLabel("Value of filter 1").fill("web");
  await counted(page, "web");
  await page.getByRole("button", { name: "Add group of filters" }).click();
  assert.equal((await asked(page)).filters.length, 1);
  const group = page.getByRole("group", { name: "Group 2", exact: true });
  assert.equal(await group.getByLabel("Which of group 2").inputValue(), "or");
  await group.getByLabel("Field of filter 2.1").selectOption("region");
  await group.getByLabel("Value of filter 2.1").fill("Europe");
  await counted(page, "web", "Europe");
  await group.getByRole("button", { name: "Add filter to group 2" }).click();
  await group.getByLabel("Field of filter 2.2").selectOption("region");
  await group.getByLabel("Value of filter 2.2").fill("Latin America");
  await counted(page, "web", "Europe", "Latin America");
  // Within any, all.
  await group.getByRole("button", { name: "Add group of filters to group 2" }).click();
  await group.getByLabel("Field of filter 2.3.1").selectOption("region");
  await group.getByLabel("Operator of filter 2.3.1").selectOption("contains");
  await group.getByLabel("Value of filter 2.3.1").fill("america");
  await group.getByRole("button", { name: "Add filter to group 2.3" }).click();
  await group.getByLabel("Field of filter 2.3.2").selectOption("quantity");
  const europe = is("region", "Europe");
  const inner = [{ field: "region", operator: "contains", values: ["america"] }];
  await visited.settled();
  assert.deepEqual((await asked(page)).filters, [is("channel", "web"), { or: [europe, is("region", "Latin America"), { and: inner }] }]);
  await counted(page, "web", "Europe", "Latin America", "North America");
  await visited.check("explore-groups");

  await group.getByLabel("Which of group 2", { exact: true }).selectOption("All of these");
  await group.getByRole("button", { name: "Remove filter 2.2" }).click();
  // What was the third is the second now.
  await group.getByRole("group", { name: "Group 2.2" }).getByLabel("Which of group 2.2").selectOption("Any of these");
  await group.getByLabel("Value of filter 2.2.1").fill("rope");
  await counted(page, "web", "Europe");
  assert.deepEqual((await asked(page)).filters, [is("channel", "web"), { and: [europe, { or: [{ ...inner[0], values: ["rope"] }] }] }]);
  await page.getByRole("button", { name: "Remove group 2", exact: true }).click();
  await counted(page, "web");
  assert.deepEqual((await asked(page)).filters, [is("channel", "web")]);
  await visited.close();
});

test("by keys alone, and what is taken out leaves the focus in its group", async () => {
  const groups = [{ or: [is("region", "Europe"), { and: [is("channel", "web"), is("channel", "store")] }] }, { or: [is("channel", "web")] }];
  const visited = await app.signIn(explore({ measures: MEASURES, filters: groups }));
  const { page } = visited;
  await counted(page, "web", "Europe");
  // The columns may come later than the answer.
  await page.getByRole("button", { name: "region text" }).waitFor();
  const press = async (/** @type {string} */ name) => {
    await page.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  await press("Remove filter 1.2.1");
  assert.equal(await focused(page), "Add filter to group 1.2");
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "Add filter to group 1.2");
  await page.getByLabel("Field of filter 1.2.2").focus();
  await page.keyboard.type("cha");
  assert.equal(await focused(page), "Field of filter 1.2.2");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("partner");
  assert.equal(await focused(page), "Value of filter 1.2.2");
  await press("Remove filter 1.2.1");
  assert.equal(await focused(page), "Add filter to group 1.2");
  assert.equal(await page.getByLabel("Value of filter 1.2.1").inputValue(), "partner");
  await press("Remove group 1.2");
  assert.equal(await focused(page), "Add filter to group 1");
  await press("Remove filter 1.1");
  assert.equal(await focused(page), "Add filter to group 1");
  await page.getByRole("group", { name: "Group 1", exact: true }).waitFor();
  await press("Remove group 1");
  assert.equal(await focused(page), "Add filter");
  await counted(page, "web");
  assert.deepEqual((await asked(page)).filters, [groups[1]]);
  await visited.close();
});

test("groups that others wrote are sent as they are, as deep as may be", async () => {
  const filters = [nested(5), { or: [is("channel", "web"), { and: [is("region", "Europe"), { field: "country", operator: "is_not_null" }] }] }];
  const query = { measures: MEASURES, filters };
  const { id, widgets } = await dashboard(app, "In groups", [{ ...bar("Web"), type: "metric", query }]);
  const visited = await app.signIn(explore(query));
  const { page } = visited;
  await counted(page, "web");
  assert.deepEqual((await asked(page)).filters, filters);
  assert.equal(await page.getByRole("button", { name: "Add group of filters to group 1.1.1.1", exact: true }).count(), 1);
  assert.equal(await page.getByRole("button", { name: "Add group of filters to group 1.1.1.1.1", exact: true }).count(), 0);
  await visited.check("explore-groups-deep");

  await visited.open(`#/dashboards/${id}?edit=1`);
  await page.getByRole("button", { name: "Change Web" }).click();
  const editor = page.getByRole("dialog", { name: "Edit widget" });
  await editor.getByRole("group", { name: "Group 2.2" }).waitFor();
  await editor.getByLabel("Title").fill("Web, or all of Europe");
  await editor.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  const [{ title, query: kept }] = (await saved(app, id)).widgets;
  assert.equal(title, "Web, or all of Europe");
  assert.deepEqual(kept, widgets[0].query);
  await visited.close();
});

test("who reads a dashboard filters it by groups as well", async () => {
  const { id } = await dashboard(app, "Read in groups", [bar("Regions")]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Filter the dashboard" });
  await dialog.getByRole("button", { name: "Remove filter 1" }).click();
  await dialog.getByRole("button", { name: "Add group of filters" }).click();
  for (const [number, value] of [["1.1", "Europe"], ["1.2", "Asia Pacific"], ["1.3", ""]]) {
    if (number !== "1.1") await dialog.getByRole("button", { name: "Add filter to group 1" }).click();
    await dialog.getByLabel(`Field of filter ${number}`).selectOption("region");
    await dialog.getByLabel(`Value of filter ${number}`).fill(value);
  }
  await visited.check("dashboard-filter-groups");
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith(`/api/dashboards/${id}/data/`));
  await dialog.getByRole("button", { name: "Show" }).click();
  assert.deepEqual((await sent).postDataJSON().filters, [{ or: [is("region", "Europe"), is("region", "Asia Pacific")] }]);
  await page.getByRole("button", { name: "Remove the filter (region is Europe or region is Asia Pacific)" }).waitFor();
  await visited.close();
});
