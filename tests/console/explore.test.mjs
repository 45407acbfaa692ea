/** From a question to a widget on a dashboard, by clicking. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { saved } from "./dashboards.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

/** @param {import("playwright-core").Page} page */
const chart = (page) => page.locator(".preview chart-view svg[role=img]");

test("a question is picked by clicks, kept as a widget, and found on the dashboard", async () => {
  const visited = await app.signIn("#/explore");
  const { page } = visited;
  await page.getByRole("heading", { name: "Ask a question" }).waitFor();
  await page.getByRole("button", { name: "revenue number" }).click();
  await page.getByRole("button", { name: "region text" }).click();
  await chart(page).waitFor();
  await page.getByRole("cell", { name: "Latin America" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Bar" }).getAttribute("aria-pressed"), "true");
  await page.getByRole("button", { name: "Pie" }).click();
  await page.getByLabel("Name of measure 1").fill("revenue");
  await page.getByRole("columnheader", { name: "revenue", exact: true }).waitFor();
  await visited.settled();

  // What is asked is in the address.
  await page.reload();
  await chart(page).waitFor();
  assert.equal(await page.getByRole("button", { name: "Pie" }).getAttribute("aria-pressed"), "true");
  assert.equal(await page.getByLabel("Name of measure 1").inputValue(), "revenue");
  await visited.check("explore");

  await page.getByRole("button", { name: "Keep as a widget" }).click();
  const dialog = page.getByRole("dialog", { name: "Keep as a widget" });
  await dialog.getByLabel("Title").fill("Slices");
  await dialog.getByLabel("Dashboard", { exact: true }).selectOption("");
  await dialog.getByLabel("Name of the new dashboard").fill("Made by exploring");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("heading", { name: "Made by exploring" }).waitFor();
  await page.getByRole("img", { name: "Slices" }).waitFor();
  const id = Number(/dashboards\/(\d+)/.exec(page.url())?.[1]);
  const [widget] = (await saved(app, id)).widgets;
  assert.equal(widget.type, "pie");
  assert.deepEqual(widget.query.measures, [{ field: "revenue", aggregation: "sum", as: "revenue" }]);

  // And into one that is there: below what it has.
  await page.goBack();
  await chart(page).waitFor();
  await page.getByRole("button", { name: "Keep as a widget" }).click();
  await dialog.getByLabel("Dashboard", { exact: true }).selectOption("Made by exploring");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("heading", { name: "Made by exploring" }).waitFor();
  const { widgets } = await saved(app, id);
  assert.deepEqual(widgets.map((/** @type {any} */ { position }) => position.y), [0, 4]);
  await visited.close();
});

test("filters, time, order, top and totals make the query, as JSON and as a command without a key", async () => {
  const visited = await app.signIn("#/explore");
  const { page } = visited;
  await page.getByRole("button", { name: "ordered_at datetime" }).click();
  await page.getByRole("button", { name: "channel text" }).click();
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByLabel("Field of filter 1").selectOption("region");
  await page.getByLabel("Operator of filter 1").selectOption("in");
  await page.locator('datalist option[value="Europe"]').waitFor({ state: "attached" });
  const value = page.getByLabel("Value of filter 1", { exact: true });
  // As Chromium picks from its list, which it does not have without a screen.
  await value.evaluate((input) => input instanceof HTMLInputElement && (input.value = "Europe") && input.dispatchEvent(new Event("input", { bubbles: true })));
  await page.getByRole("button", { name: "Remove Europe" }).waitFor();
  await value.fill("Nowhere");
  await page.keyboard.press("Enter");
  await page.getByLabel("Grain of grouping 1").selectOption("quarter");
  await page.getByLabel("Time range").selectOption("last_12_months");
  await page.getByText("Order, top, totals and limits").click();
  await page.getByLabel("Totals of all rows").check();
  await page.getByLabel("Compare with").selectOption("1 year");
  await page.getByLabel("Keep the top of").selectOption("channel");
  await page.getByLabel("How many").fill("2");
  await page.getByRole("button", { name: "Add condition" }).click();
  await page.getByLabel("Operator of condition 1").selectOption("gte");
  await page.getByLabel("Value of condition 1").fill("1");
  await page.getByRole("columnheader", { name: "count_before" }).waitFor();
  await visited.settled();

  await page.getByText("As JSON, and as a command").click();
  const body = JSON.parse((await page.getByRole("region", { name: "Query as JSON" }).textContent()) ?? "");
  assert.deepEqual(body, {
    data_source: 1,
    query: {
      dimensions: [{ field: "ordered_at", grain: "quarter" }, { field: "channel" }],
      measures: [{ aggregation: "count" }],
      filters: [{ field: "region", operator: "in", values: ["Europe", "Nowhere"] }],
      time_range: { field: "ordered_at", range: "last_12_months" },
      totals: true,
      compare: { offset: "1 year" },
      top: { dimension: "channel", by: "count", count: 2, other: true },
      having: [{ field: "count", operator: "gte", values: [1] }],
    },
  });
  const command = (await page.getByRole("region", { name: "Command for curl" }).textContent()) ?? "";
  assert.match(command, /^curl -s -X POST http.*\/api\/analytics\/query\/ /);
  assert.match(command, /X-API-Key: \$KEY/);
  assert.doesNotMatch(command, /Bearer|eyJ/);
  await visited.check("explore-all");

  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
  assert.match(file.suggestedFilename(), /^Rows by quarter and channel\.csv$/);
  assert.match(await readFile(await file.path(), "utf8"), /^ordered_at,channel,count,count_before\r?\n/);
  await visited.close();
});

test("a mistake is told where the answer would be, and a question that is not whole asks nothing", async () => {
  const visited = await app.signIn("#/explore");
  const { page } = visited;
  visited.expect(/400/);
  await page.getByRole("button", { name: "revenue number" }).click();
  await page.getByRole("cell").first().waitFor();
  // A filter without a value holds for nothing yet.
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("cell").first().waitFor();
  await page.getByText("Order, top, totals and limits").click();
  await page.getByLabel("Rows at most").fill("99999999");
  await page.getByRole("alert").filter({ hasText: "limit" }).waitFor();
  await page.getByLabel("Rows at most").fill("10");
  await page.getByRole("cell").first().waitFor();
  await page.getByRole("button", { name: "Remove measure 1" }).click();
  await page.getByRole("heading", { name: "Ask a question" }).waitFor();
  await visited.close();
});

test("a file of an answer that takes its time is waited for", async () => {
  const query = encodeURIComponent(JSON.stringify({ dimensions: [{ field: "region" }], measures: [{ aggregation: "count" }] }));
  const visited = await app.signIn(`#/explore?source=1&type=table&query=${query}`);
  const { page } = visited;
  await page.getByRole("cell").first().waitFor();
  let looks = 0;
  await page.route("**/api/analytics/query/", (route) => {
    looks += 1;
    return looks === 1 ? route.fulfill({ status: 202, json: { id: "1", status: "running" } }) : route.continue();
  });
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
  assert.match(await readFile(await file.path(), "utf8"), /^region,count\r?\n/);
  assert.equal(looks, 2);
  await visited.close();
});
