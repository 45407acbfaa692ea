//! The API as an OpenAPI 3.1 document.
//!
//! What differs from one route to the next is told by `#[utoipa::path]` on its handler. What the router does around every
//! handler - credentials, rate limits, tags, idempotency, errors - is added here from the route's method, path and permission,
//! so that no handler has to repeat it. The tests hold each answer that they get against the result.

mod errors;
mod headers;
mod operation;
mod schemas;

use serde_json::{Map, Value, json};
use shared::service::Routes;

const DESCRIPTION: &str = "\
An open, serverless business-intelligence API.

**Credentials.** Sign in for an access token and send it as `Authorization: Bearer …`, or send an API key as `X-API-Key`; never \
both.

**Errors** have one shape: `error` for programs, `message` for the kind, `detail` for this time, and `fields` with the reasons by \
field where the input is wrong.

**Rate limits.** A minute has 100 requests for an API key, and 1,000 for all tokens of a user. Answers say what is left in \
`X-RateLimit-Remaining`; a 429 says in `Retry-After` how many seconds to wait.

**Lists** come in pages: `?page=` from 1, `?page_size=` up to 100.

**Writes.** `PATCH` merges (RFC 7396). `If-Match` with the `ETag` last read keeps two editors from overwriting each other. \
`Idempotency-Key` makes a `POST` safe to repeat for 24 hours.

Paths end in a slash; without it they are answered the same. Unknown fields and parameters are refused.";

/// The server that the committed document names: the one of `cargo run`. `functions/docs` puts its own in its place.
pub const LOCAL_SERVER: &str = "http://127.0.0.1:3000";

/// The document.
///
/// # Panics
///
/// Never: what utoipa makes is JSON.
pub fn document() -> Value {
    let mut tags = Vec::new();
    let mut described = utoipa::openapi::OpenApi::default();
    let mut routes = Routes::new();
    for group in groups::GROUPS {
        if let Some(documentation) = group.documentation {
            tags.push(json!({ "name": documentation.tag, "description": documentation.description }));
            described.merge((documentation.openapi)());
            routes = routes.merge((group.routes)());
        }
    }
    let mut described = serde_json::to_value(described).expect("a document is JSON");
    let mut schemas = schemas::tidy(&mut described);
    let paths = paths(&described, &routes, &mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "claribi",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": LOCAL_SERVER }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The access token that signing in gives.",
                },
                "api_key": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-API-Key",
                    "description": "An API key, which begins with `claribi_sk_`.",
                },
            },
        },
    })
}

fn paths(described: &Value, routes: &Routes, schemas: &mut Map<String, Value>) -> Map<String, Value> {
    let mut paths = Map::new();
    for route in routes.iter() {
        let method = route.method.as_str().to_lowercase();
        let operation = described["paths"][&route.path][&method].clone();
        let operation = operation::complete(operation, route, schemas);
        let item = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        item[method] = operation;
    }
    paths
}
