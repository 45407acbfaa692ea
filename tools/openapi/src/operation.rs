//! An operation: what its handler says of it, and what the router does around every handler.

use axum::http::Method;
use serde_json::{Map, Value, json};
use shared::access::Access;
use shared::access::permission::Credentials;
use shared::service::Route;

use crate::headers::{RATE_LIMIT, headers, parameter};
use crate::{errors, schemas};

/// Tags as `If-Match` and `If-None-Match` have them beside `*` (RFC 9110, section 8.8.3), perhaps none.
const TAGS: &str = r#"^((W/)?"[!#-+\--~]*"(, *(W/)?"[!#-+\--~]*")*)?$"#;

/// Completes what `#[utoipa::path]` says of the route.
pub(crate) fn complete(mut operation: Value, route: &Route, schemas: &mut Map<String, Value>) -> Value {
    add_security(&mut operation, route.access);
    add_parameters(&mut operation, route);
    let takes_body = operation.get("requestBody").is_some();
    let parameters = operation["parameters"].as_array();
    let has_pages = parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "page"));
    make_body_optional(&mut operation);
    if let Some(name) = operation.pointer("/requestBody/content/application~1json/schema/$ref") {
        let name = schemas::name(name).to_owned();
        schemas::close(&name, schemas);
        if route.method == Method::PATCH {
            let patch = schemas::add_patch(&name, schemas);
            operation["requestBody"]["content"]["application/json"]["schema"] = patch;
        }
    }
    if let Some(responses) = operation["responses"].as_object_mut() {
        add_success_headers(responses, route);
        errors::add(responses, route, takes_body, has_pages);
    }
    operation
}

/// Says of a body that may be left out that it need not be there, which is not that it may be null.
fn make_body_optional(operation: &mut Value) {
    let optional =
        |schema: &Value| schema["oneOf"].as_array()?.iter().find(|one| one["$ref"].is_string()).cloned();
    if let Some(schema) = operation.pointer_mut("/requestBody/content/application~1json/schema")
        && let Some(body) = optional(schema)
    {
        *schema = body;
        operation["requestBody"]["required"] = false.into();
    }
}

fn add_security(operation: &mut Value, access: Access) {
    let Access::Requires(permission) = access else {
        operation["security"] = json!([]);
        return;
    };
    let (token, api_key) = (json!({ "token": [] }), json!({ "api_key": [] }));
    let (security, not_with) = match permission.credentials() {
        Credentials::Any => (json!([token, api_key]), ""),
        Credentials::TokenOnly => (json!([token]), " Not with an API key."),
    };
    let roles: Vec<_> = permission.roles().iter().map(|role| role.as_str()).collect();
    let needs = format!(
        "Needs the permission `{}`, which these roles have: {}.{not_with}",
        permission.as_str(),
        roles.join(", ")
    );
    let description = match operation["description"].as_str() {
        Some(own) => format!("{own}\n\n{needs}"),
        None => needs,
    };
    operation["description"] = description.into();
    operation["security"] = security;
    operation["x-permission"] = permission.as_str().into();
}

fn add_parameters(operation: &mut Value, route: &Route) {
    let is_member = route.is_object();
    let tags = json!({ "anyOf": [{ "type": "string", "enum": ["*"] }, { "type": "string", "pattern": TAGS }], "examples": ["*", "\"3.0\""] });
    let mut parameters = Vec::new();
    parameters.extend(operation["parameters"].as_array().cloned().unwrap_or_default());
    match route.method {
        Method::GET | Method::POST if route.tagged || (is_member && route.method == Method::GET) => parameters.push(parameter(
            "If-None-Match",
            "Tags of versions that the client has: answered with 304 if one is current.",
            &tags,
        )),
        Method::PATCH | Method::DELETE if is_member && !route.only_reads => parameters.push(parameter(
            "If-Match",
            "The tag of the version last read: answered with 412 if the object has moved on.",
            &tags,
        )),
        Method::POST if route.access != Access::Public && !route.only_reads => parameters.push(parameter(
            "Idempotency-Key",
            "Makes the request safe to repeat for 24 hours: the same key and body get the first answer again, another body \
             a 409.",
            &json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$" }),
        )),
        _ => {}
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
}

fn add_success_headers(responses: &mut Map<String, Value>, route: &Route) {
    let is_member = route.is_object();
    let is_tagged = route.tagged || (route.method == Method::GET && is_member);
    if is_tagged {
        responses.insert("304".to_owned(), json!({ "description": "The client has it already." }));
    }
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.as_str() < "400") {
        let mut names = vec!["X-Request-Id"];
        if route.access != Access::Public {
            names.extend(RATE_LIMIT);
        }
        match (&route.method, status.as_str()) {
            // It has no version yet.
            (_, "202") if is_tagged => names.extend(["Location", "Retry-After"]),
            (_, "201" | "202") => names.extend(["Location", "ETag", "Idempotent-Replayed"]),
            (_, "302") => names.push("Location"),
            (&Method::PATCH, _) if is_member => names.push("ETag"),
            _ if is_tagged => names.push("ETag"),
            _ => {}
        }
        response["headers"] = headers(&names).into();
    }
}
