/** A dashboard on the full screen, and on paper. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, dashboard } from "./dashboards.mjs";
import { startConsole, until } from "./harness.mjs";

const app = startConsole();

/** @typedef {import("playwright-core").Page} Page */

test("a dashboard fills the screen until its control or Escape leads back", async () => {
  const { id } = await dashboard(app, "On the wall", [bar("First", { width: 12 })]);
  const visited = await app.signIn(`#/dashboards/${id}`);
  const { page } = visited;
  const first = page.getByRole("img", { name: "First" });
  await first.waitFor();
  const enter = page.getByRole("button", { name: "Full screen", exact: true });
  const leave = page.getByRole("button", { name: "Leave full screen" });
  assert.equal(await leave.count(), 0);
  const before = (await first.boundingBox())?.width ?? 0;
  await enter.click();
  await leave.waitFor();
  // What is behind it is not in the way of the keys.
  await until(() => isFocused(leave), "the focus");
  await until(async () => ((await first.boundingBox())?.width ?? 0) > before, "a wider chart");
  assert.equal(await topmost(page, enter), false);
  await visited.check("dashboard-full-screen");
  await leave.click();
  await page.waitForFunction(() => !document.fullscreenElement);
  await until(() => isFocused(enter), "the focus");

  await page.keyboard.press("Enter");
  await leave.waitFor();
  await pressEscape(page);
  await page.waitForFunction(() => !document.fullscreenElement);
  assert.equal(await topmost(page, enter), true);
  await leave.waitFor({ state: "hidden" });
  await visited.close();
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`a dashboard in the ${colorScheme} theme is printed on white, whole, without controls`, async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `- Line ${index + 1}`).join("\n");
    const query = { dimensions: [{ field: "ordered_at", grain: "month" }], measures: [{ aggregation: "count", as: "orders" }], limit: 20 };
    const { id } = await dashboard(app, "On paper", [
      bar("Above"),
      { title: "Rows", type: "table", data_source: 1, query, position: { x: 4, y: 0, width: 4, height: 3 } },
      { title: "Words", type: "text", options: { text: lines }, position: { x: 8, y: 0, width: 4, height: 3 } },
      bar("Below", { y: 3 }),
    ]);
    const visited = await app.signIn(`#/dashboards/${id}`, { colorScheme });
    const { page } = visited;
    for (const name of ["Above", "Below"]) await page.getByRole("img", { name }).waitFor();
    await page.getByRole("article", { name: "Rows" }).getByRole("row").nth(20).waitFor({ state: "attached" });
    // The browser without a window prints to nowhere, and never says that it has.
    await page.evaluate(() => {
      window.print = () => (document.body.dataset.isPrinting = "true");
    });
    await page.getByRole("button", { name: "Print" }).click();
    await page.locator("body[data-is-printing]").waitFor();
    assert.deepEqual(await grounds(page), ["#ffffff", "#ffffff"]);

    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await page.locator("button:visible, summary:visible, select:visible, a:visible").allInnerTexts(), []);
    for (const landmark of [page.getByRole("banner"), page.getByRole("navigation")]) assert.equal(await landmark.filter({ visible: true }).count(), 0);
    await page.getByRole("heading", { name: "On paper" }).waitFor();
    for (const text of ["Line 1", "Line 30"]) await page.getByText(text, { exact: true }).waitFor();
    const cut = () => [...document.querySelectorAll(".widget, .widget .scroll")].filter((one) => one.scrollHeight > one.clientHeight + 1).length;
    assert.equal(await page.evaluate(cut), 0);
    const [words, below] = await Promise.all(["Words", "Below"].map((name) => page.getByRole("article", { name }).boundingBox()));
    assert.ok(words && below && words.y + words.height <= below.y, "a long text is above what is below it");
    assert.ok(words.x + words.width > 1400, "the whole width is used");
    assert.deepEqual(await faint(page), []);
    const pdf = await page.pdf();
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    assert.ok((pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length >= 1);

    await page.emulateMedia({ media: null });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    const again = colorScheme === "dark" ? "#16181d" : "#ffffff";
    await until(async () => (await grounds(page)).every((ground) => ground === again), "charts in the theme");
    await visited.close();
  });
}

test("the browser's own command prints dark charts light", async () => {
  const { id } = await dashboard(app, "By the browser", [bar("Only")]);
  const visited = await app.signIn(`#/dashboards/${id}`, { colorScheme: "dark" });
  const { page } = visited;
  const chart = page.getByRole("img", { name: "Only" });
  await chart.waitFor();
  const corner = async () => {
    const box = await chart.boundingBox();
    assert.ok(box);
    const picture = await page.screenshot({ clip: { x: box.x + 2, y: box.y + 2, width: 1, height: 1 } });
    return brightness(page, picture);
  };
  assert.ok((await corner()) < 40);
  await page.emulateMedia({ media: "print" });
  assert.ok((await corner()) > 240);
  await visited.close();
});

/** How bright the first pixel of a picture is, of 255. @param {Page} page @param {Buffer} picture */
function brightness(page, picture) {
  return page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const [red, green, blue] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return (red + green + blue) / 3;
  }, [...picture]);
}

/** What charts are drawn on. @param {Page} page */
function grounds(page) {
  return page.locator("chart-view svg[role=img]").evaluateAll((charts) => charts.map((chart) => chart.querySelector("rect")?.getAttribute("fill")?.toLowerCase()));
}

/** The texts that cannot be read well on white paper (WCAG 2.2, 1.4.3). @param {Page} page */
function faint(page) {
  return page.evaluate(() => {
    const luminance = (/** @type {string} */ color) => {
      const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const seen = [...document.querySelectorAll("h1, h2, th, td, li, p")].filter((element) => element.checkVisibility());
    return seen.filter((element) => 1.05 / (luminance(getComputedStyle(element).color) + 0.05) < 4.5).map((element) => element.textContent);
  });
}

/** @param {import("playwright-core").Locator} control */
const isFocused = (control) => control.evaluate((element) => element === document.activeElement);

/** Whether a click would meet it. @param {Page} page @param {import("playwright-core").Locator} control */
async function topmost(page, control) {
  const box = await control.boundingBox();
  assert.ok(box);
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return control.evaluate((element, { x, y }) => element.contains(document.elementFromPoint(x, y)), point);
}

/** As the browser itself gets it, and not only the page. @param {Page} page */
async function pressEscape(page) {
  const session = await page.context().newCDPSession(page);
  const key = { key: "Escape", code: "Escape", windowsVirtualKeyCode: 27, nativeVirtualKeyCode: 27 };
  for (const type of /** @type {const} */ (["rawKeyDown", "keyUp"])) await session.send("Input.dispatchKeyEvent", { type, ...key });
  await session.detach();
}
