/** Data sources: looking at them and at what is in them, testing and deleting them, and who may. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { imported, removeNamed, spreadsheet, tasks } from "./files.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

const RUN = Date.now().toString(36);

afterEach(() => removeNamed(app, RUN));

test("the list has pages, and a kind and a status to choose", async () => {
  const connection = { bucket: "exports", region: "eu-central-1", access_key_id: "AKIAEXAMPLE" };
  await app.api("POST", "/api/data-sources/", { name: `Bucket ${RUN}`, type: "cloud", engine: "s3", status: "paused", connection });
  const { results } = await app.api("GET", "/api/data-sources/?type=cloud&status=paused");
  const row = results.find((/** @type {{ name: string }} */ { name }) => name === `Bucket ${RUN}`);
  const rows = Array.from({ length: 21 }, (_, index) => ({ ...row, id: row.id + index, name: `Bucket ${index + 1} ${RUN}` }));
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  // The demo's plan does not allow as many as make two pages.
  await page.route("**/api/data-sources/?**", (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const found = asked.get("status") === "error" ? [] : rows;
    const [first, size] = [(Number(asked.get("page") ?? 1) - 1) * 20, 20];
    route.fulfill({ json: { count: found.length, next: null, previous: null, results: found.slice(first, first + size) } });
  });
  await page.getByLabel("Kind").selectOption("cloud");
  await page.getByText("1–20 of 21 data sources").waitFor();
  await page.getByLabel("Status").selectOption("paused");
  await page.locator(".pager a[href*=paused]").click();
  await page.getByRole("link", { name: `Bucket 21 ${RUN}` }).waitFor();
  assert.match(page.url(), /type=cloud&status=paused&page=2$/);
  assert.equal(await page.locator(".source-list li").count(), 1);
  await page.goBack();
  await page.getByRole("link", { name: `Bucket 1 ${RUN}` }).waitFor();
  await page.getByLabel("Status").selectOption("error");
  await page.getByRole("heading", { name: "None of these" }).waitFor();
  rows.length = 0;
  await visited.open("#/data-sources");
  await page.getByText("Drop a CSV, Excel, JSON or Parquet file anywhere on this page").waitFor();
  await visited.check("data-sources-none");
  await visited.close();
});

test("a spreadsheet has a table for each sheet, and each its rows", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await visited.settled();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload a file" }).click();
  const buffer = spreadsheet({ Orders: [["country", "amount"], ["DE", 5]], "Größen & <Maße>": [["size"], ["L"]] });
  await (await chooser).setFiles({ name: `Sheets ${RUN}.xlsx`, mimeType: "application/octet-stream", buffer });
  await tasks(page).getByText("2 rows imported.").waitFor();
  await tasks(page).getByRole("link", { name: "Preview" }).click();
  await page.getByRole("row", { name: "Orders sheet 1 2" }).waitFor();
  await tasks(page).getByRole("button", { name: "Dismiss" }).click();
  await visited.check("data-source-tables");
  await page.getByRole("link", { name: "Größen & <Maße>" }).click();
  await page.getByRole("cell", { name: "L", exact: true }).first().waitFor();
  await page.getByRole("link", { name: "All tables" }).click();
  await page.getByRole("link", { name: "Orders", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "DE" }).first().waitFor();
  await visited.close();
});

test("imports are listed from the last one on, a page at a time", async () => {
  const source = await app.api("POST", "/api/data-sources/", { name: `Often ${RUN}`, type: "file", engine: "csv" });
  for (let number = 1; number <= 23; number += 1) {
    await app.api("POST", `/api/data-sources/${source.id}/imports/`, { size_bytes: 5, file_name: `${number}.csv` });
  }
  const visited = await app.signIn(`#/data-sources/${source.id}?view=imports`);
  const { page } = visited;
  await page.getByText("1–20 of 23 imports").waitFor();
  const names = page.locator(".import-name");
  assert.deepEqual([await names.count(), await names.first().innerText(), await names.last().innerText()], [20, "23.csv", "4.csv"]);
  await page.locator(".imports summary").first().press("Enter");
  await page.getByText("It waits for its file.").waitFor();
  await page.getByRole("link", { name: "Next page" }).click();
  await page.getByText("21–23 of 23 imports").waitFor();
  assert.deepEqual(await names.allInnerTexts(), ["3.csv", "2.csv", "1.csv"]);
  await visited.close();
});

test("a database that does not answer says why, in the test and in the import", async () => {
  const connection = { host: "127.0.0.1", port: 1, database: "sales", username: "reader", password: "hidden" };
  const source = await app.api("POST", "/api/data-sources/", { name: `Closed ${RUN}`, type: "database", engine: "postgresql", connection });
  const visited = await app.signIn(`#/data-sources/${source.id}`);
  const { page } = visited;
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("The host does not accept connections at port 1.").waitFor();
  await page.getByText("Check the port, and that the server listens on its public address.").waitFor();
  await page.getByRole("button", { name: "Read the catalog" }).click();
  await page.getByText("It was not imported. There is no data yet.").waitFor();
  await page.getByRole("heading", { name: "Why it failed" }).waitFor();
  await visited.check("data-source-refused");
  await visited.open("#/data-sources?type=database&status=error");
  await page.getByText("Import 1 failed. The host does not accept connections").waitFor();
  await visited.close();
});

test("what dashboards use is deleted only after a warning that names them", async () => {
  const source = await imported(app, `Used ${RUN}`, "a\n1\n");
  const query = { measures: [{ aggregation: "count" }] };
  const widget = { title: "Rows", type: "metric", data_source: source.id, query, position: { x: 0, y: 0, width: 3, height: 2 } };
  const dashboard = await app.api("POST", "/api/dashboards/", { name: `User ${RUN}`, widgets: [widget] });
  const visited = await app.signIn(`#/data-sources/${source.id}?view=settings`);
  const { page } = visited;
  visited.expect(/409/);
  await page.getByRole("button", { name: "Check the data" }).click();
  await page.getByText("It can be reached and read.").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  const warning = page.getByRole("dialog", { name: /is in use/ });
  await warning.getByText(`User ${RUN}`).waitFor();
  await visited.check("data-source-in-use");
  await warning.getByRole("button", { name: "Keep it" }).click();
  await app.api("GET", `/api/data-sources/${source.id}/`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await warning.getByRole("button", { name: "Delete it all the same" }).click();
  await page.getByText(/was deleted/).waitFor();
  await page.getByRole("heading", { name: "Data sources", level: 1 }).waitFor();
  assert.equal(await page.getByRole("link", { name: `Used ${RUN}` }).count(), 0);
  await app.api("DELETE", `/api/dashboards/${dashboard.id}/`);
  await visited.close();
});

test("who may do less is offered less", async () => {
  const analyst = await app.signIn("#/data-sources/new", { email: "analyst@example.com" });
  await analyst.page.getByRole("link", { name: "CSV or TSV file" }).waitFor();
  assert.equal(await analyst.page.getByRole("link", { name: "PostgreSQL" }).count(), 0);
  assert.equal(await analyst.page.getByText("Owners and administrators may add these.").count(), 3);
  await analyst.check("data-source-kinds-analyst");
  await analyst.open("#/data-sources/new?engine=postgresql");
  await analyst.page.getByText("As analyst you may add files.").waitFor();
  await analyst.open("#/data-sources/1");
  await analyst.page.getByRole("button", { name: "Upload a file" }).waitFor();
  await analyst.page.getByRole("button", { name: "Edit" }).waitFor();
  assert.equal(await analyst.page.getByRole("button", { name: "Test connection" }).count(), 0);
  await analyst.close();

  const viewer = await app.signIn("#/data-sources", { email: "viewer@example.com" });
  const { page } = viewer;
  await page.getByRole("link", { name: "Sales", exact: true }).click();
  await page.getByRole("region", { name: "First rows of data" }).waitFor();
  const buttons = ["Upload a file", "Check the data", "Edit", "Test connection", "Add a data source", "Pause", "Delete"];
  const none = async () => {
    for (const name of buttons) assert.equal(await page.getByRole("button", { name }).or(page.getByRole("link", { name })).count(), 0, name);
    assert.equal(await page.locator("main").getByRole("link", { name: "Explore this" }).count(), 0);
  };
  await none();
  await page.getByRole("link", { name: "Settings", exact: true }).last().click();
  await page.getByText("Engine").waitFor();
  await none();
  await viewer.open("#/data-sources");
  await page.getByRole("link", { name: "Marketing", exact: true }).waitFor();
  await none();
  await viewer.open("#/data-sources/new");
  await page.getByText("Not with your role").waitFor();
  await viewer.close();
});
