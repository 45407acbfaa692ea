/**
 * Real database servers for tests, from Debian's packages: each on a free port, in a folder of its own, until it is stopped or the process
 * of the tests ends. `tests/src/databases` has the same for tests in Rust.
 */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { until } from "./harness.mjs";

/** The reader's password: what must be quoted wherever it is written. */
export const PASSWORD = "hunter 2'\"\\$%;é";

/** Debian's user and group that own nothing: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const POSTGRESQL = "/usr/lib/postgresql";

/** Stops a server when nobody can write to its standard input any more. */
const SUPERVISOR = fileURLToPath(new URL("../src/databases/supervise.sh", import.meta.url));

/**
 * @typedef {object} Kind
 * @property {string} engine  The API's name of it.
 * @property {string} label
 * @property {string} package  Debian's.
 * @property {string[]} programs
 * @property {NodeJS.Signals} signal  Ends it at once.
 * @property {(folder: string) => string[]} install  Makes its files.
 * @property {(folder: string, port: number) => string[]} serve
 * @property {(folder: string, port: number) => string[]} client  Takes statements, as the one who may do everything.
 * @property {string} reader  Makes the schema `sales`, and a user who may only read what is in it.
 */

/** @type {Kind[]} */
export const KINDS = [
  {
    engine: "postgresql",
    label: "PostgreSQL",
    package: "postgresql",
    programs: ["initdb", "postgres", "psql"],
    signal: "SIGQUIT",
    install: (folder) => ["initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", join(folder, "data")],
    serve: (folder, port) => {
      const access = join(folder, "access");
      writeFileSync(access, "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
      const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `hba_file=${access}`, "fsync=off"];
      return ["postgres", "-D", join(folder, "data"), "-k", folder, ...settings.flatMap((setting) => ["-c", setting])];
    },
    client: (folder, port) => ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--username=postgres", "--dbname=postgres", "--host", folder, "--port", String(port)],
    reader: `CREATE SCHEMA sales; CREATE ROLE reader LOGIN PASSWORD ${text(PASSWORD)}; GRANT USAGE ON SCHEMA sales TO reader;
      ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO reader;`,
  },
  {
    engine: "mysql",
    label: "MariaDB",
    package: "mariadb-server",
    programs: ["mariadb-install-db", "mariadbd", "mariadb"],
    signal: "SIGKILL",
    install: (folder) => ["mariadb-install-db", "--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal", `--datadir=${join(folder, "data")}`],
    serve: (folder, port) => [
      "mariadbd", "--no-defaults", `--datadir=${join(folder, "data")}`, `--port=${port}`, "--bind-address=127.0.0.1", `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`, "--skip-name-resolve", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
    ],
    client: (folder) => ["mariadb", "--no-defaults", "--default-character-set=utf8mb4", "--user=root", "--init-command=SET sql_mode = 'NO_BACKSLASH_ESCAPES'", "--socket", join(folder, "socket")],
    reader: `CREATE DATABASE sales; CREATE USER reader IDENTIFIED BY ${text(PASSWORD)}; GRANT SELECT, SHOW VIEW ON sales.* TO reader;`,
  },
];

/** Why tests cannot run against it: nothing where it is installed. `CLARIBI_TEST_DATABASES` makes a missing one a failure. @param {Kind} kind */
export function missing(kind) {
  if (kind.programs.every(find)) return undefined;
  const message = `${kind.label} is not installed: Debian's package ${kind.package}`;
  assert.ok(process.env.CLARIBI_TEST_DATABASES === undefined, message);
  return message;
}

/** Starts a server. @param {Kind} kind */
export async function startDatabase(kind) {
  const folder = mkdtempSync(join(tmpdir(), `${kind.engine}-`));
  chmodSync(folder, 0o755);
  if (isRoot()) chownSync(folder, NOBODY, NOBODY);
  await promisify(execFile)(.../** @type {[string, string[]]} */ (asNobody(kind.install(folder))));
  const port = await freePort();
  const [program, args] = asNobody(kind.serve(folder, port));
  // In a group of its own: what interrupts the tests lets it clear up.
  const options = /** @type {const} */ ({ stdio: ["pipe", "ignore", "ignore"], detached: true });
  const supervisor = spawn("/bin/sh", [SUPERVISOR, folder, kind.signal.slice(3), program, ...args], options);
  const ended = once(supervisor, "exit");

  /** Runs statements, as the one who may do everything. @param {string} sql */
  const run = async (sql) => {
    const [client, ...args] = kind.client(folder, port);
    const running = promisify(execFile)(/** @type {string} */ (find(client)), args, { env: { ...process.env, PGCLIENTENCODING: "UTF8" } });
    running.child.stdin?.end(sql);
    await running;
  };
  const stop = async () => {
    supervisor.stdin.end();
    await ended;
  };
  const isUp = () => run("SELECT 1").then(() => true, () => false);
  await until(isUp, kind.label).catch(async (error) => {
    const log = readFileSync(join(folder, "log"), "utf8");
    await stop();
    throw new Error(`${error.message}\n${log}`);
  });
  await run(kind.reader);
  return { port, run, stop };
}

/** @param {string} name */
function find(name) {
  const versions = existsSync(POSTGRESQL) ? readdirSync(POSTGRESQL).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", ...versions.map((version) => join(POSTGRESQL, version, "bin"))];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A command as somebody who is not root. @param {string[]} command @returns {[string, string[]]} */
function asNobody([name, ...args]) {
  const program = /** @type {string} */ (find(name));
  return isRoot() ? ["setpriv", [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", program, ...args]] : [program, args];
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** A port that is free, and none that the system gives to outgoing connections: it takes a while until it is listened at. */
async function freePort() {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000);
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(() => true, () => false);
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}

/** A text as a literal. @param {string} value */
function text(value) {
  return `'${value.replaceAll("'", "''")}'`;
}
