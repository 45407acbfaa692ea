/** The newcomer's minute: open the page, take the demo's sign-in, look at a drawn dashboard. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { startConsole } from "./harness.mjs";

/** How long it may take until there are charts, counted from opening the page, on a slow machine. */
const NEWCOMERS_PATIENCE_MS = 10_000;

const { visit, signIn } = startConsole();

test("a newcomer sees a drawn dashboard within ten seconds", async () => {
  const began = Date.now();
  const newcomer = await visit();
  const { page } = newcomer;
  await page.getByRole("button", { name: "Sign in to the demo" }).click();
  await page.getByRole("link", { name: "Revenue Dashboard" }).click();
  await page.getByRole("img", { name: "Revenue by channel" }).waitFor();
  const took = Date.now() - began;
  assert.ok(took <= NEWCOMERS_PATIENCE_MS, `${took} ms`);
  assert.equal(await page.title(), "Revenue Dashboard · claribi");

  await newcomer.settled();
  assert.equal(await page.locator("chart-view svg[role=img]").count(), 8);
  await page.getByRole("region", { name: "Top products" }).getByRole("cell", { name: "Standing Desk" }).waitFor();
  await newcomer.check("dashboard");
  await newcomer.close();
});

test("the sign-in page is for everybody", async () => {
  const visited = await visit();
  await visited.check("sign-in");
  await visited.close();
});

test("a wrong password is told at the form, and the place is kept", async () => {
  const visited = await visit("#/dashboards/2");
  const { page } = visited;
  visited.expect(/401 \(Unauthorized\)/);
  await page.getByLabel("Email").fill("you@example.com");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").filter({ hasText: "email" }).waitFor();
  await page.getByLabel("Password").fill("your-password");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Marketing Funnel" }).waitFor();
  await visited.close();
});

test("dashboards are listed by status, and the tab remembers who is signed in", async () => {
  const visited = await signIn("#/dashboards");
  const { page } = visited;
  await page.getByRole("link", { name: "Revenue Dashboard" }).waitFor();
  await visited.check("dashboards");
  await page.getByRole("button", { name: "Drafts" }).click();
  await page.getByRole("heading", { name: "None with this status" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "None with this status" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Marketing Funnel" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to claribi" }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await visited.close();
});

test("the values of a chart are read by keys and shown on hovering", async () => {
  const visited = await signIn("#/dashboards/1");
  const { page } = visited;
  const chart = page.getByRole("group", { name: /^Revenue by region/ });
  await chart.focus();
  await page.keyboard.press("ArrowRight");
  const value = page.locator("chart-view output:visible");
  // Which of them comes first, the numbers of the day decide.
  const first = await value.innerText();
  assert.match(first, /^(North America|Europe|Asia Pacific)\n\$[\d,]+/);
  await page.keyboard.press("ArrowRight");
  const second = await value.innerText();
  assert.match(second, /^(North America|Europe|Asia Pacific)\n\$[\d,]+/);
  assert.notEqual(second.split("\n")[0], first.split("\n")[0]);
  await page.keyboard.press("Escape");
  assert.equal(await value.count(), 0);
  await chart.locator('[data-dimension="Asia Pacific"]').hover();
  assert.match(await value.innerText(), /Asia Pacific/);
  await visited.close();
});
