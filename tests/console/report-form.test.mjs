/** Writing a report: with somebody else, against the API's rules, and over the end of a session. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { startConsole } from "./harness.mjs";

const app = startConsole();

/** A report of the demo's dashboard, made without the console. @param {object} [members] */
function makeReport(members) {
  return app.api("POST", "/api/reports/", { name: `Report ${Date.now()}`, dashboard: 1, format: "csv", ...members });
}

test("two who edit at once are shown both versions, and lose nothing", async () => {
  const { id, name } = await makeReport();
  const visited = await app.signIn(`#/reports/${id}/edit`);
  const { page } = visited;
  visited.expect(/412/);
  await page.getByRole("textbox", { name: "Description" }).fill("Mine");
  await app.api("PATCH", `/api/reports/${id}/`, { description: "<b>Theirs</b>", format: "xlsx" });
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else changed this report" });
  await dialog.getByRole("row", { name: "Description Mine <b>Theirs</b>" }).waitFor();
  await dialog.getByRole("row", { name: "Format CSV Excel" }).waitFor();
  await visited.check("report-conflict");
  await dialog.getByRole("button", { name: "Decide later" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "Mine");
  await page.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  const { description, format } = await app.api("GET", `/api/reports/${id}/`);
  assert.deepEqual([description, format], ["Mine", "csv"]);
  await app.api("DELETE", `/api/reports/${id}/`);
  await visited.close();
});

test("a cron expression that the API refuses is told where it is written", async () => {
  const visited = await app.signIn("#/reports/new?dashboard=2");
  const { page } = visited;
  visited.expect(/400/);
  await page.getByRole("textbox", { name: "Name" }).fill("Never");
  assert.equal(await page.getByLabel("Dashboard", { exact: true }).inputValue(), "2");
  await page.getByLabel("Runs").selectOption("custom");
  await page.getByLabel("Cron expression").fill("0 8 30 2 *");
  await page.getByRole("button", { name: "Create report" }).click();
  await page.getByRole("group", { name: "Schedule" }).getByRole("alert").waitFor();
  await page.getByRole("link", { name: "Dashboards", exact: true }).click();
  await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Name" }).inputValue(), "Never");
  await page.getByRole("link", { name: "Dashboards", exact: true }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { name: "Dashboards" }).waitFor();
  await visited.close();
});

test("what was typed is kept when the session ends meanwhile", async () => {
  const visited = await app.signIn("#/reports/new");
  const { page } = visited;
  visited.expect(/401/);
  await page.getByRole("textbox", { name: "Name" }).fill("Written before the token expired");
  const refusal = { status: 401, json: { error: "token_expired", message: "The token has expired.", detail: "Sign in again." } };
  let isExpired = true;
  await page.route("**/api/auth/token/refresh/", (route) => route.fulfill(refusal));
  await page.route("**/api/reports/", (route) => (isExpired && route.request().method() === "POST" ? route.fulfill(refusal) : route.continue()));
  await page.getByRole("button", { name: "Create report" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByLabel("Password").fill("your-password");
  isExpired = false;
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Written before the token expired" }).waitFor();
  await app.api("DELETE", `/api/reports/${page.url().split("/").at(-1)}/`);
  await visited.close();
});

test("a token that the server does not take any more is renewed, and the report is made once", async () => {
  const visited = await app.signIn("#/reports/new");
  const { page } = visited;
  visited.expect(/401/);
  const name = `Made once ${Date.now()}`;
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  /** @type {(string | undefined)[]} */
  const sent = [];
  await page.route("**/api/reports/", (route) => {
    const headers = route.request().headers();
    if (route.request().method() !== "POST") return route.continue();
    sent.push(headers["idempotency-key"]);
    return route.continue(sent.length === 1 ? { headers: { ...headers, authorization: `${headers.authorization}x` } } : {});
  });
  await page.getByRole("button", { name: "Create report" }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  assert.deepEqual([sent.length, new Set(sent).size], [2, 1]);
  assert.equal(await page.getByRole("dialog").count(), 0);
  await app.api("DELETE", `/api/reports/${page.url().split("/").at(-1)}/`);
  await visited.close();
});

test("a time range is replaced as a whole: by another kind, without the current one, by none", async () => {
  const { id, name } = await makeReport({ time_range: { field: "ordered_at", range: "last_month", include_current: true } });
  const visited = await app.signIn();
  const { page } = visited;
  const save = async (/** @type {() => Promise<unknown>} */ fill) => {
    await visited.open(`#/reports/${id}/edit`);
    await page.getByRole("combobox", { name: "Time range" }).waitFor();
    await fill();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    const { time_range: range } = await app.api("GET", `/api/reports/${id}/`);
    return range && Object.fromEntries(Object.entries(range).filter(([, value]) => value !== null));
  };
  assert.deepEqual(await save(() => page.getByLabel("and the current one").uncheck()), { field: "ordered_at", range: "last_month" });
  const between = async () => {
    await page.getByRole("combobox", { name: "Time range" }).selectOption("between");
    await page.getByLabel("First day").fill("2026-01-01");
    await page.getByLabel("Last day").fill("2026-01-31");
  };
  assert.deepEqual(await save(between), { field: "ordered_at", from: "2026-01-01", to: "2026-02-01" });
  assert.deepEqual(await save(() => page.getByLabel("Last day").fill("")), { field: "ordered_at", from: "2026-01-01" });
  assert.equal(await save(() => page.getByRole("combobox", { name: "Time range" }).selectOption("")), null);
  await app.api("DELETE", `/api/reports/${id}/`);
  await visited.close();
});

test("the columns of a dashboard that was chosen before do not take the place of the present one's", async () => {
  const { id, name } = await app.api("POST", "/api/dashboards/", { name: `Without dates ${Date.now()}` });
  const visited = await app.signIn();
  const { page } = visited;
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((done) => (release = done));
  await page.route(`**/api/dashboards/${id}/`, async (route) => {
    await held;
    await route.continue();
  });
  await visited.open(`#/reports/new?dashboard=${id}`);
  const dashboard = page.getByLabel("Dashboard", { exact: true });
  await dashboard.getByRole("option", { name }).waitFor({ state: "attached" });
  await dashboard.selectOption("1");
  const range = page.getByRole("combobox", { name: "Time range" });
  await range.waitFor();
  const late = page.waitForResponse(`**/api/dashboards/${id}/`);
  release();
  await (await late).finished();
  await page.waitForTimeout(100);
  assert.ok(await range.isVisible());
  await app.api("DELETE", `/api/dashboards/${id}/`);
  await visited.close();
});
