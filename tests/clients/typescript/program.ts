// What an integrator's first program does, with the types that openapi-typescript generates.
//
//     node program.js URL

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./claribi.js";

const baseUrl = process.argv[2];

/** What was answered, if it is not an error. */
function expect<T>({ data, error }: { data?: T; error?: components["schemas"]["Error"] }): T {
  assert(data !== undefined, `${error?.error}: ${error?.detail}`);
  return data;
}

// Sign in, and make a key for what follows.
const anybody = createClient<paths, "application/json">({ baseUrl });
const credentials = { email: "you@example.com", password: "your-password" };
const { access } = expect(await anybody.POST("/api/auth/login/", { body: credentials }));
const signedIn = createClient<paths, "application/json">({ baseUrl, headers: { Authorization: `Bearer ${access}` } });
const key = expect(await signedIn.POST("/api/api-keys/", { body: { name: "typescript", scope: "read_write" } }));
const client = createClient<paths, "application/json">({ baseUrl, headers: { "X-API-Key": key.key } });
console.log(`signed in, and made key ${key.id}`);

// Create, with a name of the request's own, so that it can be sent again.
const made: components["schemas"]["Dashboard"][] = [];
for (const name of ["TypeScript 1", "TypeScript 2", "TypeScript 3", "TypeScript 3"]) {
  const header = { "Idempotency-Key": name };
  made.push(expect(await client.POST("/api/dashboards/", { params: { header }, body: { name } })));
}
assert.equal(made[2].id, made[3].id);
console.log("made dashboards", [...new Set(made.map(({ id }) => id))]);

// Page through them.
const names: string[] = [];
for (let page = 1; ; page++) {
  const query = { page, page_size: 2, status: "draft" as const };
  const { count, next, results } = expect(await client.GET("/api/dashboards/", { params: { query } }));
  names.push(...results.map(({ name }) => name));
  if (next === null) {
    assert.equal(names.length, count);
    console.log(`paged through ${count} dashboards on ${page} pages`);
    break;
  }
}
for (const { name } of made) assert(names.includes(name), name);

// Change one, as it was last read.
const path = { id: made[0].id };
const { response } = await client.GET("/api/dashboards/{id}/", { params: { path } });
const header = { "If-Match": response.headers.get("ETag")! };
const body = { status: "published" as const };
const changed = expect(await client.PATCH("/api/dashboards/{id}/", { params: { path, header }, body }));
assert.equal(changed.status, "published");
console.log(`published dashboard ${changed.id}, which was at ${header["If-Match"]}`);

// Ask, of data that is there: revenue by country.
const sources = expect(await client.GET("/api/data-sources/"));
const source = sources.results.find(({ name }) => name === "Orders")!;
const query: components["schemas"]["WidgetQuery"] = {
  dimensions: [{ field: "country" }],
  measures: [{ field: "amount", aggregation: "sum", as: "revenue" }],
  totals: true,
};
const asked = { data_source: source.id, query };
const result = expect(await client.POST("/api/analytics/query/", { body: asked }));
// A query that takes longer than 20 s is asked for again by its ID.
if (!("rows" in result)) throw new Error(`query ${result.id} is still running`);
assert.deepEqual([result.rows, result.totals], [[["FR", 20], ["DE", 10.5]], [null, 30.5]]);
console.log(`asked data source ${source.id}:`, result.rows);

// Errors have codes.
const stale = await client.PATCH("/api/dashboards/{id}/", { params: { path, header }, body });
assert.equal(stale.error?.error, "precondition_failed");
const missing = await client.GET("/api/dashboards/{id}/", { params: { path: { id: 999_999 } } });
assert.equal(missing.error?.error, "not_found");
console.log(`${missing.error.error}: ${missing.error.detail}`);
