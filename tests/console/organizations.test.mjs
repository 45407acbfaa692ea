/** Two organizations on one server: neither is shown anything of the other's, whatever addresses its users open. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { DEMO, startConsole, until } from "./harness.mjs";

const app = startConsole();

const skip = process.env.CONSOLE_URL ? "an organization is made in the data of a server of its own" : false;

/** What can be seen of the demo's organization. */
const DEMOS = /Acme|Revenue|Sales|Marketing|Monday report|channel|Jane|Smith/;

/**
 * Makes another organization by tools/admin, which is beside tools/local.
 * @param {string} email  Its owner's, who has the password of the demo's users.
 */
function makeOrganization(email) {
  const program = join(dirname(process.env.CONSOLE_LOCAL ?? ""), "admin");
  assert.ok(existsSync(program), `${program} is not there: cargo build --bin admin`);
  const admin = (/** @type {string[]} */ ...args) =>
    execFileSync(program, ["--local", "--data-dir", app.server.folder, ...args], { encoding: "utf8", input: DEMO.password });
  const [, id] = /^Organization (\d+)/.exec(admin("organization", "create", "Other Inc")) ?? [];
  admin("user", "create", "--organization", id, "--role", "owner", "--email", email, "--first-name", "Olga", "--last-name", "Olsen");
}

/** What of the demo's a page has in it, seen or not. @param {import("playwright-core").Page} page */
async function demosOn(page) {
  const content = await page.evaluate(() => `${location.hash} ${document.title} ${document.body.outerHTML}`);
  return content.match(DEMOS)?.[0];
}

test("addresses of another organization's things say that there is no such thing", { skip }, async () => {
  const email = "olga@example.org";
  makeOrganization(email);
  await until(async () => (await app.api("GET", "/api/reports/")).count > 0, "the demo's report");
  const places = [
    { address: "#/dashboards/1", theirs: "Revenue Dashboard", nothing: "No dashboard with ID 1 was found." },
    { address: "#/dashboards/1?edit=1", theirs: "Revenue Dashboard", nothing: "No dashboard with ID 1 was found." },
    { address: "#/data-sources/1", theirs: "Sales", nothing: "No data source with ID 1 was found." },
    { address: "#/data-sources/1?view=imports", theirs: "Sales", nothing: "No data source with ID 1 was found." },
    { address: "#/data-sources/1?view=settings", theirs: "Sales", nothing: "No data source with ID 1 was found." },
    { address: "#/reports/1", theirs: "Monday report", nothing: "No report with ID 1 was found." },
    { address: "#/reports/1/edit", theirs: "Revenue Dashboard", nothing: "No report with ID 1 was found." },
    { address: "#/explore?source=1", theirs: "Sales", nothing: "No data yet" },
    { address: "#/dashboards", theirs: "Revenue Dashboard", nothing: "No dashboards yet" },
    { address: "#/data-sources", theirs: "Sales", nothing: "No data sources yet" },
    { address: "#/reports", theirs: "Monday report", nothing: "No reports yet" },
    { address: "#/settings", theirs: "Acme Corp", nothing: "Other Inc" },
  ];
  const demo = await app.signIn();
  const other = await app.signIn("", { email });
  other.expect(/404/);
  for (const { address, theirs, nothing } of places) {
    await demo.open(address);
    await demo.page.getByRole("main").getByText(theirs).first().waitFor({ state: "attached" });
    await other.open(address);
    await other.page.getByRole("main").getByText(nothing).first().waitFor();
    await other.settled();
    assert.equal(await demosOn(other.page), undefined, address);
  }
  await demo.close();
  await other.close();
});

test("who signs in after another one sees, and loses, nothing by what that one did", { skip }, async () => {
  const email = "oskar@example.org";
  makeOrganization(email);
  const deleted = await app.api("POST", "/api/dashboards/", { name: "Revenue to delete", widgets: [] });
  let same;
  do same = await app.api("POST", "/api/dashboards/", { name: "Olga's", widgets: [] }, email);
  while (same.id < deleted.id);
  const visited = await app.visit(`#/dashboards/${deleted.id}`);
  const { page } = visited;
  const signInAs = async (/** @type {string} */ email) => {
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(DEMO.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };
  await page.clock.install();
  await signInAs(DEMO.email);
  await page.getByRole("heading", { name: "Revenue to delete" }).waitFor();
  await page.getByLabel("More of this dashboard").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("Revenue to delete is deleted").waitFor();
  await visited.open("#/explore");
  await page.getByRole("button", { name: "channel text" }).click();
  await page.getByRole("cell").first().waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to claribi" }).waitFor();
  assert.equal(await demosOn(page), undefined);
  await signInAs(email);
  await page.getByRole("link", { name: "Olga's" }).first().waitFor();
  // As long as a deletion can be undone.
  await page.clock.fastForward("00:10");
  for (const address of ["#/explore", "#/data-sources", "#/reports", "#/dashboards"]) {
    await visited.open(address);
    await visited.settled();
    assert.equal(await demosOn(page), undefined, address);
  }
  await visited.open(`#/dashboards/${same.id}`);
  await page.getByRole("heading", { name: "Olga's" }).waitFor();
  await app.api("GET", `/api/dashboards/${same.id}/`, undefined, email);
  await app.api("GET", `/api/dashboards/${deleted.id}/`);
  await visited.close();
});
