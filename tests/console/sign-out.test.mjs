/** Signing out in the middle of something: it is asked about, and what was begun is undone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard, saved } from "./dashboards.mjs";
import { drop } from "./files.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

/** @typedef {import("playwright-core").Page} Page */

/** In the header, and on the page of the account. @param {Page} page */
const signOut = (page) => page.getByRole("button", { name: "Sign out" }).first();

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();

/** @param {Page} page */
const signedOut = (page) => page.getByRole("heading", { name: "Sign in to claribi" }).waitFor();

test("changes that are not saved are asked about before signing out", async () => {
  const { id } = await dashboard(app, "Half done", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  await page.getByRole("button", { name: "Duplicate First" }).click();
  await page.getByRole("article").nth(1).waitFor();
  await signOut(page).click();
  await page.getByRole("heading", { name: "Leave without saving?" }).waitFor();
  await press(page, "Cancel");
  assert.equal(await page.getByRole("article").count(), 2);
  await page.getByRole("button", { name: "Save", exact: true }).waitFor();

  await signOut(page).click();
  await press(page, "Leave");
  await signedOut(page);
  assert.equal((await saved(app, id)).widgets.length, 1);
  // Nothing is asked of who has nothing to lose.
  await page.getByRole("button", { name: "Sign in to the demo" }).click();
  await page.getByRole("link", { name: "Half done" }).first().waitFor();
  await visited.open("#/settings");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await signedOut(page);
  await visited.close();
});

test("an upload is asked about before signing out, and leaves nothing behind", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await visited.settled();
  await page.route((url) => url.port !== new URL(app.url).port, () => {
    // It never gets there.
  });
  await drop(page, [{ name: "On its way.csv", text: "a,b\n1,2\n" }]);
  await page.getByText("Sending: ").first().waitFor();
  const names = async () => (await app.api("GET", "/api/data-sources/")).results.map((/** @type {{ name: string }} */ { name }) => name);
  assert.ok((await names()).includes("On its way"));
  await signOut(page).click();
  await page.getByRole("heading", { name: "Sign out during an upload?" }).waitFor();
  await press(page, "Cancel");
  await page.getByText("Sending: ").first().waitFor();

  await signOut(page).click();
  await press(page, "Sign out");
  await signedOut(page);
  assert.ok(!(await names()).includes("On its way"));
  await visited.close();
});

test("a token that is renewed after signing out is nobody's, and what waited for it is not sent for who signs in next", async () => {
  const { id } = await dashboard(app, "Left alone", []);
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  await page.clock.install();
  /** @type {() => void} */
  let release = () => {};
  const held = new Promise((done) => (release = () => done(undefined)));
  await page.route("**/api/auth/token/refresh/", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel("More of Left alone").first().click();
  await page.getByRole("button", { name: "Delete", exact: true }).first().click();
  await page.getByText("Left alone is deleted").waitFor();
  const renewal = page.waitForRequest("**/api/auth/token/refresh/");
  // It is sent now, and the token is over.
  await page.clock.fastForward(3_600_000);
  await renewal;
  await signOut(page).click();
  await signedOut(page);
  await page.getByLabel("Email").fill("analyst@example.com");
  await page.getByLabel("Password").fill("your-password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  /** @type {string[]} */
  const deletions = [];
  page.on("request", (request) => request.method() === "DELETE" && deletions.push(request.url()));
  const renewed = page.waitForResponse("**/api/auth/token/refresh/");
  release();
  await (await renewed).finished();
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => JSON.parse(sessionStorage.getItem("claribi.session") ?? "").email), "analyst@example.com");
  assert.deepEqual(deletions, []);
  assert.equal(await page.locator(".toast").count(), 0);
  await app.api("DELETE", `/api/dashboards/${id}/`);
  await visited.close();
});
