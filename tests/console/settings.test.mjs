/** The settings: the account, and what the organization uses. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { startConsole } from "./harness.mjs";

const app = startConsole();
const DOCUMENT = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8"));

/** A month of a busy organization. */
const USAGE = {
  plan: "professional",
  period: { start: "2026-11-01T00:00:00Z", end: "2026-12-01T00:00:00Z" },
  ai_credits: { limit: 1500, used: 153, remaining: 1347, resets_at: "2026-12-01T00:00:00Z" },
  data_sources: { used: 14, limit: 15 },
  storage_bytes: { used: 5_242_880, limit: null },
  users: { used: 5, limit: 15 },
  reports: { runs: 12 },
  queries: { count: 4000, cached: 1000, rows_scanned: 9_000_000, bytes_scanned: 800_000_000 },
  days: Array.from({ length: 28 }, (_, index) => ({
    date: `2026-11-${String(index + 1).padStart(2, "0")}`,
    requests: (index * 37) % 101,
    queries: (index * 13) % 29,
    bytes_scanned: index * 1_000_000,
  })),
};

test("the account says who is signed in, chooses the theme, and signs out without leaving anything", async () => {
  const visited = await app.signIn("#/settings");
  const { page } = visited;
  const you = page.getByRole("region", { name: "You" });
  await you.getByText("Jane Smith").waitFor();
  await you.getByText("Administrator", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Organization" }).getByText("Professional").waitFor();
  await visited.check("account");
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.getByRole("button", { name: "Theme: dark" }).waitFor();
  await page.getByRole("button", { name: "As the system" }).click();
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to claribi" }).waitFor();
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length]), [0, 0]);
  assert.equal(await page.getByText("Jane Smith").count(), 0);
  await visited.close();
});

test("usage is drawn by day, and to be read as a table", async () => {
  const visited = await app.signIn("#/settings");
  const { page } = visited;
  /** @type {(string | null)[]} */
  const months = [];
  await page.route("**/api/usage/**", (route) => {
    months.push(new URL(route.request().url()).searchParams.get("month"));
    return route.fulfill({ json: USAGE });
  });
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Usage" }).click();
  const sources = page.getByRole("meter", { name: "Data sources" });
  assert.deepEqual([await sources.getAttribute("aria-valuenow"), await sources.getAttribute("aria-valuemax")], ["14", "15"]);
  await page.getByText("5.2 MB, no limit").waitFor();
  await page.getByText("1,000 (25 %)").waitFor();
  assert.equal(await page.locator(".bars li").count(), 28);
  await page.getByRole("button", { name: "Bytes read" }).click();
  await page.getByText("Bytes read: 378 MB altogether").waitFor();
  await page.getByText("Show as a table").click();
  await page.getByRole("row", { name: /^Nov 3, 2026/ }).waitFor();
  await visited.check("usage");
  const picker = page.getByLabel("Month", { exact: true });
  const [, before] = await picker.locator("option").evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  await picker.selectOption(before);
  await page.waitForURL((url) => url.hash.includes(`month=${before}`));
  await visited.settled();
  assert.deepEqual(months, [null, before]);
  await visited.close();
});

test("the server's own usage is shown", { skip: !("/api/usage/" in DOCUMENT.paths) }, async () => {
  const visited = await app.signIn("#/settings/usage");
  const { page } = visited;
  await page.getByRole("meter", { name: "AI credits" }).waitFor();
  await page.getByRole("region", { name: "By day" }).waitFor();
  await visited.close();
});

test("who may not see the usage is not led there, and told why", async () => {
  const visited = await app.signIn("#/settings", { email: "analyst@example.com" });
  const { page } = visited;
  visited.expect(/403/);
  await page.getByRole("region", { name: "You" }).getByText("Analyst", { exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Usage" }).count(), 0);
  const refusal = { error: "permission_denied", message: "You may not do this.", detail: "Needs the permission usage:read." };
  await page.route("**/api/usage/**", (route) => route.fulfill({ status: 403, json: refusal }));
  await visited.open("#/settings/usage");
  await page.getByRole("heading", { name: "You may not see the usage" }).waitFor();
  await visited.close();
});
