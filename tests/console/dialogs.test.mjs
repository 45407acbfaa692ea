/** Leaving dialogs: by Escape and by their buttons, while something in them is under way, and where they cannot be left. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard, saved } from "./dashboards.mjs";
import { DEMO, startConsole } from "./harness.mjs";

const app = startConsole();

/** @typedef {import("playwright-core").Page} Page */

/** Keeps requests from the server until they are released. @param {Page} page @param {string} path @param {string} method */
async function hold(page, path, method) {
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((done) => (release = done));
  let count = 0;
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.continue();
    count += 1;
    await held;
    // The page may have given it up.
    return route.continue().catch(() => {});
  });
  return { release, count: () => count };
}

/** @param {Page} page @param {number} times */
async function escape(page, times) {
  for (let time = 0; time < times; time += 1) await page.keyboard.press("Escape");
  await page.waitForTimeout(100);
}

test("a key that is being made is waited for, and its only view is not left by Escape", async () => {
  const visited = await app.signIn("#/settings/security/api-keys");
  const { page } = visited;
  const name = `Awaited ${Date.now()}`;
  const dialog = page.getByRole("dialog", { name: "Create an API key" });
  const held = await hold(page, "**/api/api-keys/", "POST");
  await page.getByRole("button", { name: "Create API key" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await page.keyboard.press("Enter");
  await escape(page, 3);
  for (const button of ["Close", "Cancel"]) assert.ok(await dialog.getByRole("button", { name: button }).isDisabled(), button);
  held.release();
  const key = page.getByLabel("API key", { exact: true });
  await key.waitFor();
  await escape(page, 3);
  // After a click on a text, nothing has the focus.
  await page.getByText("Try it").click();
  await escape(page, 3);
  assert.match(await key.inputValue(), /^claribi_sk_/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  const { results } = await app.api("GET", "/api/api-keys/?page_size=100");
  for (const { id } of results.filter((/** @type {{ name: string }} */ key) => key.name === name)) await app.api("DELETE", `/api/api-keys/${id}/`);
  await visited.close();
});

test("a key that is refused leaves the dialog as it was, to be left", async () => {
  const visited = await app.signIn("#/settings/security/api-keys");
  const { page } = visited;
  visited.expect(/400/);
  const dialog = page.getByRole("dialog", { name: "Create an API key" });
  await page.getByRole("button", { name: "Create API key" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Refused");
  await dialog.getByLabel("Expires").selectOption("on");
  await dialog.getByLabel("Last day").fill("2020-01-01");
  await page.getByRole("button", { name: "Create key" }).click();
  await dialog.locator('[aria-invalid="true"]').waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Cancel" }).isEnabled());
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await visited.close();
});

test("what was begun in a dialog that is given up is not done", async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  visited.expect(/ERR_FAILED|ERR_ABORTED/);
  const name = `Given up ${Date.now()}`;
  const held = await hold(page, "**/api/dashboards/", "POST");
  await page.getByRole("button", { name: "New dashboard" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New dashboard" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/dashboards/"));
  await dialog.getByRole("button", { name: "Create" }).click();
  await sent;
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  held.release();
  await page.waitForTimeout(300);
  assert.match(page.url(), /#\/dashboards$/);
  const { results } = await app.api("GET", "/api/dashboards/?page_size=100");
  assert.ok(!results.some((/** @type {{ name: string }} */ dashboard) => dashboard.name === name));
  await visited.close();
});

test("a data source whose form is given up is not opened when it is made", async () => {
  const visited = await app.signIn("#/data-sources/new?engine=csv");
  const { page } = visited;
  visited.expect(/ERR_FAILED|ERR_ABORTED/);
  const held = await hold(page, "**/api/data-sources/", "POST");
  await page.getByLabel("Name", { exact: true }).fill("Given up");
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/data-sources/"));
  await page.getByRole("button", { name: "Add data source" }).click();
  await sent;
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Where is the data?" }).waitFor();
  held.release();
  await page.waitForTimeout(300);
  assert.match(page.url(), /#\/data-sources\/new$/);
  await visited.close();
});

test("who has to sign in again is not signed out by Escape, and not signed in after giving up", async () => {
  const visited = await app.signIn("#/reports/new");
  const { page } = visited;
  visited.expect(/401|ERR_FAILED|ERR_ABORTED/);
  const refusal = { status: 401, json: { error: "token_expired", message: "The token has expired.", detail: "Sign in again." } };
  await page.route("**/api/auth/token/refresh/", (route) => route.fulfill(refusal));
  await page.route("**/api/reports/", (route) => (route.request().method() === "POST" ? route.fulfill(refusal) : route.continue()));
  await page.getByRole("textbox", { name: "Name" }).fill("Not lost");
  await page.getByRole("button", { name: "Create report" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  await escape(page, 4);
  assert.ok(await dialog.isVisible());
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Not lost");
  const held = await hold(page, "**/api/auth/login/", "POST");
  await dialog.getByLabel("Password").fill(DEMO.password);
  const sent = page.waitForRequest("**/api/auth/login/");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await sent;
  await dialog.getByRole("button", { name: "Cancel" }).click();
  const signIn = page.getByRole("heading", { name: "Sign in to claribi" });
  await signIn.waitFor();
  held.release();
  await page.waitForTimeout(300);
  assert.ok(await signIn.isVisible());
  await visited.close();
});

test("a widget that was changed is not left by Escape without asking, however often it is pressed", async () => {
  const { id } = await dashboard(app, "Kept open", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  await page.getByRole("button", { name: "Change First" }).click();
  const editor = page.getByRole("dialog", { name: "Edit widget" });
  await editor.getByLabel("Title").fill("Renamed");
  const asked = page.getByRole("dialog", { name: "Leave this widget as it was?" });
  for (let time = 0; time < 3; time += 1) {
    await escape(page, 1);
    await asked.waitFor();
    await escape(page, 1);
    await asked.waitFor({ state: "detached" });
  }
  await escape(page, 1);
  assert.equal(await editor.getByLabel("Title").inputValue(), "Renamed");
  await asked.getByRole("button", { name: "Leave it" }).click();
  await editor.waitFor({ state: "detached" });
  // One that was not changed is left at once.
  await page.getByRole("button", { name: "Change First" }).click();
  await editor.waitFor();
  await escape(page, 1);
  await editor.waitFor({ state: "detached" });
  await visited.close();
});

test("a name that conflicts, and is decided on later, is still in its form", async () => {
  const { id } = await dashboard(app, "Contested", []);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  visited.expect(/412/);
  await page.getByLabel("More of this dashboard").click();
  await page.getByRole("button", { name: "Rename, describe, publish" }).click();
  const dialog = page.getByRole("dialog", { name: "Dashboard", exact: true });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Mine");
  await app.api("PATCH", `/api/dashboards/${id}/`, { name: "Theirs" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Decide later" }).click();
  assert.equal(await dialog.getByRole("textbox", { name: "Name" }).inputValue(), "Mine");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("heading", { name: "Mine", level: 1 }).waitFor();
  assert.equal((await saved(app, id)).name, "Mine");
  await visited.close();
});
