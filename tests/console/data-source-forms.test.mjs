/** The forms of data sources: making each kind, and changing one that others change as well. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { removeNamed } from "./files.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

const RUN = Date.now().toString(36);

/** What each form is filled in with: first so that the API refuses it, then as it should be. */
const FORMS = [
  { engine: "csv", fill: { "How dates are written": ["tomorrow", "%d.%m.%Y"] }, select: { "Fields are separated by": ";" }, reason: /strftime/ },
  { engine: "xlsx", fill: { Sheet: ["", "Orders"], "How dates are written": ["x", "%Y/%m/%d"] }, reason: /strftime/ },
  { engine: "json", fill: { "How dates are written": ["x", "%d/%m/%Y"] }, reason: /strftime/ },
  { engine: "parquet", fill: {} },
  {
    engine: "postgresql",
    fill: { Host: ["localhost:5432", "127.0.0.1"], Port: ["1", "1"], Database: ["sales", "sales"], "User name": ["reader", "reader"], Password: ["hidden", "hidden"] },
    select: { Encryption: "disable" },
    reason: /host/i,
  },
  { engine: "mysql", fill: { Host: ["10.0.0.1", "127.0.0.1"], Port: ["0", "1"], Database: ["sales", "sales"], "User name": ["reader", "reader"] }, reason: /./ },
  {
    engine: "rest",
    fill: { URL: ["http://example.com", "https://example.com/orders"], "Where the records are": ["data[0]", "$.data"], "Where the next page is named": ["next", "$.next"] },
    reason: /https:\/\//,
  },
  { engine: "s3", fill: { Bucket: ["A", "exports"], "AWS region": ["here", "eu-central-1"], "Access key ID": ["AKIAEXAMPLE", "AKIAEXAMPLE"] }, reason: /./ },
  { engine: "athena", fill: { Database: ["logs", "logs"], "AWS region": ["here", "eu-central-1"], "Role to assume": ["me", "arn:aws:iam::123456789012:role/claribi"] }, reason: /./ },
];

afterEach(() => removeNamed(app, RUN));

test("each kind of data source has its form, with what is wrong at its fields", async () => {
  const visited = await app.signIn("#/data-sources/new");
  const { page } = visited;
  visited.expect(/400/);
  await page.getByRole("link", { name: "Amazon Athena" }).waitFor();
  await visited.check("data-source-kinds");
  /** @type {number[]} */
  const made = [];
  for (const { engine, fill, select, reason } of FORMS) {
    await visited.open(`#/data-sources/new?engine=${engine}`);
    const submit = page.getByRole("button", { name: "Add data source" });
    await submit.click();
    assert.match(await page.locator("#" + (await page.getByLabel("Name", { exact: true }).getAttribute("aria-describedby"))).innerText(), /Enter name/);
    await page.getByLabel("Name", { exact: true }).fill(`${engine} ${RUN}`);
    const control = (/** @type {string} */ label) => page.getByLabel(new RegExp(`^${label}( \\(optional\\))?$`));
    for (const [label, value] of Object.entries(select ?? {})) await control(label).selectOption(value);
    if (reason) {
      for (const [label, [wrong]] of Object.entries(fill)) await control(label).fill(wrong);
      await submit.click();
      const field = page.locator(".field:has([aria-invalid=true])").first();
      assert.match(await field.locator(".reasons").innerText(), reason, engine);
      if (engine === "postgresql") await visited.check("data-source-form");
    }
    for (const [label, [, right]] of Object.entries(fill)) await control(label).fill(right);
    await submit.click();
    await page.getByRole("heading", { name: `${engine} ${RUN}`, level: 1 }).waitFor();
    made.push(Number(new URL(page.url()).hash.split("/").pop()));
    await page.getByRole("heading", { name: "No data yet" }).waitFor();
  }
  const postgresql = await app.api("GET", `/api/data-sources/${made[4]}/`);
  assert.equal(postgresql.connection.ssl_mode, "disable");
  assert.equal(postgresql.connection.password_set, true);
  await visited.open(`#/data-sources/${made[8]}?view=settings`);
  await page.getByRole("heading", { name: "External ID" }).waitFor();
  await visited.close();
});

test("a connection is edited, and its secret kept, replaced and removed", async () => {
  const connection = { host: "127.0.0.1", port: 1, database: "sales", username: "reader", password: "hidden", schemas: ["public"] };
  const source = await app.api("POST", "/api/data-sources/", { name: `Edited ${RUN}`, type: "database", engine: "postgresql", connection });
  const path = `/api/data-sources/${source.id}/`;
  const visited = await app.signIn(`#/data-sources/${source.id}?view=settings`);
  const { page } = visited;
  visited.expect(/400|412/);
  const dialog = page.getByRole("dialog", { name: "Edit data source" });
  const edit = async (/** @type {() => Promise<void>} */ fill) => {
    await page.getByRole("button", { name: "Edit" }).click();
    await fill();
    await dialog.getByRole("button", { name: "Save" }).click();
  };
  await edit(async () => {
    await dialog.getByLabel(/^Database/).fill("orders");
    await dialog.getByText("More settings").click();
    assert.equal(await dialog.getByLabel(/^Schemas \(/).inputValue(), "public");
    await dialog.getByLabel(/^Schemas \(/).fill("public, archive");
  });
  await page.getByText("public, archive").waitFor();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual((await app.api("GET", path)).connection.schemas, ["public", "archive"]);
  assert.equal((await app.api("GET", path)).connection.password_set, true);

  // Who leads it elsewhere must know the secret.
  await edit(() => dialog.getByLabel(/^Host/).fill("127.0.0.2"));
  await dialog.locator(".field:has(input[type=password])").locator(".reasons").filter({ hasText: /^Enter it again, or remove it: / }).waitFor();
  await visited.check("data-source-edit");
  await dialog.getByLabel(/^New password/).fill("another");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("127.0.0.2").waitFor();

  // Somebody else renames it meanwhile, and changes something else.
  await edit(async () => {
    await app.api("PATCH", path, { name: `Theirs ${RUN}`, description: "Changed by somebody else" });
    await dialog.getByLabel("Name", { exact: true }).fill(`Mine ${RUN}`);
    await dialog.getByLabel("Remove the password").check();
  });
  const conflict = page.getByRole("dialog", { name: "Somebody else changed this data source" });
  await conflict.waitFor();
  assert.deepEqual(await conflict.locator("tbody tr").allInnerTexts(), [`Name\tMine ${RUN}\tTheirs ${RUN}`]);
  await visited.check("data-source-conflict");
  await conflict.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("heading", { name: `Mine ${RUN}`, level: 1 }).waitFor();
  const now = await app.api("GET", path);
  assert.deepEqual([now.description, now.connection.password_set], ["Changed by somebody else", false]);

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("It is paused.").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("It is paused.").waitFor({ state: "detached" });
  await visited.check("data-source-settings");
  await visited.close();
});
