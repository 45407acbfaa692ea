/** What goes wrong between the console and the API, and what becomes of the work meanwhile. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEMO, startConsole } from "./harness.mjs";

const app = startConsole();

/** The browser's own words on a request that failed or was refused. */
const FAILED = /net::ERR_|Failed to load resource/;

test("a server that goes away is told, and asked again when it is back", { skip: Boolean(process.env.CONSOLE_URL) }, async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  await page.getByRole("link", { name: "Marketing Funnel" }).waitFor();
  visited.expect(FAILED);
  await app.server.kill();
  await page.getByRole("link", { name: "Marketing Funnel" }).click();
  await page.getByText("The server cannot be reached").waitFor();
  await app.server.start();
  await page.getByRole("heading", { name: "Marketing Funnel" }).waitFor({ timeout: 30_000 });
  await page.getByText("The server cannot be reached").waitFor({ state: "hidden" });
  await visited.close();
});

test("a refusal for too many requests is waited for, and said", async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  visited.expect(/429/);
  let refusals = 0;
  await page.route("**/api/dashboards/2/", (route) => {
    refusals += 1;
    if (refusals > 1) return route.continue();
    const body = { error: "rate_limited", message: "Too many requests.", detail: "Try again in 2 s." };
    return route.fulfill({ status: 429, headers: { "Retry-After": "2" }, json: body });
  });
  await page.getByRole("link", { name: "Marketing Funnel" }).click();
  await page.getByText("the server asked to wait").waitFor();
  await page.getByRole("heading", { name: "Marketing Funnel" }).waitFor();
  assert.equal(refusals, 2);
  await visited.close();
});

test("an expired token is renewed once for all who need it", async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  let renewals = 0;
  page.on("request", (request) => (renewals += request.url().endsWith("/token/refresh/") ? 1 : 0));
  await page.evaluate(() => {
    const tokens = JSON.parse(sessionStorage.getItem("claribi.session") ?? "");
    sessionStorage.setItem("claribi.session", JSON.stringify({ ...tokens, expiresAt: 0 }));
  });
  await page.reload();
  await visited.open("#/dashboards/1");
  await page.getByRole("img", { name: "Revenue by channel" }).waitFor();
  await visited.settled();
  assert.equal(renewals, 1);
  await visited.close();
});

test("who has to sign in again goes on where they were", async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  visited.expect(/401/);
  await page.getByRole("link", { name: "Marketing Funnel" }).waitFor();
  const refusal = { status: 401, json: { error: "invalid_token", message: "The token is invalid.", detail: "It is not good any more." } };
  let isValid = false;
  await page.route("**/api/auth/token/refresh/", (route) => route.fulfill(refusal));
  await page.route("**/api/dashboards/2/", (route) => (isValid ? route.continue() : route.fulfill(refusal)));
  await page.getByRole("link", { name: "Marketing Funnel" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  await visited.check("sign-in-again");
  isValid = true;
  assert.equal(await dialog.getByLabel("Email").inputValue(), DEMO.email);
  await dialog.getByLabel("Password").fill(DEMO.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Marketing Funnel" }).waitFor();
  assert.match(page.url(), /#\/dashboards\/2$/);
  await visited.close();
});

test("another organization's dashboard is not there, and an unknown page neither", async () => {
  const visited = await app.signIn("#/dashboards/999");
  const { page } = visited;
  visited.expect(/404/);
  await page.getByText("No dashboard with ID 999 was found.").waitFor();
  await visited.check("error");
  await visited.open("#/nowhere");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await visited.check("not-found");
  await visited.close();
});

test("a picture that would run something is only drawn", async () => {
  const visited = await app.signIn("#/dashboards");
  const { page } = visited;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="document.title='run'"><script>document.title='run'</script>
    <foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject><a href="javascript:1"><text>link</text></a>
    <image href="https://example.com/x.png"/><rect id="kept" width="9" height="9" onclick="alert(1)" style="fill:red" fill="url(https://example.com)"
      data-value="1" data-label="&lt;img src=x onerror=alert(1)&gt;"/><use href="#kept"/></svg>`;
  // What would run is refused by the policy already where it is parsed.
  visited.expect(/inline event handler|inline style|policy: (script|style)-src-attr inline/);
  await page.route("**/widgets/1/chart/**", (route) => route.fulfill({ contentType: "image/svg+xml", body: svg }));
  await visited.open("#/dashboards/1");
  const picture = page.locator("article[aria-label=Revenue] svg");
  await picture.waitFor();
  const markup = await picture.evaluate((element) => new XMLSerializer().serializeToString(element));
  assert.doesNotMatch(markup, /script|foreignObject|href|onload|onclick|style|url\(|<image|<use/);
  assert.match(markup, /id="kept"/);
  assert.notEqual(await page.title(), "run");
  await visited.close();
});
