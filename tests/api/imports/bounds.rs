//! What an import tells has room in it, however much there is to tell.

use serde_json::json;
use shared::model::Role;
use tests::paths::DATA_SOURCES;
use tests::{Actor, TestApp, entities};

#[tokio::test]
async fn of_many_warnings_the_first_are_told_and_how_many_more_there_are() {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let body = json!({ "name": "x", "type": "file", "engine": "json" });
    let source = analyst.post(DATA_SOURCES, &body).await.id();
    let fields: Vec<_> = (0..150).map(|n| format!("\"c{n}\":[{n}]")).collect();
    let file = format!("[{{{}}}]", fields.join(","));
    let done = entities::imported(&app, &analyst, source, &file).await;
    let warnings = done.body["warnings"].as_array().unwrap();
    assert_eq!((warnings.len(), &warnings[99]), (100, &json!("And 51 more.")));
    assert!(warnings[98].as_str().unwrap().contains("\"c98\""), "{warnings:?}");
}

#[tokio::test]
async fn of_large_mistakes_fewer_are_told_than_of_small_ones() {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let column = "x".repeat(200);
    let mut body = json!({ "name": "x", "type": "file", "engine": "csv", "connection": { "columns": {} } });
    body["connection"]["columns"][column.as_str()] = json!("integer");
    let source = analyst.post(DATA_SOURCES, &body).await.id();
    let row = "y".repeat(100) + "\n";
    let file = format!("{column}\n{}", row.repeat(100));
    let refused = entities::import(&app, &analyst, source, &file, &json!({})).await;
    assert_eq!((&refused.body["status"], &refused.body["error_count"]), (&json!("failed"), &json!(100)));
    let errors = refused.body["errors"].as_array().unwrap();
    assert!(errors.len() > 50, "{}", errors.len());
    let bytes: usize = errors.iter().map(|error| error.to_string().len()).sum();
    assert!((29_000..=30_000).contains(&bytes), "{bytes}");
}
