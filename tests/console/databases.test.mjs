/** Databases that run: connected with the form of their engine, looked at, and asked. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { KINDS, missing, PASSWORD, startDatabase } from "./databases.mjs";
import { removeNamed } from "./files.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

const RUN = Date.now().toString(36);

const TABLES = `
  CREATE TABLE sales.orders (id integer PRIMARY KEY, country varchar(20) NOT NULL, amount integer NOT NULL);
  INSERT INTO sales.orders VALUES (1, 'Österreich', 5), (2, 'Österreich', 7), (3, 'France', 11);
  CREATE VIEW sales.large AS SELECT * FROM sales.orders WHERE amount > 10;
`;

afterEach(() => removeNamed(app, RUN));

for (const kind of KINDS) {
  const { engine, label } = kind;
  test(`a live ${label} is connected, read and asked`, { skip: missing(kind) }, async (context) => {
    const database = await startDatabase(kind);
    context.after(database.stop);
    await database.run(TABLES);
    const name = `${label} ${RUN}`;
    const visited = await app.signIn(`#/data-sources/new?engine=${engine}`);
    const { page } = visited;
    const fields = { Name: name, Host: "127.0.0.1", Port: String(database.port), Database: engine === "mysql" ? "sales" : "postgres", "User name": "reader", Password: "wrong" };
    for (const [field, value] of Object.entries(fields)) await page.getByLabel(new RegExp(`^${field}( \\(optional\\))?$`)).fill(value);
    await page.getByLabel("Encryption").selectOption("disable");
    await page.getByRole("button", { name: "Add data source" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    const tested = page.locator(".callout[role=status]");
    await page.getByRole("button", { name: "Test connection" }).click();
    await tested.getByText(/password/i).first().waitFor();

    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Edit data source" });
    await dialog.getByLabel(/^New password/).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Test connection" }).click();
    await tested.getByText("It can be reached and read.").waitFor();
    await tested.getByText(new RegExp(`^${label} \\d.* It answers in \\d+ ms\\.$`)).waitFor();

    await page.getByRole("button", { name: "Read the catalog" }).click();
    await page.getByText("2 tables found.").waitFor();
    await page.getByRole("row", { name: /^sales\.large view/ }).waitFor();
    await page.getByRole("link", { name: "sales.orders", exact: true }).click();
    const rows = page.getByRole("region", { name: "First rows" }).getByRole("row");
    await rows.nth(3).waitFor();
    assert.deepEqual(await rows.allInnerTexts(), ["id\tcountry\tamount", "1\tÖsterreich\t5", "2\tÖsterreich\t7", "3\tFrance\t11"]);
    await page.getByRole("region", { name: "Columns" }).getByRole("row", { name: /^country text varchar|^country text character varying/ }).waitFor();
    await visited.check(`database-${engine}`);

    // The catalog is what was read: the rows are asked for where they are.
    await database.run("INSERT INTO sales.orders VALUES (4, 'France', 100)");
    await page.getByRole("link", { name: "Explore this" }).click();
    await page.getByLabel("Table", { exact: true }).selectOption("sales.orders");
    await page.getByRole("button", { name: "amount integer" }).click();
    await page.getByRole("button", { name: "country text" }).click();
    const answer = page.locator(".preview-rows").getByRole("row");
    await answer.filter({ hasText: "France" }).waitFor();
    assert.deepEqual((await answer.allInnerTexts()).slice(1).sort(), ["France\t111", "Österreich\t12"]);
    await page.locator(".preview chart-view svg[role=img]").waitFor();
    await visited.close();
  });
}
