/** Leafing through lists: by keys, and where a page is gone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { startConsole } from "./harness.mjs";

const app = startConsole();

/** A list of so many as the page is told, made of the one that the API has. @param {import("playwright-core").Page} page @param {string} path @param {() => number} count */
async function long(page, path, count) {
  await page.route((url) => url.pathname === path, async (route) => {
    const wanted = Number(new URL(route.request().url()).searchParams.get("page") ?? "1");
    if (route.request().method() !== "GET") return route.continue();
    const refusal = { error: "not_found", message: "There is no such page.", detail: "There is no such page." };
    if (wanted > Math.ceil(count() / 20)) return route.fulfill({ status: 404, json: refusal });
    const of = await app.api("GET", `${path}?page_size=1`);
    const first = (wanted - 1) * 20;
    const results = Array.from({ length: Math.min(20, count() - first) }, (_, index) => ({ ...of.results[0], id: 1000 + first + index, name: `Number ${first + index + 1}` }));
    return route.fulfill({ json: { count: count(), next: null, previous: null, results } });
  });
}

for (const [path, hash] of /** @type {const} */ ([
  ["/api/dashboards/", "#/dashboards"],
  ["/api/reports/", "#/reports"],
  ["/api/data-sources/", "#/data-sources"],
  ["/api/api-keys/", "#/settings/security/api-keys"],
])) {
  test(`${path} is leafed through by keys, and a page that is gone leads to the last one`, async () => {
    const key = path === "/api/api-keys/" && (await app.api("POST", path, { name: "To be many", scope: "read_only" }));
    const visited = await app.signIn();
    const { page } = visited;
    visited.expect(/404/);
    await long(page, path, () => 41);
    await visited.open(hash);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await page.getByRole("link", { name: "Next page" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("21–40 of 41").waitFor();
    assert.equal(await focused(), "Next page");
    await page.keyboard.press("Enter");
    await page.getByText("41–41 of 41").waitFor();
    assert.equal(await focused(), "Previous page");

    await visited.open(`${hash}?page=7`);
    await page.waitForURL((url) => url.hash === `${hash}?page=3`);
    await visited.settled();
    await page.getByText("41–41 of 41").waitFor();
    if (key) await app.api("DELETE", `${path}${key.id}/`);
    await visited.close();
  });
}

test("the list goes back when the only key of its last page is revoked", async () => {
  const { id } = await app.api("POST", "/api/api-keys/", { name: "The last one", scope: "read_only" });
  const visited = await app.signIn();
  const { page } = visited;
  visited.expect(/404/);
  let count = 21;
  await long(page, "/api/api-keys/", () => count);
  await page.route("**/api/api-keys/*/", (route) => {
    count -= 1;
    return route.fulfill({ status: 204 });
  });
  await visited.open("#/settings/security/api-keys?page=2");
  await page.getByRole("button", { name: "Revoke Number 21" }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByText("Number 20", { exact: true }).waitFor();
  await app.api("DELETE", `/api/api-keys/${id}/`);
  await visited.close();
});

test("the list goes back when the only dashboard of its last page is being deleted", async () => {
  const visited = await app.signIn();
  const { page } = visited;
  await long(page, "/api/dashboards/", () => 21);
  await visited.open("#/dashboards?page=2");
  await page.getByLabel("More of Number 21").click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Number 20", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await visited.close();
});

test("rows are leafed through to their end and back by keys", async () => {
  const query = encodeURIComponent(JSON.stringify({ dimensions: [{ field: "order_id" }], measures: [{ aggregation: "count" }], limit: 150 }));
  const visited = await app.signIn(`#/explore?source=1&type=table&query=${query}`);
  const { page } = visited;
  await page.getByRole("button", { name: "Next rows" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByText("Rows 101–150 of 150").first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Previous rows");
  await page.keyboard.press("Enter");
  await page.getByText("Rows 1–100 of 150").first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Next rows");
  await visited.close();
});
