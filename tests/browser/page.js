// What a web app of another origin does: signs in, lists, reads what is left of its budget, and is told to wait.

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
