/** Files with something wrong in them: rows, columns that widgets need, and what would be markup. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { choose, drop, imported, removeNamed, tasks } from "./files.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

/** What a name on the page is told apart by: a server may have been tested before. */
const RUN = Date.now().toString(36);

afterEach(() => removeNamed(app, RUN));

test("a file with mistakes says which rows, and the next one brings the data", async () => {
  const source = await imported(app, `Mistakes ${RUN}`, "zip,amount\n01067,1\n");
  await app.api("PATCH", `/api/data-sources/${source.id}/`, { connection: { columns: { amount: "integer" } } });
  const visited = await app.signIn(`#/data-sources/${source.id}`);
  const { page } = visited;
  await page.getByRole("cell", { name: "01067" }).first().waitFor();
  const rows = Array.from({ length: 150 }, (_, row) => `0${row},<b>x${row}</b>`);
  await choose(page, "Upload a file", "broken.csv", `zip,amount\n${rows.join("\n")}\n`);
  const task = tasks(page).first();
  await task.getByText("It was not imported. The data is as it was.").waitFor();
  await task.getByRole("heading", { name: "150 mistakes" }).waitFor();
  await task.getByRole("listitem").filter({ hasText: "Row 2 · amount<b>x0</b>" }).getByText("Must be an integer").waitFor();
  await task.getByText("These are the first 100 of them.").waitFor();
  await page.getByRole("cell", { name: "01067" }).first().waitFor();
  await visited.check("data-source-mistakes");

  await page.getByRole("link", { name: "Imports", exact: true }).click();
  const failed = page.locator(".imports details").first();
  await failed.getByRole("heading", { name: "150 mistakes" }).waitFor();
  await task.getByRole("button", { name: "Dismiss" }).click();
  await page.getByText("Import 2 failed.").waitFor();
  await visited.check("data-source-imports");
  await drop(page, [{ name: "mended.csv", text: "zip,amount,sold\n0200,7,2026-01-31\n" }]);
  await task.getByText("1 row imported.").waitFor();
  await task.getByText("sold", { exact: true }).waitFor();
  await page.locator(".imports summary").first().filter({ hasText: "mended.csv" }).waitFor();
  assert.deepEqual(await page.locator(".imports .badge").allInnerTexts(), ["Done", "Failed", "Done"]);
  await visited.close();
});

test("an import that would break a widget names it, and is done all the same if one says so", async () => {
  const source = await imported(app, `Breaking ${RUN}`, "region,amount\nNorth,1\n");
  const query = { dimensions: [{ field: "region" }], measures: [{ field: "amount", aggregation: "sum" }] };
  const widget = { title: "Amounts <i>", type: "bar", data_source: source.id, query, position: { x: 0, y: 0, width: 6, height: 4 } };
  const dashboard = await app.api("POST", "/api/dashboards/", { name: `Harvests ${RUN}`, widgets: [widget] });
  const visited = await app.signIn(`#/data-sources/${source.id}`);
  const { page } = visited;
  await page.getByRole("cell", { name: "North" }).first().waitFor();
  await choose(page, "Upload a file", "renamed.csv", "region,revenue\nSouth,2\n");
  const task = tasks(page).first();
  const link = task.getByRole("link", { name: `Harvests ${RUN}` });
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), `#/dashboards/${dashboard.id}`);
  await task.getByText("Amounts <i> uses amount").waitFor();
  await visited.check("data-source-breaks");
  await task.getByRole("button", { name: "Import all the same" }).click();
  await task.getByText("1 row imported.").waitFor();
  await page.getByRole("cell", { name: "South" }).first().waitFor();
  await page.getByText("failed.").waitFor({ state: "detached" });
  await app.api("DELETE", `/api/dashboards/${dashboard.id}/`);
  await visited.close();
});

test("what a hostile file contains is shown and never run", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  const long = "x".repeat(100_000);
  const names = ["<img src=x onerror=document.title='run'>", "مرحبا", "🦄", "__proto__", "constructor", "name (2)", "javascript:alert(1)"];
  const columns = [...names, ...Array.from({ length: 2000 - names.length }, (_, column) => `c${column}`)];
  const values = ["<script>document.title='run'</script>", "שלום עולם", "👩‍👩‍👧‍👦", "=1+1", "\u202Etxt.exe", long, "{{x}}"];
  const row = (/** @type {string[]} */ cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  const text = `${row(columns)}\n${row([...values, ...Array(2000 - values.length).fill("1")])}\n`;
  const name = `<b>evil</b> ‮${RUN}`;
  await visited.settled();
  await drop(page, [{ name: `${name}.csv`, text }]);
  const task = tasks(page).first();
  await task.getByText("1 row imported.").waitFor();
  await task.getByRole("link", { name: "Preview" }).click();
  const preview = page.locator("section[aria-label='First rows']");
  await preview.getByRole("cell", { name: values[0] }).waitFor();
  await preview.getByRole("columnheader", { name: names[0] }).waitFor();
  await preview.getByText("Columns 1–40 of 2,000").waitFor();
  await preview.getByRole("button", { name: "Next columns" }).click();
  await preview.getByRole("columnheader", { name: "c40", exact: true }).waitFor();
  await page.locator("section[aria-label=Columns]").getByText("Rows 1–100 of 2,000").waitFor();
  assert.equal(await page.locator("main").evaluate((main) => main.querySelectorAll("img, script, b, i").length), 0);
  assert.doesNotMatch(await page.title(), /^run/);
  assert.ok((await page.locator("main").innerText()).length < 100_000);
  await visited.check("data-source-hostile");

  const wide = Array.from({ length: 10_000 }, (_, column) => `c${column}`);
  await choose(page, "Upload a file", "wide.csv", `${wide.join(",")}\n${wide.map(() => 1).join(",")}\n`);
  await task.getByText(/2,000|2000/).waitFor();
  await task.getByText("It was not imported.").waitFor();
  await visited.close();
});
