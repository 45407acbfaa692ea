/** The life of an API key, as the quick start tells it: made, used, rotated, revoked. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { startConsole, until } from "./harness.mjs";

const app = startConsole();

/** What a program gets that sends the key. @param {string} key @param {RequestInit} [init] */
async function statusWith(key, init = {}, path = "/api/auth/status/") {
  return (await fetch(`${app.url}${path}`, { ...init, headers: { "X-API-Key": key, "Content-Type": "application/json" } })).status;
}

/** @param {import("playwright-core").Page} page */
async function keyShown(page) {
  const key = await page.getByLabel("API key", { exact: true }).inputValue();
  assert.match(key, /^claribi_sk_test_[0-9a-hjkmnp-tv-z]{96}$/);
  return key;
}

test("a key is made, used, rotated with grace, and revoked", async () => {
  const name = `Nightly ${Date.now()}`;
  const visited = await app.signIn("#/dashboards", { permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = visited;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "API Keys" }).click();
  await page.getByText("Settings › Security").waitFor();

  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await dialog.getByText("Enter name.").waitFor();
  await dialog.getByLabel("Name").fill(name);
  await visited.check("api-key-create");
  await dialog.getByRole("button", { name: "Create key" }).click();

  const key = await keyShown(page);
  await visited.check("api-key-shown");
  await page.getByRole("button", { name: "Copy key" }).click();
  await page.getByRole("button", { name: "Copied", exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await page.keyboard.press("Escape");
  await page.getByLabel("API key", { exact: true }).waitFor();
  await page.getByRole("button", { name: "I have copied it" }).click();

  const row = page.getByRole("listitem").filter({ hasText: name });
  await row.getByText("Read only").waitFor();
  await row.getByText("Expires in 3 months").waitFor();
  await row.getByText("Never used").waitFor();
  assert.equal(await statusWith(key), 200);
  assert.equal(await statusWith(key, { method: "POST", body: '{"name": "No"}' }, "/api/dashboards/"), 403);
  await until(async () => {
    await page.reload();
    await row.waitFor();
    return row.getByText("Last used").isVisible();
  }, "the use of the key");
  await visited.check("api-keys");

  await row.getByRole("button", { name: `Rotate ${name}` }).click();
  await visited.check("api-key-rotate");
  await page.getByRole("button", { name: "Rotate key" }).click();
  const successor = await keyShown(page);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await row.nth(1).waitFor();
  assert.notEqual(successor, key);
  assert.deepEqual([await statusWith(key), await statusWith(successor)], [200, 200]);

  for (const left of [1, 0]) {
    await row.first().getByRole("button", { name: `Revoke ${name}` }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await until(async () => (await row.count()) === left, "the list without it");
  }
  assert.deepEqual([await statusWith(key), await statusWith(successor)], [401, 401]);
  await visited.close();
});

test("what the API minds is said at the field, and nothing is lost", async () => {
  const visited = await app.signIn("#/settings/security/api-keys");
  const { page } = visited;
  visited.expect(/400/);
  await page.getByRole("button", { name: "Create API key" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Yesterday's");
  await page.getByLabel("Expires").selectOption("on");
  await page.getByLabel("Last day").fill("2020-01-01");
  await page.getByRole("button", { name: "Create key" }).click();
  const day = page.getByLabel("Last day");
  await until(async () => (await day.getAttribute("aria-invalid")) === "true", "the reason at the day");
  assert.equal(await day.inputValue(), "2020-01-01");
  await visited.close();
});

test("an administrator sees everybody's keys, and can only revoke those of others", async () => {
  const name = `Viewer's ${Date.now()}`;
  const viewer = await app.signIn("#/settings/security/api-keys", { email: "viewer@example.com" });
  await viewer.page.getByRole("button", { name: "Create API key" }).click();
  await viewer.page.getByRole("textbox", { name: "Name" }).fill(name);
  await viewer.page.getByRole("button", { name: "Create key" }).click();
  await viewer.page.getByRole("button", { name: "I have copied it" }).click();
  await viewer.page.getByRole("button", { name: `Rotate ${name}` }).waitFor();
  await viewer.close();

  const administrator = await app.signIn("#/settings/security/api-keys");
  const row = administrator.page.getByRole("listitem").filter({ hasText: name });
  await row.getByText(/Of user \d/).waitFor();
  assert.equal(await row.getByRole("button").count(), 1);
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await administrator.page.getByRole("button", { name: "Revoke", exact: true }).click();
  await row.waitFor({ state: "detached" });
  await administrator.close();
});

test("a last day that does not apply is not missed", async () => {
  const visited = await app.signIn("#/settings/security/api-keys");
  const { page } = visited;
  const name = `Without a day ${Date.now()}`;
  await page.getByRole("button", { name: "Create API key" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel("Expires").selectOption("on");
  await page.getByLabel("Last day").fill("");
  await page.getByLabel("Expires").selectOption("");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("button", { name: "I have copied it" }).click();
  const row = page.getByRole("listitem").filter({ hasText: name });
  await row.getByText("Never expires").waitFor();
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await row.waitFor({ state: "detached" });
  await visited.close();
});
