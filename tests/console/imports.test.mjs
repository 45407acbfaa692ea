/** Bringing in data: a file from dropping it to its rows, and what can go wrong on the way. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { drop, imported, removeNamed, tasks } from "./files.mjs";
import { startConsole, until } from "./harness.mjs";

const app = startConsole();

/** What a name on the page is told apart by: a server may have been tested before. */
const RUN = Date.now().toString(36);

afterEach(() => removeNamed(app, RUN));

/** The browser's own words on a refusal. */
const REFUSED = /Failed to load resource/;

test("a dropped CSV becomes a data source, with its progress, and leads to its rows", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await page.getByRole("link", { name: "Sales", exact: true }).waitFor();
  await drop(page, [{ name: "x.csv", text: "a\n1\n" }], true);
  await page.getByText("Drop it to").waitFor({ state: "hidden" });

  const slow = await page.context().newCDPSession(page);
  await slow.send("Network.enable");
  await slow.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 });
  const rows = Array.from({ length: 20_000 }, (_, row) => `Region ${row % 7};${row},5`);
  await drop(page, [{ name: `Harvest ${RUN}.csv`, text: `region;amount\n${rows.join("\n")}\n` }]);
  const task = tasks(page).filter({ hasText: `Harvest ${RUN}.csv` });
  await page.waitForFunction(() => {
    const bar = document.querySelector(".task progress");
    return bar instanceof HTMLProgressElement && bar.value > 0.1 && bar.value < 1;
  });
  assert.match(await task.innerText(), /Sending: [\d.]+ k?B|kB of [\d.]+ kB \(\d+%\)/);
  await slow.detach();
  await task.getByText("20,000 rows imported.").waitFor();
  const id = Number(new URL(String(await task.getByRole("link", { name: "Explore this" }).getAttribute("href")), "http://x/").hash.split("source=")[1]);
  assert.ok(id > 0);
  await visited.check("data-sources-imported");
  await task.getByRole("link", { name: "Preview" }).click();
  await page.getByRole("heading", { name: `Harvest ${RUN}` }).first().waitFor();
  await page.getByRole("region", { name: `First rows of data` }).getByRole("cell", { name: "Region 3" }).first().waitFor();
  await page.getByRole("region", { name: "Columns of data" }).getByRole("cell", { name: "number", exact: true }).waitFor();
  await visited.check("data-source");
  await visited.close();
});

test("what is no data file is refused before anything is sent", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await visited.settled();
  await drop(page, [{ name: "letter.docx", text: "x" }, { name: "old.xls", text: "x" }, { name: "none.csv", text: "" }]);
  await page.getByText("is no file that can be read").filter({ hasText: "letter.docx" }).waitFor();
  await page.getByText("Save it as .xlsx").waitFor();
  await page.getByText("is empty").filter({ hasText: "none.csv" }).waitFor();
  assert.equal(await page.getByRole("list", { name: "Imports" }).count(), 0);
  await visited.close();
});

test("an upload that is canceled leaves nothing behind", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await visited.settled();
  await page.route((url) => url.port !== new URL(app.url).port, () => {
    // It never gets there.
  });
  await drop(page, [{ name: `Canceled ${RUN}.csv`, text: "a,b\n1,2\n" }]);
  const task = tasks(page).first();
  await page.getByRole("link", { name: `Canceled ${RUN}`, exact: true }).waitFor();
  // It goes on while other pages are looked at.
  await page.getByRole("link", { name: "Add a data source" }).click();
  await page.getByRole("heading", { name: "Where is the data?" }).waitFor();
  await page.goBack();
  await task.getByText("Sending: ").waitFor();
  await task.getByRole("button", { name: "Cancel" }).click();
  await task.getByText("Canceled. Nothing was kept.").waitFor();
  await page.getByRole("link", { name: `Canceled ${RUN}`, exact: true }).waitFor({ state: "detached" });
  await page.unrouteAll();
  await task.getByRole("button", { name: "Try again" }).click();
  await task.getByText("1 row imported.").waitFor();
  await task.getByRole("button", { name: "Dismiss" }).click();
  await task.waitFor({ state: "detached" });
  await visited.close();
});

test("a file that the store refuses is told, and can be sent again", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  visited.expect(REFUSED);
  await visited.settled();
  await page.route((url) => url.port !== new URL(app.url).port, (route) =>
    route.fulfill({ status: 403, headers: { "Access-Control-Allow-Origin": "*" }, body: "<Error/>" }),
  );
  await drop(page, [{ name: `Expired ${RUN}.csv`, text: "a\n1\n" }]);
  const task = tasks(page).first();
  await task.getByText("The store answered 403.").waitFor();
  await page.unrouteAll();
  await task.getByRole("button", { name: "Try again" }).click();
  await task.getByText("1 row imported.").waitFor();
  await visited.close();
});

/** Lets nothing get to the store of files until that is said. @param {import("playwright-core").Page} page */
async function holdStore(page) {
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((done) => (release = done));
  await page.route((url) => url.port !== new URL(app.url).port, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

test("who has gone on to another page is told when the import is done", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await visited.settled();
  const release = await holdStore(page);
  await drop(page, [{ name: `Later ${RUN}.csv`, text: "a\n1\n" }]);
  await tasks(page).getByText("Sending: ").waitFor();
  await visited.open("#/dashboards");
  await page.getByRole("heading", { name: "Dashboards" }).waitFor();
  release();
  const told = page.getByRole("region", { name: "Notifications" }).or(page.locator(".toasts")).first();
  await told.getByText("was imported").waitFor();
  await told.getByRole("button", { name: "Open" }).click();
  await page.getByRole("heading", { name: `Later ${RUN}`, level: 1 }).waitFor();
  await page.getByRole("region", { name: "First rows of data" }).waitFor();
  await visited.close();
});

test("who is on the page of another source is told when the import is done", async () => {
  const other = await imported(app, `Other ${RUN}`, "a\n1\n");
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  await visited.settled();
  const release = await holdStore(page);
  await drop(page, [{ name: `Elsewhere ${RUN}.csv`, text: "a\n1\n" }]);
  await tasks(page).getByText("Sending: ").waitFor();
  await visited.open(`#/data-sources/${other.id}`);
  await page.getByRole("region", { name: "First rows of data" }).waitFor();
  release();
  await page.locator(".toast").getByText("was imported").waitFor();
  await visited.close();
});

/** The sources that a file of this test has become. @param {string} name */
async function made(name) {
  const { results } = await app.api("GET", "/api/data-sources/?page_size=100");
  return results.filter((/** @type {{ name: string }} */ source) => source.name === `${name} ${RUN}`).length;
}

test("an upload that fails because the network went leaves no empty source behind", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  visited.expect(/net::ERR_|Failed to load resource/);
  await visited.settled();
  let isAway = false;
  await page.route((url) => url.port !== new URL(app.url).port, (route) => {
    isAway = true;
    return route.abort();
  });
  await page.route("**/api/**", (route) => (isAway ? route.abort() : route.continue()));
  await drop(page, [{ name: `Cut ${RUN}.csv`, text: "a\n1\n" }]);
  await page.getByText("The server cannot be reached").first().waitFor();
  assert.equal(await made("Cut"), 1);
  await page.unrouteAll();
  await tasks(page).first().getByRole("button", { name: "Try again" }).click();
  await tasks(page).first().getByText("1 row imported.").waitFor();
  assert.equal(await made("Cut"), 1);
  await visited.close();
});

test("an upload that is canceled before its source is made leaves none behind", async () => {
  const visited = await app.signIn("#/data-sources");
  const { page } = visited;
  visited.expect(/net::ERR_/);
  await visited.settled();
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((done) => (release = done));
  await page.route("**/api/data-sources/", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    // The server has done it, and its answer is late.
    const response = await route.fetch();
    await held;
    return route.fulfill({ response }).catch(() => {});
  });
  await drop(page, [{ name: `Early ${RUN}.csv`, text: "a\n1\n" }]);
  await until(async () => (await made("Early")) === 1, "the source");
  await tasks(page).first().getByRole("button", { name: "Cancel" }).click();
  await tasks(page).first().getByText("Canceling…").waitFor();
  release();
  await tasks(page).first().getByText("Canceled. Nothing was kept.").waitFor();
  assert.equal(await made("Early"), 0);
  await visited.close();
});
