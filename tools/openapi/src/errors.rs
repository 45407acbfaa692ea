//! The errors of an operation: by status, with an example of each code.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Map, Value, json};
use shared::access::Access;
use shared::base::Code;
use shared::service::Route;

use crate::headers::{RATE_LIMIT, headers};

/// The codes that a route may answer with. What the router does around the handler decides most of them.
fn codes(route: &Route, takes_body: bool, has_pages: bool) -> Vec<Code> {
    let is_member = !route.variables().is_empty();
    let mut codes = vec![Code::BadRequest, Code::ValidationError, Code::HttpsRequired, Code::RateLimited];
    codes.extend([Code::InternalError, Code::ServiceUnavailable]);
    if takes_body {
        codes.extend([Code::InvalidJson, Code::PayloadTooLarge, Code::UnsupportedMediaType]);
        codes.push(Code::RequestTimeout);
    }
    match route.access {
        Access::Public if route.path == "/api/auth/login/" => codes.push(Code::InvalidCredentials),
        Access::Public if takes_body => codes.extend([Code::InvalidToken, Code::TokenExpired]),
        Access::Public => {}
        Access::Requires(_) => {
            codes.extend([Code::NotAuthenticated, Code::InvalidToken, Code::TokenExpired]);
            codes.extend([Code::InvalidApiKey, Code::PermissionDenied]);
            codes.extend((!route.only_reads).then_some(Code::ReadOnlyKey));
            codes.extend((route.method == Method::POST && !route.only_reads).then_some(Code::Conflict));
        }
    }
    // A page past the last.
    if is_member || has_pages {
        codes.push(Code::NotFound);
    }
    if is_member && !route.only_reads && matches!(route.method, Method::PATCH | Method::DELETE) {
        codes.push(Code::PreconditionFailed);
    }
    codes
}

/// A `detail` as it may read.
fn example_detail(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "Idempotency-Key must be 1 to 255 printable characters of ASCII.",
        Code::InvalidJson => "The body is not JSON: expected value at line 1 column 10.",
        Code::ValidationError => "name: This field is required.",
        Code::NotAuthenticated => {
            "Send an access token in the Authorization header or an API key in X-API-Key."
        }
        Code::InvalidToken => {
            "The token was refused. Its signature does not match: send the token exactly as it was issued."
        }
        Code::TokenExpired => "The access token has expired: get a new one at /api/auth/token/refresh/.",
        Code::InvalidApiKey => "It was revoked, or never issued.",
        Code::InvalidCredentials => {
            "No active user has this email and password. Check both, or ask an administrator."
        }
        Code::PermissionDenied => {
            "This needs the permission dashboards:write_own, which the role viewer does not have."
        }
        Code::ReadOnlyKey => {
            "This needs the permission dashboards:write_own, and the key's scope is read_only."
        }
        Code::HttpsRequired => "Use https:// in place of http://.",
        Code::PlanLimitReached => {
            "The file has 20000000 bytes; the plan starter allows 10000000 bytes a file."
        }
        Code::NotFound => "No dashboard with ID 7 was found.",
        Code::MethodNotAllowed => "PUT is not supported here; the Allow header lists what is.",
        Code::RequestTimeout => "The body was not complete within 4 seconds: send it again.",
        Code::Conflict => "This Idempotency-Key was used with another request: use a new one for each.",
        Code::PreconditionFailed => {
            "If-Match names another version; the current one is \"4.0\". Read it again."
        }
        Code::PayloadTooLarge => "The body must not be larger than 1048576 bytes.",
        Code::UnsupportedMediaType => {
            "Send \"Content-Type: application/json\"; this request has no Content-Type."
        }
        Code::RateLimited => "The limit is 100 requests in 60 s. Try again in 28 s.",
        Code::InternalError => {
            "The request failed unexpectedly. Quote the X-Request-Id of this response when reporting it."
        }
        Code::SourceError => {
            "The host does not accept connections at port 5432. Check the port, and that the server listens on its public address."
        }
        Code::QueryTimeout => {
            "The query took longer than 20 s and was ended: take a shorter time range, or add filters."
        }
        Code::ServiceUnavailable => {
            "A service this API depends on did not answer in time. Nothing is wrong with the request: try it again."
        }
    }
}

fn example(code: Code) -> Value {
    let (error, message, detail) = (code.as_str(), code.message(), example_detail(code));
    let mut envelope = json!({ "error": error, "message": message, "detail": detail });
    if code == Code::ValidationError {
        envelope["fields"] = json!({ "name": ["This field is required."] });
    }
    json!({ "value": envelope })
}

/// Adds the route's errors to its responses, and the envelope to those that its handler described.
pub(crate) fn add(responses: &mut Map<String, Value>, route: &Route, takes_body: bool, has_pages: bool) {
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    let described = Code::ALL
        .iter()
        .copied()
        .filter(|code| {
            matches!(
                code,
                Code::Conflict
                    | Code::PlanLimitReached
                    | Code::NotFound
                    | Code::QueryTimeout
                    | Code::SourceError
            )
        })
        .filter(|code| responses.contains_key(code.status().as_str()));
    for code in codes(route, takes_body, has_pages).into_iter().chain(described.collect::<Vec<_>>()) {
        let codes = by_status.entry(code.status().as_u16()).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    for (status, codes) in by_status {
        let messages: Vec<_> =
            codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.message())).collect();
        let own = responses.get(&status.to_string()).and_then(|own| own["description"].as_str());
        let description = own.into_iter().map(str::to_owned).chain(messages).collect::<Vec<_>>().join("\n\n");
        let examples: Map<_, _> =
            codes.iter().map(|code| (code.as_str().to_owned(), example(*code))).collect();
        let mut names = vec!["X-Request-Id"];
        match status {
            401 => names.push("WWW-Authenticate"),
            429 | 503 => names.push("Retry-After"),
            _ => {}
        }
        // Who is not known has no budget to be told of.
        if matches!(route.access, Access::Requires(_)) && status != 401 {
            names.extend(RATE_LIMIT);
            // A refusal by the handler is kept as well.
            names.extend((route.method == Method::POST && status < 429).then_some("Idempotent-Replayed"));
        }
        let response = json!({
            "description": description,
            "headers": headers(&names),
            "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Error" },
                "examples": examples,
            } },
        });
        responses.insert(status.to_string(), response);
    }
}
