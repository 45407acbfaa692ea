/** Dashboards are made, arranged and changed: by pointer, and by keys alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard, saved } from "./dashboards.mjs";
import { startConsole } from "./harness.mjs";

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
  await page.getByRole("textbox", { name: "Name" }).fill("Weekly");
  await press(page, "Create");
  await page.getByRole("heading", { name: "Nothing on it yet" }).waitFor();
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
  await page.getByRole("textbox", { name: "Text" }).fill("# Hello\nAll **good**\n- one\n- two");
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

test("what is typed in a widget's editor stays as it is, and selected, while its data's columns arrive and other parts change", async () => {
  const filters = [{ field: "channel", operator: "eq", values: ["web"] }, { field: "region", operator: "in", values: ["Europe"] }];
  const query = { measures: [{ aggregation: "sum", field: "revenue", as: "money" }], dimensions: [{ field: "region" }], filters };
  const { id } = await dashboard(app, "Typed", [bar("Typing", {}, { query })]);
  const visited = await app.signIn(`#/dashboards/${id}?edit=1`);
  const { page } = visited;
  const editor = page.getByRole("dialog", { name: "Edit widget" });
  /** Opens the editor, whose columns arrive when it is said. @param {string} title */
  const open = async (title) => {
    /** @type {() => void} */
    let arrive = () => {};
    /** @type {Promise<void>} */
    const columns = new Promise((resolve) => (arrive = resolve));
    await page.route("**/api/data-sources/*/tables/**", async (route) => (await columns, route.continue()), { times: 1 });
    await press(page, `Change ${title}`);
    return async () => {
      arrive();
      await editor.getByRole("button", { name: "region text" }).waitFor();
    };
  };
  const selected = (/** @type {import("playwright-core").Locator} */ input) =>
    input.evaluate((element) => element instanceof HTMLInputElement && element === document.activeElement && [element.value, element.selectionStart, element.selectionEnd]);

  let arrive = await open("Typing");
  const title = editor.getByLabel("Title");
  const value = editor.getByLabel("Value of filter 1");
  await title.fill("Typed before");
  await value.fill("wholesale");
  await value.evaluate((element) => element instanceof HTMLInputElement && element.setSelectionRange(2, 5));
  await arrive();
  assert.deepEqual(await selected(value), ["wholesale", 2, 5]);
  await page.keyboard.type("X");
  assert.equal(await value.inputValue(), "whXsale");
  assert.equal(await title.inputValue(), "Typed before");
  await editor.getByRole("button", { name: "quantity integer" }).click();
  assert.equal(await title.inputValue(), "Typed before");
  await title.fill("");
  assert.equal(await title.getAttribute("placeholder"), "Money and Sum of quantity by region");
  await press(page, "Apply");

  // One of several values is in the question only when it is whole.
  arrive = await open("Money and Sum of quantity by region");
  const oneOf = editor.getByLabel("Value of filter 2");
  await oneOf.fill("Asia P");
  await arrive();
  assert.deepEqual(await selected(oneOf), ["Asia P", 6, 6]);
  await page.keyboard.type("acific and more");
  await page.keyboard.press("Enter");
  await editor.getByRole("button", { name: "Remove Asia Pacific and more" }).waitFor();
  assert.deepEqual(await selected(oneOf), ["", 0, 0]);
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
