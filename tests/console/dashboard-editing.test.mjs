/** Dashboards are made, arranged, changed and deleted: by pointer, by keys alone, by two at once, and while the server is away. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard, saved } from "./dashboards.mjs";
import { startConsole, until } from "./harness.mjs";

const app = startConsole();

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
/** @param {Page} page */
const said = (page) => page.locator("body > [role=status].visually-hidden");

test("a dashboard is made, filled and published", async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  await press(page, "New dashboard");
  await page.getByLabel("Name").fill("Weekly");
  await press(page, "Create");
  await page.getByRole("heading", { name: "Nothing on it yet" }).waitFor();
  await visited.check("dashboard-new");
  await press(page, "Add a chart");
  const editor = page.getByRole("dialog", { name: "New widget" });
  await editor.getByRole("button", { name: "region text" }).click();
  await editor.getByRole("button", { name: "revenue number" }).click();
  await editor.getByRole("button", { name: "Remove measure 1" }).click();
  await editor.getByLabel("Title").fill("By region");
  await editor.getByText("Appearance").click();
  await editor.getByLabel("Write values on the marks").check();
  await editor.getByLabel("Numbers as").selectOption("compact");
  await editor.locator("chart-view svg[role=img]").waitFor();
  await visited.check("widget-editor");
  await press(page, "Add to the dashboard");
  await page.getByRole("img", { name: "By region" }).waitFor();
  await press(page, "Add text");
  await page.getByLabel("Title").fill("Note");
  await page.getByLabel("Text").fill("# Hello\nAll **good**\n- one\n- two");
  await press(page, "Add to the dashboard");
  await page.getByRole("heading", { name: "Hello" }).waitFor();
  await press(page, "Details");
  await page.getByLabel("Status").selectOption("published");
  await press(page, "Apply");
  await press(page, "Save");
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  const id = Number(/dashboards\/(\d+)/.exec(page.url())?.[1]);
  const { status, widgets } = await saved(app, id);
  assert.equal(status, "published");
  assert.deepEqual(widgets.map((/** @type {any} */ { title, options }) => [title, options]), [
    ["By region", { labels: true, format: { style: "compact" } }],
    ["Note", { text: "# Hello\nAll **good**\n- one\n- two" }],
  ]);
  await visited.close();
});

test("widgets are moved and resized by keys alone, duplicated, deleted, and that undone", async () => {
  const { id } = await dashboard(app, "By keys", [bar("First"), bar("Second", { y: 3 })]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  await page.getByRole("button", { name: "Edit", exact: true }).focus();
  await page.keyboard.press("Enter");
  const handle = page.getByRole("button", { name: "Move or resize First" });
  for (let tabs = 0; tabs < 30 && !(await handle.evaluate((element) => element === document.activeElement)); tabs += 1) await page.keyboard.press("Tab");
  for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown"]) await page.keyboard.press(key);
  await said(page).filter({ hasText: "First: column 2, row 4, 5 wide, 4 high" }).waitFor();
  await page.keyboard.press("Escape");
  await said(page).filter({ hasText: "First is back where it was" }).waitFor();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  await page.keyboard.press("Enter");

  await page.getByRole("button", { name: "Duplicate Second" }).focus();
  await page.keyboard.press("Enter");
  await said(page).filter({ hasText: "Second (copy) added" }).waitFor();
  await page.getByRole("button", { name: "Delete First" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("First is deleted").waitFor();
  assert.equal(await page.getByRole("article").count(), 2);
  await page.getByRole("button", { name: "Undo" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("article", { name: "First" }).waitFor();
  await visited.check("dashboard-editing");
  await page.getByRole("button", { name: "Save" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  const { widgets } = await saved(app, id);
  const places = widgets.map((/** @type {any} */ { title, position: { x, y, width, height } }) => [title, x, y, width, height]);
  // What was passed by has changed places with it.
  assert.deepEqual(places.slice(0, 2), [["First", 0, 3, 4, 3], ["Second", 0, 0, 4, 3]]);
  assert.equal(places[2][0], "Second (copy)");
  await visited.close();
});

test("widgets are dragged, resized at their corner, and placed by numbers", async () => {
  const { id } = await dashboard(app, "By pointer", [bar("First"), bar("Second", { x: 4 })]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  const article = page.getByRole("article", { name: "First" });
  await page.getByRole("button", { name: "Move or resize First" }).waitFor();
  await visited.settled();
  const drag = async (/** @type {import("playwright-core").Locator} */ what, /** @type {number} */ right, /** @type {number} */ down) => {
    const box = await what.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + right, box.y + down, { steps: 5 });
    await page.mouse.up();
  };
  const column = ((await page.locator(".grid").boundingBox())?.width ?? 0) / 12;
  await drag(page.getByRole("button", { name: "Move or resize First" }), column * 4 + 10, 20);
  await drag(article.locator(".corner"), column + 10, 90);
  await page.getByRole("button", { name: "Place and size of Second" }).click();
  await page.getByLabel("Column", { exact: true }).fill("1");
  await page.getByLabel("Row", { exact: true }).fill("9");
  await press(page, "Place it");
  await press(page, "Save");
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  const { widgets } = await saved(app, id);
  assert.deepEqual(widgets.map((/** @type {any} */ { position }) => position), [{ x: 4, y: 0, width: 5, height: 4 }, { x: 0, y: 8, width: 4, height: 3 }]);
  await visited.close();
});

for (const choice of /** @type {const} */ (["Keep mine", "Take theirs"])) {
  test(`two editors at once: ${choice.toLowerCase()}`, async () => {
    const { id } = await dashboard(app, "Shared", [bar("First")]);
    const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
    const { page } = visited;
    visited.expect(/412/);
    await press(page, "Details");
    await page.getByLabel("Name").fill("Mine");
    await press(page, "Apply");
    await app.api("PATCH", `/api/dashboards/${id}/`, { name: "Theirs", description: "By somebody else" });
    await press(page, "Save");
    const dialog = page.getByRole("dialog", { name: "Somebody else changed this dashboard" });
    await dialog.getByRole("cell", { name: "Theirs" }).waitFor();
    if (choice === "Keep mine") await visited.check("dashboard-conflict");
    await press(page, "Decide later");
    await page.getByRole("heading", { name: "Mine" }).waitFor();
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
  await page.unroute("**/api/**");
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  assert.equal((await saved(app, id)).widgets[0].position.x, 1);
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

test("dashboards are duplicated, and deleted unless that is undone", async () => {
  const { id } = await dashboard(app, "Going away", [bar("First")]);
  const visited = await app.signIn("#/dashboards?status=draft");
  const { page } = visited;
  const link = page.getByRole("link", { name: "Going away", exact: true });
  const remove = async () => {
    await page.getByLabel("More of Going away", { exact: true }).click();
    await press(page, "Delete");
    await link.waitFor({ state: "detached" });
  };
  await link.waitFor();
  await remove();
  await press(page, "Undo");
  await link.waitFor();
  await page.getByLabel("More of Going away", { exact: true }).click();
  await visited.check("dashboards-menu");
  await press(page, "Duplicate");
  await page.getByRole("heading", { name: "Going away (copy)" }).waitFor();
  await page.getByRole("img", { name: "First" }).waitFor();
  await visited.open("#/dashboards?status=draft");
  await link.waitFor();
  await remove();
  await until(async () => !(await app.api("GET", "/api/dashboards/?page_size=100")).results.some((/** @type {any} */ one) => one.id === id), "the deletion");
  await visited.close();
});
