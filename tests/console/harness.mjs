/**
 * What the tests have in common: a server, a browser, and pages that fail a test by what they log, throw, or try against the policy.
 *
 *     const { signIn } = startConsole();
 *     test("…", async () => {
 *       const visit = await signIn("#/dashboards");
 *       …
 *       await visit.check("dashboards");
 *     });
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

const DEADLINE_MS = 20_000;
const TOKEN_LIFETIME_MS = 3_600_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = new URL("../../target/console/", import.meta.url).pathname;
const WIDTHS = [1440, 390];

/** The account of the demo, which the server's page offers. */
export const DEMO = { email: "you@example.com", password: "your-password" };

/**
 * A server and a browser for the tests of a file.
 */
export function startConsole() {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let server = new Server(process.env.CONSOLE_URL);
  const state = {
    /** Where the console is. */
    get url() {
      return server.url;
    },
    /** The server, to stop and to start again. */
    get server() {
      return server;
    },
    /**
     * A page of a browser context of its own, with nobody signed in.
     * @param {string} hash
     * @param {import("playwright-core").BrowserContextOptions} [options]
     */
    async visit(hash = "", options = {}) {
      const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 }, locale: "en-US", ...options });
      const visited = new Visit(await context.newPage(), server.url);
      await visited.start();
      await visited.page.goto(`${server.url}/${hash}`);
      return visited;
    },
    /**
     * A page where the demo's user is signed in, or another one with the same password.
     * @param {string} hash
     * @param {{ email?: string } & import("playwright-core").BrowserContextOptions} [options]
     */
    async signIn(hash = "", { email = DEMO.email, ...options } = {}) {
      const visited = await state.visit(hash, options);
      const session = { ...(await tokens(email)), email, expiresAt: Date.now() + TOKEN_LIFETIME_MS };
      await visited.page.evaluate((text) => sessionStorage.setItem("claribi.session", text), JSON.stringify(session));
      await visited.page.reload();
      await visited.page.getByRole("navigation", { name: "Main" }).waitFor();
      return visited;
    },
    /**
     * The API's answer, to prepare what a page shows.
     * @param {string} method
     * @param {string} path
     * @param {unknown} [body]
     * @param {string} [email]  Who asks, if it is not the demo's user.
     */
    async api(method, path, body, email = DEMO.email) {
      const { access } = await tokens(email);
      const answer = await fetch(`${server.url}${path}`, json(method, body, { Authorization: `Bearer ${access}` }));
      const text = await answer.text();
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : undefined;
    },
  };

  /** @type {Map<string, Promise<{ access: string, refresh: string }>>} */
  const signedIn = new Map();
  /** One sign-in for all tests of a file: ten a minute are let in. @param {string} email */
  const tokens = (email) => {
    const ask = async () => {
      const answer = await fetch(`${server.url}/api/auth/login/`, json("POST", { ...DEMO, email }));
      assert.equal(answer.status, 200, await answer.clone().text());
      return answer.json();
    };
    const known = signedIn.get(email) ?? ask();
    signedIn.set(email, known);
    return known;
  };

  before(async () => {
    await server.start();
    const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
    const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
    browser = await chromium.launch({ executablePath, args });
    await demoIsThere(state);
  });
  after(async () => {
    await browser?.close();
    await server.stop();
  });
  return state;
}

/** The server of `cargo run`, with a folder of its own; or one that runs already. */
class Server {
  /** @param {string | undefined} url */
  constructor(url) {
    this.isOurs = !url;
    this.url = url ?? "";
    this.folder = this.isOurs ? mkdtempSync(join(tmpdir(), "claribi-console-")) : "";
    this.log = "";
  }

  /** Starts it; once more where it was, so that a page can find it again. */
  async start() {
    if (!this.isOurs) return;
    const port = this.url ? new URL(this.url).port : String(15_000 + Math.floor(Math.random() * 17_000));
    this.process = spawn(/** @type {string} */ (process.env.CONSOLE_LOCAL), ["--port", port, "--data-dir", this.folder]);
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => (this.log += text));
    this.url = `http://127.0.0.1:${port}`;
    await until(async () => {
      assert.equal(this.process?.exitCode, null, this.log.slice(-4000));
      return fetch(`${this.url}/api/health/`).then((answer) => answer.ok, () => false);
    }, "the server");
  }

  async kill() {
    const { process } = this;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((end) => process.once("exit", end));
    process.kill("SIGKILL");
    await ended;
  }

  async stop() {
    await this.kill();
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A page, and all that went wrong on it. */
class Visit {
  /** @type {string[]} */
  #problems = [];
  /** @type {RegExp[]} */
  #expected = [];

  /**
   * @param {import("playwright-core").Page} page
   * @param {string} url
   */
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  async start() {
    const { page } = this;
    page.on("console", (message) => this.#problems.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.#problems.push(`error: ${error.stack}`));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      const isHere = protocol === "blob:" || protocol === "data:" || hostname === new URL(this.url).hostname;
      if (!isHere) this.#problems.push(`a request to ${hostname}`);
    });
    await page.exposeFunction("reportViolation", (/** @type {string} */ text) => this.#problems.push(`policy: ${text}`));
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        // @ts-expect-error the test's own
        reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
      });
    });
  }

  /** Says of a message that the test brings it about: the browser logs answers of 400 and more. @param {RegExp} message */
  expect(message) {
    this.#expected.push(message);
  }

  /** Opens another page of the console. @param {string} hash */
  async open(hash) {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, hash);
  }

  /** Waits until what the page loads is there. */
  async settled() {
    // Behind a dialog, a page may wait for what is asked in it.
    const isThere = () => !(document.querySelector("dialog[open]") ?? document).querySelector('[aria-busy="true"], progress');
    await this.page.waitForFunction(isThere, undefined, { timeout: DEADLINE_MS });
    await this.page.waitForLoadState("networkidle");
  }

  /**
   * Looks for what an auditor finds, in both themes and at both widths, and takes a picture of each, if pictures are wanted.
   * @param {string} name  Of the pictures.
   */
  async check(name) {
    const { page } = this;
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width > 600 ? 900 : 844 });
        await page.waitForTimeout(300);
        await this.settled();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `${name} is ${overflow} px wider than a window of ${width} px`);
        await this.#audit(`${name}, ${colorScheme}, ${width}`);
        if (process.env.CONSOLE_SCREENSHOTS) {
          mkdirSync(PICTURES, { recursive: true });
          await page.screenshot({ path: `${PICTURES}${name}-${colorScheme}-${width}.png`, fullPage: true });
        }
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: WIDTHS[0], height: 900 });
    this.noProblems();
  }

  noProblems() {
    const problems = this.#problems.filter((problem) => !this.#expected.some((expected) => expected.test(problem)));
    assert.deepEqual(problems, []);
  }

  async close() {
    this.noProblems();
    await this.page.context().close();
  }

  /** @param {string} name */
  async #audit(name) {
    // Evaluated by the debugger, which the page's policy does not concern.
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(() => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      // @ts-expect-error put there by the line above
      return axe.run(document, { runOnly: { type: "tag", values: tags } });
    });
    const found = violations.map((/** @type {any} */ { id, help, nodes }) => {
      const places = nodes.slice(0, 5).map((/** @type {any} */ node) => `${node.target.join(" ")}: ${node.failureSummary}`);
      return `${id}: ${help}\n  ${places.join("\n  ")}`;
    });
    assert.deepEqual(found, [], `axe found something on ${name}`);
  }
}

/**
 * @param {() => Promise<unknown>} condition
 * @param {string} what
 */
export async function until(condition, what) {
  const end = Date.now() + DEADLINE_MS;
  while (Date.now() < end) {
    if (await condition()) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${what} did not come up in ${DEADLINE_MS / 1000} s`);
}

/**
 * @param {string} method
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 */
function json(method, body, headers) {
  const type = body === undefined ? undefined : { "Content-Type": "application/json" };
  return { method, headers: { ...type, ...headers }, body: body === undefined ? undefined : JSON.stringify(body) };
}

/** The demo's data comes in after the server has begun to serve. @param {{ api: (method: string, path: string) => Promise<any> }} state */
async function demoIsThere({ api }) {
  await until(async () => {
    const { results } = await api("GET", "/api/dashboards/");
    return results.filter((/** @type {any} */ { name }) => ["Revenue Dashboard", "Marketing Funnel"].includes(name)).length === 2;
  }, "the demo");
}
