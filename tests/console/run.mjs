/**
 * Drives the console in Chromium, over the server of `cargo run`.
 *
 *     node tests/console/run.mjs --local target/debug/local [--screenshots] [--url http://127.0.0.1:3901] [name…]
 *
 * Each `*.test.mjs` runs with node:test, one after the other; a name runs only those files whose name has it. With `--url`, the console is
 * at that address, such as a server that hands out the files being written.
 */

import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { local: { type: "string" }, url: { type: "string" }, screenshots: { type: "boolean", default: false } },
});
if (!values.local && !values.url) {
  console.error("--local: the binary of tools/local; or --url: where a console is");
  process.exit(2);
}

const folder = new URL(".", import.meta.url);
const all = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs")).sort();
const files = positionals.length > 0 ? all.filter((name) => positionals.some((part) => name.includes(part))) : all;
const environment = {
  ...process.env,
  CONSOLE_LOCAL: values.local ?? "",
  CONSOLE_URL: values.url ?? "",
  CONSOLE_SCREENSHOTS: values.screenshots ? "true" : "",
};
const paths = files.map((name) => new URL(name, folder).pathname);
const tests = spawn(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...paths], { env: environment, stdio: "inherit" });
tests.on("exit", (code) => process.exit(code ?? 1));
