//! What has not changed is not imported again.

use std::time::Duration;

use serde_json::json;
use tests::Actor;
use tests::https::{HttpsServer, answer, json as body};
use tests::paths::{DATA_SOURCES, action, item};

use super::{imported, rest, rows, start};

/// The version of the data that the preview is of.
async fn version(owner: &tests::TestUser, source: u64) -> String {
    owner.get(&action(DATA_SOURCES, source, "preview")).await.text("data_version")
}

#[tokio::test]
async fn an_answer_that_the_server_knows_to_be_there_is_not_sent() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|asked| match asked.headers.get("if-none-match").map(String::as_str) {
        Some("\"v1\"") => answer(304, &[("etag", "\"v1\"")], ""),
        _ => answer(
            200,
            &[("etag", "\"v1\""), ("last-modified", "Fri, 15 Jan 2027 07:00:00 GMT")],
            r#"[{"n":1}]"#,
        ),
    })
    .await;
    let source = rest(&owner, &server.url("/"), json!({})).await;
    imported(&app, &owner, source).await;
    let first = version(&owner, source).await;
    app.clock.advance(Duration::from_mins(1));
    let again = imported(&app, &owner, source).await;
    assert_eq!(again.body["warnings"], json!(["Nothing has changed since import 1: its data stays."]));
    assert_eq!(
        (&again.body["rows"], &again.body["tables"]),
        (&json!(1), &json!([{ "name": "data", "row_count": 1 }]))
    );
    assert_eq!(version(&owner, source).await, first);
    let shown = owner.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(shown.body["last_synced_at"], again.body["finished_at"]);
    let last = server.take_asked().pop().unwrap();
    assert_eq!(last.headers["if-modified-since"], "Fri, 15 Jan 2027 07:00:00 GMT");

    // Read another way, it is another table.
    owner.patch(&item(DATA_SOURCES, source), &json!({ "connection": { "columns": { "n": "text" } } })).await;
    imported(&app, &owner, source).await;
    assert_eq!(server.take_asked().pop().unwrap().headers.get("if-none-match"), None);
    assert_eq!(rows(&owner, source).await, json!([["1"]]));
    assert_ne!(version(&owner, source).await, first);
}

#[tokio::test]
async fn pages_are_compared_by_what_is_in_them() {
    let (app, owner) = start().await;
    let pages = |last: u64| {
        move |asked: &tests::https::Asked| match asked.target.as_str() {
            "/" => answer(200, &[("etag", "\"v1\"")], r#"{"items":[{"n":1}],"next":"/2","now":"x"}"#),
            _ => body(&json!({ "items": [{ "n": last }], "next": null, "now": "y" })),
        }
    };
    let server = HttpsServer::start(pages(2)).await;
    let source = rest(&owner, &server.url("/"), json!({ "pagination": { "next": "$.next" } })).await;
    imported(&app, &owner, source).await;
    let first = version(&owner, source).await;
    imported(&app, &owner, source).await;
    assert_eq!(version(&owner, source).await, first);
    assert!(
        server.take_asked().iter().all(|asked| !asked.headers.contains_key("if-none-match")),
        "a first page that is the same says nothing of the next"
    );
    server.change(pages(3));
    imported(&app, &owner, source).await;
    assert_ne!(version(&owner, source).await, first);
    assert_eq!(rows(&owner, source).await, json!([[1], [3]]));
}

#[tokio::test]
async fn what_was_lost_is_imported_again_although_nothing_has_changed() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|asked| match asked.headers.get("if-none-match") {
        Some(_) => answer(304, &[], ""),
        None => answer(200, &[("etag", "\"v1\"")], r#"[{"n":1}]"#),
    })
    .await;
    let source = rest(&owner, &server.url("/"), json!({})).await;
    imported(&app, &owner, source).await;
    app.lose_data(source);
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1]]));
}

#[tokio::test]
async fn a_source_that_had_failed_is_well_again_when_nothing_has_changed() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|_| answer(200, &[], r#"[{"n":1}]"#)).await;
    let source = rest(&owner, &server.url("/"), json!({})).await;
    imported(&app, &owner, source).await;
    server.change(|_| answer(404, &[], ""));
    super::refused(&app, &owner, source).await;
    server.change(|_| answer(200, &[], r#"[{"n":1}]"#));
    imported(&app, &owner, source).await;
    let shown = owner.get(&item(DATA_SOURCES, source)).await;
    assert_eq!((&shown.body["status"], &shown.body["status_reason"]), (&json!("active"), &json!(null)));
}
