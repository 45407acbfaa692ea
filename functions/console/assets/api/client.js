/**
 * The one client of the API: the same routes, errors, limits and tags that everybody has.
 *
 *     const { data, etag } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
 *     await api.patch("/api/dashboards/{id}/", { path: { id }, body: { name }, ifMatch: etag });
 *
 * Paths, parameters and bodies are checked against openapi.json when the console is checked (`types/api.d.ts`).
 */

import { ApiError } from "./error.js";
import { root } from "./root.js";
import { session } from "./session.js";
import { exchange } from "./transport.js";

/** As many answers are kept to be asked for by their tag. */
const KEPT_ANSWERS = 100;

/** @typedef {Api.RequestOptions & { path?: any, query?: any, body?: any }} AnyOptions */

/** @type {Map<string, Api.Reply<any>>} */
const kept = new Map();
session.addEventListener("change", () => kept.clear());

/** Requests that only read, although they are a POST. */
const READING = [/\/(data|chart)\/$/, /^\/api\/analytics\/(query|explain)\/$/, /\/test\/$/];

/** @param {Response} response */
const json = async (response) => (response.status === 204 ? undefined : response.json());
/** @param {Response} response */
const blob = (response) => response.blob();
/** Where a redirect led to. What is there is left to whoever opens the link. @param {Response} response */
const link = async (response) => {
  await response.body?.cancel();
  return response.url;
};

export const api = /** @type {Api.Client} */ (
  /** @type {unknown} */ ({
    get: request("GET", json),
    post: request("POST", json),
    patch: request("PATCH", json),
    delete: request("DELETE", json),
    getBlob: request("GET", blob),
    getLink: request("GET", link),
    postBlob: request("POST", blob),
  })
);

/**
 * @param {"GET" | "POST" | "PATCH" | "DELETE"} method
 * @param {(response: Response) => Promise<any>} read
 */
function request(method, read) {
  return (/** @type {string} */ template, /** @type {AnyOptions} */ options = {}) => send(method, template, options, read);
}

/**
 * @param {string} method
 * @param {string} template
 * @param {AnyOptions} options
 * @param {(response: Response) => Promise<any>} read
 * @returns {Promise<Api.Reply<any>>}
 */
async function send(method, template, options, read) {
  const url = address(template, options);
  const headers = new Headers();
  const accept = options.accept ?? "application/json";
  headers.set("Accept", accept);
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (options.ifMatch) headers.set("If-Match", options.ifMatch);
  const onlyReads = method === "GET" || (method === "POST" && READING.some((path) => path.test(template)));
  if (method === "POST" && !onlyReads) headers.set("Idempotency-Key", options.idempotencyKey ?? crypto.randomUUID());
  const name = `${accept} ${url}`;
  // A link is good for minutes only, and the tag is that of what it leads to.
  const isKept = method === "GET" && read !== link;
  const known = isKept ? kept.get(name) : undefined;
  if (known?.etag) headers.set("If-None-Match", known.etag);

  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const isRepeatable = onlyReads || headers.has("Idempotency-Key");
  const response = await authenticated(headers, () =>
    exchange(url, { method, headers, body, signal: options.signal }, isRepeatable),
  );
  if (response.status === 304 && known) return known;
  if (!response.ok) throw await ApiError.of(response);
  const reply = {
    status: response.status,
    data: await read(response),
    etag: response.headers.get("ETag"),
    location: response.headers.get("Location"),
  };
  if (isKept && reply.etag) keep(name, reply);
  return reply;
}

/**
 * Sends it with a token, and again with another one if that has expired meanwhile: of the same user.
 * @param {Headers} headers
 * @param {() => Promise<Response>} exchange
 */
async function authenticated(headers, exchange) {
  const { email } = session;
  for (let attempt = 1; ; attempt += 1) {
    const token = await session.token();
    // Who has signed in since has not asked for it.
    if (session.email !== email) throw new DOMException("The user has signed out", "AbortError");
    if (token) headers.set("Authorization", `Bearer ${token}`);
    const response = await exchange();
    if (response.status !== 401 || attempt === 3 || !(await session.renew(token)) || session.email !== email) return response;
  }
}

/**
 * The URL of a path with variables.
 * @param {string} template
 * @param {AnyOptions} options
 */
function address(template, { path = {}, query = {} }) {
  const filled = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
  const url = new URL(`.${filled}`, root);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

/** @param {string} name @param {Api.Reply<any>} reply */
function keep(name, reply) {
  kept.delete(name);
  kept.set(name, reply);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT_ANSWERS && oldest) kept.delete(oldest);
}
