/**
 * Makes the picture of the README: the demo's dashboard, as a newcomer sees it.
 *
 *     node tests/console/picture.mjs --url http://127.0.0.1:3000 [--output docs/console.png]
 */

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { parseArgs } from "node:util";

import { chromium } from "playwright-core";

/** As large as a README may ask everybody to load. */
const LARGEST_BYTES = 200_000;
const SIZE = { width: 1440, height: 980 };

const output = new URL("../../docs/console.png", import.meta.url).pathname;
const { values } = parseArgs({ options: { url: { type: "string", default: "http://127.0.0.1:3000" }, output: { type: "string", default: output } } });

const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: "light", locale: "en-US", reducedMotion: "reduce" });
  await page.goto(values.url);
  await page.getByRole("button", { name: "Sign in to the demo" }).click();
  await page.getByRole("link", { name: "Revenue Dashboard" }).click();
  await page.getByRole("img", { name: "Revenue by channel" }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], progress'));
  await page.waitForLoadState("networkidle");
  // Nothing has the focus or the pointer.
  await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  await page.mouse.move(0, 0);
  await page.screenshot({ path: values.output });
} finally {
  await browser.close();
}
const { size } = statSync(values.output);
console.log(`${values.output}: ${size} bytes`);
if (size > LARGEST_BYTES) {
  console.error(`That is more than ${LARGEST_BYTES}.`);
  process.exit(1);
}
