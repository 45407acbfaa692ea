//! Holds every reply of the suite against the OpenAPI document.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::http::{Method, Uri};
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use crate::Reply;

static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let registry = Registry::new().add("urn:openapi", DOCUMENT.clone()).expect("a document");
    registry.prepare().expect("a document whose references resolve")
});

/// Validators of the schemas in the document, by pointer: making one takes milliseconds.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Headers that are where the document says, and nowhere else.
const EXACT_HEADERS: [&str; 4] = ["ETag", "Location", "Retry-After", "WWW-Authenticate"];

/// Headers that are nowhere but where the document says.
const DECLARED_HEADERS: [&str; 4] =
    ["Idempotent-Replayed", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

/// Panics unless the reply is one that the document has for the request. A request that is in no document (a path or a
/// method that there is not) has no reply to hold against it.
pub(crate) fn check(method: &Method, uri: &Uri, reply: &Reply) {
    let Some(path) = declared_path(uri.path()) else { return };
    let is_head = method == Method::HEAD;
    let method = if is_head { "get".to_owned() } else { method.as_str().to_lowercase() };
    let operation = format!("/paths/{}/{method}", path.replace('~', "~0").replace('/', "~1"));
    let Some(responses) = DOCUMENT.pointer(&operation).map(|operation| &operation["responses"]) else {
        return;
    };
    let context =
        || format!("{method} {path} answers {} as openapi.json does not say: {reply:?}", reply.status);

    let response = responses.get(reply.status.to_string());
    let response = response.unwrap_or_else(|| panic!("{}", context()));
    let declared = |name: &str| response["headers"].get(name).is_some();
    for name in EXACT_HEADERS {
        assert_eq!(reply.header(name).is_some(), declared(name), "{name}: {}", context());
    }
    for name in DECLARED_HEADERS {
        assert!(reply.header(name).is_none() || declared(name), "{name}: {}", context());
    }
    let has_body = response.get("content").is_some() && !is_head;
    assert_eq!(!reply.bytes.is_empty(), has_body, "{}", context());
    let media_type = reply.header("content-type").unwrap_or_default();
    assert!(!has_body || response["content"].get(media_type).is_some(), "{media_type}: {}", context());
    if has_body && media_type == "application/json" {
        let schema = format!("{operation}/responses/{}/content/application~1json/schema", reply.status);
        let errors: Vec<_> =
            validator(&schema).iter_errors(&reply.body).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}: {}", context());
    }
    if reply.status >= 400 && has_body {
        let code = reply.error();
        let examples = &response["content"]["application/json"]["examples"];
        assert!(examples.get(&code).is_some(), "{code}: {}", context());
    }
}

fn declared_path(path: &str) -> Option<&'static str> {
    let path = path.trim_end_matches('/');
    let paths = DOCUMENT["paths"].as_object()?;
    paths.keys().map(String::as_str).find(|declared| {
        let mut declared = declared.trim_end_matches('/').split('/');
        let mut segments = path.split('/');
        loop {
            match (declared.next(), segments.next()) {
                (None, None) => return true,
                (Some(name), Some(segment)) if name == segment || name.starts_with('{') => {}
                _ => return false,
            }
        }
    })
}

fn validator(pointer: &str) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().expect("no test panics in here");
    let made = validators.entry(pointer.to_owned()).or_insert_with(|| {
        // A reference is a URI, which has no braces.
        let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
        let schema = json!({ "$ref": format!("urn:openapi#{fragment}") });
        Arc::new(jsonschema::options().with_registry(&REGISTRY).build(&schema).expect("a schema"))
    });
    made.clone()
}
