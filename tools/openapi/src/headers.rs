//! Headers of requests and responses.

use serde_json::{Map, Value, json};

/// A response header by name.
fn header(name: &str) -> Value {
    let (description, schema) = match name {
        "X-Request-Id" => ("Names the request in the logs.", json!({ "type": "string" })),
        "X-RateLimit-Limit" => {
            ("Requests in a window of a minute.", json!({ "type": "integer", "minimum": 1 }))
        }
        "X-RateLimit-Remaining" => {
            ("How many are left in this one.", json!({ "type": "integer", "minimum": 0 }))
        }
        "X-RateLimit-Reset" => ("When the next one begins, in Unix seconds.", json!({ "type": "integer" })),
        "Retry-After" => ("Seconds to wait, which is enough.", json!({ "type": "integer", "minimum": 1 })),
        "WWW-Authenticate" => (
            "How to authenticate. API Gateway renames it to `x-amzn-Remapped-WWW-Authenticate`.",
            json!({ "type": "string" }),
        ),
        "ETag" => ("The version of the object.", json!({ "type": "string", "examples": ["\"3.0\""] })),
        "Location" => ("Where it is.", json!({ "type": "string", "format": "uri" })),
        "Idempotent-Replayed" => (
            "`true` where this answers a request that was made before.",
            json!({ "type": "string", "const": "true" }),
        ),
        _ => ("", json!({ "type": "string" })),
    };
    json!({ "description": description, "schema": schema })
}

/// Response headers by name.
pub(crate) fn headers(names: &[&str]) -> Map<String, Value> {
    names.iter().map(|name| ((*name).to_owned(), header(name))).collect()
}

/// What every answer to an admitted request has.
pub(crate) const RATE_LIMIT: [&str; 3] = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

/// The parameter of a request header.
pub(crate) fn parameter(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema })
}
