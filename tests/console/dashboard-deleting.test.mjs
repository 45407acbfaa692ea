/** Dashboards are duplicated and deleted from their list, and that is undone. */

import { test } from "node:test";

import { bar, dashboard } from "./dashboards.mjs";
import { startConsole, until } from "./harness.mjs";

const app = startConsole();

/** @param {import("playwright-core").Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

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
  await page.getByRole("heading", { name: "Going away (copy)", level: 1 }).waitFor();
  await page.getByRole("img", { name: "First" }).waitFor();
  await visited.open("#/dashboards?status=draft");
  await link.waitFor();
  await remove();
  await until(async () => !(await app.api("GET", "/api/dashboards/?page_size=100")).results.some((/** @type {any} */ one) => one.id === id), "the deletion");
  await visited.close();
});
