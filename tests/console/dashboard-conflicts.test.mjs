/** A dashboard that is edited by two at once, while the server is away, and left with changes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard, saved } from "./dashboards.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

/** @param {import("playwright-core").Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Whether what edits can be used: beside the dashboard, on a widget, and at its corner. @param {import("playwright-core").Page} page */
const usable = async (page) => [
  await page.getByRole("button", { name: "Cancel", exact: true }).isEnabled(),
  await page.getByRole("button", { name: "Move or resize First" }).isEnabled(),
  await page.getByRole("article", { name: "First" }).locator(".corner").isVisible(),
];

for (const choice of /** @type {const} */ (["Keep mine", "Take theirs"])) {
  test(`two editors at once: ${choice.toLowerCase()}`, async () => {
    const { id } = await dashboard(app, "Shared", [bar("First")]);
    const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
    const { page } = visited;
    visited.expect(/412/);
    await press(page, "Details");
    await page.getByRole("textbox", { name: "Name" }).fill("Mine");
    await press(page, "Apply");
    await app.api("PATCH", `/api/dashboards/${id}/`, { name: "Theirs", description: "By somebody else" });
    await press(page, "Save");
    const dialog = page.getByRole("dialog", { name: "Somebody else changed this dashboard" });
    await dialog.getByRole("cell", { name: "Theirs" }).waitFor();
    if (choice === "Keep mine") await visited.check("dashboard-conflict");
    await press(page, "Decide later");
    await page.getByRole("heading", { name: "Mine" }).waitFor();
    assert.deepEqual(await usable(page), [true, true, true]);
    await press(page, "Save");
    await press(page, choice);
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
    const name = choice === "Keep mine" ? "Mine" : "Theirs";
    await page.getByRole("heading", { name }).waitFor();
    const now = await saved(app, id);
    assert.equal(now.name, name);
    // What only one of them has changed stays in any case.
    assert.equal(now.description, "By somebody else");
    await visited.close();
  });
}

test("changes that do not meet are both kept", async () => {
  const { id } = await dashboard(app, "Both", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  visited.expect(/412/);
  await page.getByRole("button", { name: "Move or resize First" }).press("ArrowRight");
  await app.api("PATCH", `/api/dashboards/${id}/`, { name: "Renamed meanwhile" });
  await press(page, "Save");
  await page.getByText("beside what somebody else has changed").waitFor();
  await page.getByRole("heading", { name: "Renamed meanwhile" }).waitFor();
  assert.equal((await saved(app, id)).widgets[0].position.x, 1);
  await visited.close();
});

test("a server that goes away while one edits gets the changes when it is back", async () => {
  const { id } = await dashboard(app, "Away", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  visited.expect(/net::ERR_|Failed to load resource/);
  await page.getByRole("button", { name: "Move or resize First" }).press("ArrowRight");
  await visited.settled();
  await page.route("**/api/**", (route) => route.abort());
  await press(page, "Save");
  await page.getByText("The server cannot be reached").waitFor();
  await page.getByRole("button", { name: "Saving…" }).waitFor();
  // What would be changed now would be lost when it is saved.
  assert.deepEqual(await usable(page), [false, false, false]);
  await page.unroute("**/api/**");
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  assert.equal((await saved(app, id)).widgets[0].position.x, 1);
  await visited.close();
});

test("a server that is killed while one edits is told, and gets the changes once it runs again", { skip: Boolean(process.env.CONSOLE_URL) }, async () => {
  const { id } = await dashboard(app, "Killed", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  visited.expect(/net::ERR_|Failed to load resource/);
  await page.getByRole("img", { name: "First" }).waitFor();
  await app.server.kill();
  await page.getByRole("button", { name: "Duplicate First" }).click();
  await press(page, "Details");
  await page.getByRole("textbox", { name: "Name" }).fill("Risen");
  await press(page, "Apply");
  const banner = page.getByText("The server cannot be reached");
  await banner.waitFor();
  await press(page, "Save");
  await page.getByRole("button", { name: "Saving…" }).waitFor();
  await page.getByRole("heading", { name: "Risen" }).waitFor();
  await page.getByRole("article", { name: "First (copy)" }).waitFor();

  await app.server.start();
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  await banner.waitFor({ state: "hidden" });
  await page.reload();
  await page.getByRole("heading", { name: "Risen" }).waitFor();
  await page.getByRole("img", { name: "First (copy)" }).waitFor();
  await visited.close();
});

test("a name that was refused, and given up, is not in what is saved next", async () => {
  const { id } = await dashboard(app, "Named", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  visited.expect(/409/);
  const refusal = { error: "conflict", message: "It conflicts.", detail: "It is being changed." };
  await page.route(`**/api/dashboards/${id}/`, (route) => (route.request().method() === "PATCH" ? route.fulfill({ status: 409, json: refusal }) : route.continue()));
  await page.getByLabel("More of this dashboard").click();
  await page.getByRole("button", { name: "Rename, describe, publish" }).click();
  const dialog = page.getByRole("dialog", { name: "Dashboard" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Given up");
  await press(page, "Save");
  await dialog.getByText("It is being changed.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.unroute(`**/api/dashboards/${id}/`);
  await press(page, "Edit");
  await page.getByRole("button", { name: "Move or resize First" }).press("ArrowRight");
  await press(page, "Save");
  await page.getByText("Saved", { exact: true }).waitFor();
  const { name, widgets } = await saved(app, id);
  assert.deepEqual([name, widgets[0].position.x], ["Named", 1]);
  await visited.close();
});

test("changes are not left without asking", async () => {
  const { id } = await dashboard(app, "Unsaved", [bar("First")]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  await page.getByRole("button", { name: "Move or resize First" }).press("ArrowRight");
  await page.getByRole("link", { name: "Explore" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Save" }).waitFor();
  await press(page, "Cancel");
  await press(page, "Discard");
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  await page.getByRole("link", { name: "Explore" }).click();
  await page.getByRole("heading", { name: "Explore" }).waitFor();
  await visited.close();
});
