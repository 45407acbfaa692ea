/** Reports: made of a dashboard, set to run by themselves, run, and downloaded. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { startConsole, until } from "./harness.mjs";

const app = startConsole();

/** A report of the demo's dashboard, made without the console. @param {object} [members] */
function makeReport(members) {
  return app.api("POST", "/api/reports/", { name: `Report ${Date.now()}`, dashboard: 1, format: "csv", ...members });
}

test("Monday's report is made by clicking, runs, and is downloaded under its name", async () => {
  const name = `Müller's week ${Date.now()}`;
  const visited = await app.signIn("#/reports");
  const { page } = visited;
  await page.getByRole("link", { name: "Monday report" }).waitFor();
  await page.getByRole("link", { name: "New report" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel("Dashboard", { exact: true }).selectOption({ label: "Revenue Dashboard" });
  await page.getByLabel("Format").selectOption("pdf");
  await page.getByRole("combobox", { name: "Time range" }).selectOption("last_month");
  await page.getByLabel("Runs").selectOption("weekly");
  await page.getByLabel("By the clock of").selectOption("Europe/Berlin");
  await page.getByText("Every Monday at 08:00, Europe/Berlin").waitFor();
  await page.getByRole("checkbox", { name: "Wednesday" }).check();
  await page.getByText("Every Monday and Wednesday at 08:00, Europe/Berlin").waitFor();
  await page.getByRole("checkbox", { name: "You (you@example.com)" }).check();
  await visited.check("report-new");
  await page.getByRole("button", { name: "Create report" }).click();

  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.getByText("Last month of ordered_at").waitFor();
  const times = page.getByRole("region", { name: "Schedule" }).getByRole("listitem");
  assert.deepEqual([await times.count(), (await times.allInnerTexts()).every((text) => /(Mon|Wed).*08:00/.test(text))], [3, true]);

  await page.getByRole("button", { name: "Run now" }).click();
  const run = page.getByRole("region", { name: "Runs" }).getByRole("listitem");
  await run.getByText("Done").waitFor();
  await run.getByText(/\d+ pages?/).waitFor();
  await visited.check("report");
  const downloading = page.waitForEvent("download");
  await run.getByRole("button", { name: "Download" }).click();
  const file = await downloading;
  assert.match(file.suggestedFilename(), new RegExp(`^${name} \\d{4}-\\d\\d-\\d\\d\\.pdf$`));
  assert.equal((await readFile(await file.path())).subarray(0, 5).toString(), "%PDF-");
  assert.match(page.url(), /#\/reports\/\d+$/);

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("It does not run by itself until it is turned on.").waitFor();
  await page.getByRole("button", { name: "Turn on" }).click();
  await until(async () => (await times.count()) === 3, "the next times");

  await page.getByRole("button", { name: "Delete the report" }).click();
  await page.getByRole("dialog").getByText("with 1 run and their files").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText(`${name} is deleted.`).waitFor();
  await page.getByRole("link", { name: "Monday report" }).waitFor();
  await visited.check("reports");
  await visited.close();
});

test("a report is mailed when it is asked for, and says to whom", async () => {
  const { user } = await app.api("GET", "/api/auth/status/");
  const { id } = await makeReport({ recipients: [user.id] });
  const visited = await app.signIn(`#/reports/${id}`);
  const { page } = visited;
  await page.getByRole("button", { name: "Run and mail" }).dblclick();
  await page.getByRole("region", { name: "Runs" }).getByText("Mailed to 1 user.").first().waitFor();
  assert.equal((await app.api("GET", `/api/reports/${id}/runs/`)).count, 1);
  await app.api("DELETE", `/api/reports/${id}/`);
  await visited.close();
});

test("the newest of many runs come first, and earlier ones when asked for", async () => {
  const { id } = await makeReport();
  const visited = await app.signIn("#/reports");
  const { page } = visited;
  const run = (/** @type {number} */ number) => ({
    ...{ id: number, status: "done", trigger: "schedule", format: "csv", size_bytes: 100, pages: null, rows: 3, truncated: false, reason: null, deliveries: [] },
    ...{ scheduled_for: null, created_by: null, created_at: "2026-11-01T08:00:00Z", started_at: null, finished_at: "2026-11-01T08:00:05Z" },
  });
  await page.route(`**/api/reports/${id}/runs/**`, (route) => {
    const first = (Number(new URL(route.request().url()).searchParams.get("page")) - 1) * 20;
    const results = Array.from({ length: Math.min(20, 45 - first) }, (_, index) => run(first + index + 1));
    return route.fulfill({ json: { count: 45, next: null, previous: null, results } });
  });
  await visited.open(`#/reports/${id}`);
  const names = page.getByRole("region", { name: "Runs" }).getByRole("heading", { level: 3 });
  await until(async () => (await names.count()) === 5, "the last page");
  assert.match(await names.first().innerText(), /Run 45/);
  // Of what does not come, and of one click too many, nothing is left out or shown twice.
  visited.expect(/500/);
  await page.route(/\/runs\/\?page=2/, (route) => route.fulfill({ status: 500, json: { error: "internal_error", message: "It failed.", detail: "It failed." } }), { times: 1 });
  await page.getByRole("button", { name: "Show earlier ones" }).click();
  await page.getByText("It failed.").waitFor();
  await page.getByRole("button", { name: "Show earlier ones" }).dblclick();
  await until(async () => (await names.count()) >= 25, "the page before");
  await visited.settled();
  assert.equal(await names.count(), 25);
  await page.getByRole("button", { name: "Show earlier ones" }).click();
  await until(async () => (await names.count()) === 45, "all pages");
  assert.match(await names.last().innerText(), /Run 1\b/);
  assert.equal(await page.getByRole("button", { name: "Show earlier ones" }).count(), 0);
  await app.api("DELETE", `/api/reports/${id}/`);
  await visited.close();
});

test("a viewer reads reports and downloads, and is offered nothing else", async () => {
  const visited = await app.signIn("#/reports", { email: "viewer@example.com" });
  const { page } = visited;
  await page.getByRole("link", { name: "Monday report" }).click();
  await page.getByRole("heading", { name: "Monday report" }).waitFor();
  await page.getByRole("region", { name: "Runs" }).waitFor();
  for (const name of ["Run now", "Run and mail", "Delete the report", "Turn on"]) assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  assert.equal(await page.getByRole("link", { name: "Edit" }).count(), 0);
  await visited.open("#/reports/new");
  await page.getByRole("heading", { name: "You may not make reports" }).waitFor();
  await visited.close();
});

test("another organization's report is not there, whatever is asked of it", async () => {
  const visited = await app.signIn("#/reports/999");
  const { page } = visited;
  visited.expect(/404/);
  await page.getByText("No report with ID 999 was found.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Run now" }).count(), 0);
  await visited.open("#/reports/999/edit");
  await page.getByText("No report with ID 999 was found.").waitFor();
  await visited.close();
});

test("a run that fails says why", async () => {
  const { id: dashboard } = await app.api("POST", "/api/dashboards/", { name: "Empty <i>dashboard</i>" });
  const { id } = await makeReport({ dashboard });
  const visited = await app.signIn(`#/reports/${id}`);
  const { page } = visited;
  await page.getByText("It has not run yet.").waitFor();
  await page.getByRole("button", { name: "Run now" }).click();
  const run = page.getByRole("region", { name: "Runs" }).getByRole("listitem");
  await run.getByText("Failed").waitFor();
  await run.getByText(/widget/).waitFor();
  await app.api("DELETE", `/api/reports/${id}/`);
  await app.api("DELETE", `/api/dashboards/${dashboard}/`);
  await visited.close();
});

test("a report whose runs cannot be counted says why it is not deleted", async () => {
  const { id } = await makeReport();
  const visited = await app.signIn(`#/reports/${id}`);
  const { page } = visited;
  visited.expect(/500/);
  await page.getByText("It has not run yet.").waitFor();
  await page.route(`**/api/reports/${id}/runs/**`, (route) => route.fulfill({ status: 500, json: { error: "internal_error", message: "It failed.", detail: "It failed." } }));
  await page.getByRole("button", { name: "Delete the report" }).click();
  await page.locator(".toast").getByText("It failed.").waitFor();
  await app.api("DELETE", `/api/reports/${id}/`);
  await visited.close();
});
