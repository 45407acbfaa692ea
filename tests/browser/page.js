// What a web app of another origin does: signs in, lists, uploads a file, reads what is left of its budget, and is told to wait.

const api = new URL(location.href).searchParams.get("api");
const seen = {};

async function call(method, path, headers, body) {
  const answer = await fetch(api + path, {
    method,
    headers: body ? { "Content-Type": "application/json", ...headers } : headers,
    body: body && JSON.stringify(body),
  });
  return { answer, body: answer.status === 204 ? null : await answer.json() };
}

// Puts a file where the API says, which is a bucket of a third origin, and waits until it has become a table.
async function upload(token, text) {
  const file = new Blob([text]);
  const source = await call("POST", "/api/data-sources/", token, { name: "From a page", type: "file", engine: "csv" });
  const imports = `/api/data-sources/${source.body.id}/imports/`;
  const made = await call("POST", imports, token, { size_bytes: file.size });
  const { method, url, headers } = made.body.upload;
  const put = await fetch(url, { method, headers, body: file });
  let state;
  do {
    await new Promise((next) => setTimeout(next, 100));
    state = await call("GET", `${imports}${made.body.id}/`, token);
  } while (["waiting", "running"].includes(state.body.status));
  return [put.status, put.headers.get("ETag") !== null, state.body.status, state.body.rows];
}

async function walk() {
  const signIn = await call("POST", "/api/auth/login/", {}, { email: "you@example.com", password: "your-password" });
  seen.signed_in = signIn.answer.status;
  const token = { Authorization: `Bearer ${signIn.body.access}` };

  const made = await call("POST", "/api/dashboards/", { ...token, "Idempotency-Key": "page" }, { name: "From a page" });
  seen.made = [made.answer.status, made.answer.headers.get("Location") !== null, made.answer.headers.get("ETag")];
  const path = `/api/dashboards/${made.body.id}/`;
  const ifMatch = { ...token, "If-Match": made.answer.headers.get("ETag") };
  seen.changed = (await call("PATCH", path, ifMatch, { status: "published" })).answer.status;
  seen.stale = (await call("PATCH", path, ifMatch, { status: "draft" })).answer.status;

  const list = await call("GET", "/api/dashboards/", token);
  seen.listed = [list.answer.status, list.body.count > 0, Number(list.answer.headers.get("X-RateLimit-Remaining")) > 900];
  seen.request_id = list.answer.headers.get("X-Request-Id") !== null;

  seen.imported = await upload(token, "region,amount\nNorth,1.50\nSouth,2\n");

  const key = { "X-API-Key": (await call("POST", "/api/api-keys/", token, { name: "page" })).body.key };
  let last;
  do {
    last = await call("GET", "/api/auth/status/", key);
  } while (last.answer.status === 200);
  seen.limited = [last.answer.status, last.body.error, Number(last.answer.headers.get("Retry-After")) >= 1];
  seen.unknown = (await call("GET", "/nowhere", {})).body.error;
}

try {
  await walk();
} catch (error) {
  seen.failed = String(error);
}
await fetch("/seen", { method: "POST", body: JSON.stringify(seen) });
