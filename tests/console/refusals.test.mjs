/** What the API refuses tells programs what to send. People are told in their words, and have a control where there is one. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { bar, dashboard } from "./dashboards.mjs";
import { choose, imported, removeNamed, tasks } from "./files.mjs";
import { startConsole } from "./harness.mjs";

const app = startConsole();

/** What a name on the page is told apart by: a server may have been tested before. */
const RUN = Date.now().toString(36);

const FOR_PROGRAMS = /force=|allow_breaking|date_format|connection\.|\/api\/|Idempotency|X-Request-Id|permission \w+:/;

afterEach(() => removeNamed(app, RUN));

/** @param {import("playwright-core").Page} page */
async function isForPeople(page) {
  assert.doesNotMatch(await page.locator("body").innerText(), FOR_PROGRAMS);
}

/** A question that is answered with an error. @param {import("playwright-core").Page} page @param {number} status @param {object} error */
async function refuse(page, status, error) {
  await page.route("**/api/analytics/query/", (route) => route.fulfill({ status, json: { message: "No.", ...error } }));
}

test("who may delete a source may not delete what others' dashboards use, and is told who may", async () => {
  const source = await imported(app, `Used ${RUN}`, "a\n1\n");
  const query = { measures: [{ aggregation: "count" }] };
  const { id } = await dashboard(app, `7 ("others"), ${RUN}`, [{ ...bar("Rows <i>"), type: "metric", data_source: source.id, query }, bar("Sales", { y: 3 })]);
  const visited = await app.signIn(`#/data-sources/${source.id}?view=settings`, { email: "analyst@example.com" });
  const { page } = visited;
  visited.expect(/409|404/);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: /is in use/ });
  await dialog.getByRole("listitem").waitFor();
  assert.deepEqual(await dialog.getByRole("listitem").allInnerTexts(), [`7 ("others"), ${RUN}: Rows <i>`]);
  await dialog.getByText("ask an owner or an administrator").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Delete it all the same" }).count(), 0);
  await isForPeople(page);
  await visited.check("data-source-in-use-analyst");
  await dialog.getByRole("link").click();
  await page.getByRole("img", { name: "Rows <i>" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await app.api("DELETE", `/api/dashboards/${id}/`);
  await visited.close();
});

test("an import that would break a widget is told of on every page without the words for programs", async () => {
  const source = await imported(app, `Breaking ${RUN}`, "region,amount\nNorth,1\n");
  const query = { measures: [{ field: "amount", aggregation: "sum" }] };
  const { id } = await dashboard(app, `Harvests ${RUN}`, [{ ...bar("Amounts"), type: "metric", data_source: source.id, query }]);
  const visited = await app.signIn(`#/data-sources/${source.id}`);
  const { page } = visited;
  await page.getByRole("cell", { name: "North" }).first().waitFor();
  await choose(page, "Upload a file", "renamed.csv", "region,revenue\nSouth,2\n");
  await tasks(page).first().getByRole("button", { name: "Import all the same" }).waitFor();
  await isForPeople(page);
  await tasks(page).first().getByRole("button", { name: "Dismiss" }).click();
  const reason = page.getByText("lacks it or has it with another type. Change the widget or the data.");
  await reason.waitFor();
  await isForPeople(page);
  await visited.open("#/data-sources?status=error");
  await reason.waitFor();
  await isForPeople(page);
  await visited.open(`#/data-sources/${source.id}?view=imports`);
  await page.getByRole("button", { name: "Choose the file again, and import it all the same" }).waitFor();
  await isForPeople(page);
  await app.api("DELETE", `/api/dashboards/${id}/`);
  await visited.close();
});

test("settings have the names that their form has", async () => {
  const source = await imported(app, `Dates ${RUN}`, "sold\n2026-01-31\n");
  await app.api("PATCH", `/api/data-sources/${source.id}/`, { connection: { columns: { sold: "date" } } });
  const visited = await app.signIn(`#/data-sources/${source.id}`);
  const { page } = visited;
  await page.getByRole("cell").first().waitFor();
  await choose(page, "Upload a file", "german.csv", "sold\n31.12.2026\n");
  await tasks(page).first().getByText("or in “How dates are written”").waitFor();
  await isForPeople(page);
  await visited.close();
});

test("a paused source, a statement that a database refuses and a failure of ours are told in words", async () => {
  const source = await imported(app, `Paused ${RUN}`, "a\n1\n");
  await app.api("PATCH", `/api/data-sources/${source.id}/`, { status: "paused" });
  const query = encodeURIComponent(JSON.stringify({ measures: [{ aggregation: "count" }] }));
  const visited = await app.signIn(`#/explore?source=${source.id}&type=table&query=${query}`);
  const { page } = visited;
  visited.expect(/409|502|500/);
  const alert = page.getByRole("alert");
  await alert.getByText("it has no answers until it is resumed").waitFor();
  await isForPeople(page);

  await refuse(page, 502, { error: "source_error", detail: "The server refused the statement: no column a.b. Ask for the statement by /api/analytics/explain/, and try it at the server." });
  await alert.getByRole("button", { name: "Try again" }).click();
  await alert.getByText("The server refused the statement: no column a.b. If a table has changed, read the catalog again.", { exact: true }).waitFor();

  await refuse(page, 500, { error: "internal_error", detail: "The request failed unexpectedly. Quote the X-Request-Id of this response when reporting it." });
  await alert.getByRole("button", { name: "Try again" }).click();
  await alert.getByText("The request failed unexpectedly. Try again.").waitFor();
  await isForPeople(page);
  await visited.close();
});

test("what a role may not is told without the names of permissions", async () => {
  const visited = await app.signIn("#/settings/usage", { email: "analyst@example.com" });
  const { page } = visited;
  visited.expect(/403/);
  await page.getByText("more than the role analyst may do: ask an owner or an administrator.").waitFor();
  await isForPeople(page);
  await visited.close();
});
