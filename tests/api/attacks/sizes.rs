//! Sizes a thousand times too large: the answers stay small, and what fits is kept whole.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, DATA_SOURCES, LOGIN};
use tests::{Actor, Reply, TestApp};

/// Lambda answers with 6 MB at most; these stay far from it.
const SMALL: usize = 100_000;

fn is_small(reply: &Reply) {
    assert_eq!((reply.status, reply.error().as_str()), (400, "validation_error"));
    assert!(reply.body.to_string().len() < SMALL, "{} bytes", reply.body.to_string().len());
    assert!(reply.text("detail").len() < 3_000, "{}", reply.text("detail"));
}

#[tokio::test]
async fn half_a_million_mistakes_are_answered_with_the_first_hundred() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let body = json!({ "name": "x", "widgets": vec![0; 500_000] });
    let reply = owner.post(DASHBOARDS, &body).await;
    is_small(&reply);
    assert_eq!(reply.body["fields"].as_object().unwrap().len(), 100);
    assert!(reply.text("detail").ends_with("The first 100 mistakes are in fields; there are more."));
    let reply = owner.post(DASHBOARDS, &body).header("idempotency-key", "k").await;
    is_small(&reply);
}

#[tokio::test]
async fn so_are_those_of_somebody_unknown() {
    let app = TestApp::start().await;
    let unknown: Value = (0..60_000).map(|number| (format!("field-{number}"), json!(0))).collect();
    is_small(&app.post(LOGIN).json(&unknown).await);
    let query = (0..5_000).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let owner = app.user(Role::Owner).await;
    is_small(&owner.get(&format!("{DASHBOARDS}?{query}")).await);
}

/// A dashboard as large as they get, of characters that JSON escapes.
fn largest_dashboard() -> Value {
    let text = "\"\\".repeat(2_000);
    let widgets: Vec<_> = (0..36).map(|_| tests::widget::text(&text)).collect();
    assert!(
        (290_000..300_000).contains(&json!(widgets).to_string().len()),
        "{}",
        json!(widgets).to_string().len()
    );
    json!({ "name": "x".repeat(100), "description": "\u{1}".repeat(2_000), "widgets": widgets })
}

#[tokio::test]
async fn the_largest_answer_is_kept_for_an_idempotency_key() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let body = largest_dashboard();
    let post = || owner.post(DASHBOARDS, &body).header("idempotency-key", "k");
    let (first, again) = (post().await, post().await);
    assert_eq!(first.status, 201, "{}", first.text("detail"));
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!(first.body, again.body);
}

#[tokio::test]
async fn a_host_name_has_a_limit() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    for length in [254, 380_000, 500_000] {
        let host = format!("{}.example.com", "a.".repeat(length / 2));
        let reply = owner
            .post(
                DATA_SOURCES,
                &json!({
                    "name": "x", "type": "database", "engine": "postgresql",
                    "connection": { "host": host, "database": "d", "username": "u" },
                }),
            )
            .await;
        assert_eq!(reply.reasons("connection.host"), "Must not be longer than 253 bytes.");
    }
}

/// Every text that a request may have says how long it may be, or which texts there are.
#[test]
fn every_text_of_a_request_has_a_limit() {
    fn walk(schema: &Value, document: &Value, path: &str, unlimited: &mut Vec<String>, depth: usize) {
        // Filters have filters in them.
        if depth > 12 {
            return;
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let target = document.pointer(reference.trim_start_matches('#')).unwrap();
            return walk(target, document, path, unlimited, depth + 1);
        }
        let is_text = schema["type"] == "string"
            || schema["type"].as_array().is_some_and(|types| types.contains(&json!("string")));
        let limited = ["maxLength", "enum", "const"].iter().any(|name| schema.get(name).is_some());
        let is_time = schema["format"] == "date-time";
        let is_single = schema["pattern"]
            .as_str()
            .is_some_and(|pattern| pattern.starts_with("^[") && pattern.ends_with("]$"));
        if is_text && !limited && !is_time && !is_single {
            unlimited.push(path.to_owned());
        }
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            walk(member, document, &format!("{path}.{name}"), unlimited, depth + 1);
        }
        for name in ["items", "additionalProperties"] {
            if let Some(member) = schema.get(name).filter(|member| member.is_object()) {
                walk(member, document, &format!("{path}.{name}"), unlimited, depth + 1);
            }
        }
        for name in ["anyOf", "oneOf", "allOf"] {
            for member in schema[name].as_array().into_iter().flatten() {
                walk(member, document, path, unlimited, depth + 1);
            }
        }
    }
    let document = openapi::document();
    let mut unlimited = Vec::new();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut bodies = 0;
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap();
        if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
            bodies += 1;
            walk(schema, &document, id, &mut unlimited, 0);
        }
    }
    assert!(bodies >= 8);
    assert_eq!(unlimited, Vec::<String>::new());
}
