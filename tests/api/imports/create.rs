//! Making an import, and sending its file.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::{Plan, Role};
use tests::paths::{DATA_SOURCES, import, imports, item};
use tests::{Actor, TestApp, entities};

use super::{ORDERS, size, start};

#[tokio::test]
async fn a_file_is_sent_to_the_link_and_becomes_a_table() {
    let (app, analyst, source) = start().await;
    let body = json!({ "size_bytes": ORDERS.len(), "file_name": "confidential.csv" });
    let created = analyst.post(&imports(source), &body).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/data-sources/1/imports/1/"));
    assert_eq!(created.body["status"], "waiting");
    assert_eq!(created.body["file_name"], "confidential.csv");
    assert_eq!(created.body["upload"]["method"], "PUT");
    assert_eq!(created.body["upload"]["headers"]["content-length"], ORDERS.len().to_string());

    let waiting = analyst.get(&import(source, 1)).await;
    assert_eq!((&waiting.body["status"], &waiting.body["upload"]), (&json!("waiting"), &Value::Null));
    assert_eq!(app.put(&created.body["upload"], ORDERS).await, 200);
    app.run_jobs().await;

    let done = analyst.get(&import(source, 1)).await;
    let expected = json!({
        "id": 1, "status": "done", "file_name": "confidential.csv", "size_bytes": ORDERS.len(), "rows": 3,
        "tables": [{ "name": "data", "row_count": 3 }], "errors": [], "error_count": 0, "warnings": [],
        "changes": { "added": [
            { "table": "data", "column": "amount" },
            { "table": "data", "column": "country" },
        ], "removed": [], "retyped": [], "breaks": [] },
        "created_by": analyst.user.id, "created_at": waiting.body["created_at"], "finished_at": done.body["finished_at"],
    });
    assert_eq!(done.body, expected);
    let source = analyst.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(source.body["last_synced_at"], done.body["finished_at"]);
}

#[tokio::test]
async fn the_link_takes_that_file_at_that_place_and_nothing_else() {
    let (app, analyst, source) = start().await;
    let created = analyst.post(&imports(source), &size(ORDERS)).await;
    let upload = &created.body["upload"];
    assert_eq!(app.put(upload, &ORDERS[1..]).await, 403, "a smaller file");
    assert_eq!(app.put(upload, &format!("{ORDERS}x")).await, 403, "a larger file");
    let mut elsewhere = upload.clone();
    let url = upload["url"].as_str().unwrap();
    elsewhere["url"] = url.replace("/1/imports", "/2/imports").replace("uploads/", "uploads/9").into();
    assert_eq!(app.put(&elsewhere, ORDERS).await, 403, "another organization's place");
    elsewhere["url"] = url.split('?').next().unwrap().into();
    assert_eq!(app.put(&elsewhere, ORDERS).await, 403, "without a signature");
    app.run_jobs().await;
    assert_eq!(analyst.get(&import(source, 1)).await.body["status"], "waiting");
}

#[tokio::test]
async fn a_file_may_be_as_large_as_the_plan_says() {
    let (app, analyst, source) = start().await;
    app.set_plan(Plan::Starter).await;
    let most = analyst.post(&imports(source), &json!({ "size_bytes": 10_000_000 })).await;
    assert_eq!(most.status, 201);
    let refused = analyst.post(&imports(source), &json!({ "size_bytes": 10_000_001 })).await;
    assert_eq!((refused.status, refused.error().as_str()), (403, "plan_limit_reached"));
    assert!(refused.text("detail").contains("the plan starter allows 10000000 bytes a file"), "{refused:?}");
    for (size, why) in [
        (json!(0), "Must be 1 or more"),
        (json!(-1), "Expected an integer"),
        (json!("1"), "Expected an integer"),
    ] {
        let refused = analyst.post(&imports(source), &json!({ "size_bytes": size })).await;
        assert!(refused.reasons("size_bytes").contains(why), "{refused:?}");
    }
}

#[tokio::test]
async fn a_file_has_a_size_and_nothing_else_has() {
    let (app, analyst, source) = start().await;
    let owner = app.user(Role::Owner).await;
    let missing = analyst.post(&imports(source), &json!({ "file_name": "x.csv" })).await;
    assert_eq!(missing.reasons("size_bytes"), "This field is required: the data source is a file.");
    let database = entities::database(&owner).await;
    let sent = json!({ "size_bytes": 1, "file_name": "x.csv" });
    let refused = owner.post(&imports(database), &sent).await;
    for field in ["size_bytes", "file_name"] {
        let reason = "Must not be given: the data source is of type database, and no file is sent for it.";
        assert_eq!(refused.reasons(field), reason);
    }
    for body in [json!({}), size(ORDERS)] {
        assert_eq!(owner.post(&imports(99), &body).await.status, 404);
    }
    assert_eq!(analyst.post(&imports(database), &json!({})).await.status, 403);
}

#[tokio::test]
async fn a_repeated_request_is_given_the_same_import_and_link() {
    let (_, analyst, source) = start().await;
    let post = || analyst.post(&imports(source), &size(ORDERS)).header("idempotency-key", "k");
    let (first, again) = (post().await, post().await);
    assert_eq!((first.status, &first.body), (201, &again.body));
    assert_eq!(analyst.get(&imports(source)).await.body["count"], 1);
}

#[tokio::test]
async fn a_file_that_does_not_come_is_told_after_an_hour() {
    let (app, analyst, source) = start().await;
    analyst.post(&imports(source), &size(ORDERS)).await;
    let waiting = analyst.get(&import(source, 1)).await;
    app.clock.advance(Duration::from_mins(70));
    let analyst = analyst.sign_in().await;
    let tag = waiting.header("etag").unwrap().to_owned();
    let failed = analyst.get(&import(source, 1)).header("if-none-match", tag).await;
    assert_eq!((failed.status, &failed.body["status"]), (200, &json!("failed")));
    assert!(failed.body["errors"][0]["reason"].as_str().unwrap().contains("No file arrived"), "{failed:?}");
    let listed = analyst.get(&imports(source)).await;
    assert_eq!(listed.body["results"][0], failed.body);
}

#[tokio::test]
async fn an_import_that_was_told_to_have_failed_stays_failed() {
    let (app, analyst, source) = start().await;
    let created = analyst.post(&imports(source), &size(ORDERS)).await;
    app.put(&created.body["upload"], ORDERS).await;
    app.clock.advance(Duration::from_mins(70));
    let analyst = analyst.sign_in().await;
    assert_eq!(analyst.get(&import(source, 1)).await.body["status"], "failed");
    app.run_jobs().await;
    assert_eq!(analyst.get(&import(source, 1)).await.body["status"], "failed");
    assert_eq!(app.uploads(source), Vec::<String>::new());
    assert_eq!(app.data_versions(source), Vec::<String>::new());
}

#[tokio::test]
async fn the_last_hundred_imports_are_kept() {
    let (_, analyst, source) = start().await;
    for _ in 0..103 {
        assert_eq!(analyst.post(&imports(source), &size(ORDERS)).await.status, 201);
    }
    let list = analyst.get(&format!("{}?page_size=100", imports(source))).await;
    assert_eq!((&list.body["count"], list.ids()[0], list.ids()[99]), (&json!(100), 4, 103));
    assert_eq!(analyst.get(&import(source, 3)).await.status, 404);
}

#[tokio::test]
async fn imports_are_those_of_their_source() {
    let (app, analyst, source) = start().await;
    let other = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    let first = analyst.post(&imports(other), &size(ORDERS)).await;
    assert_eq!(first.id(), 1);
    assert_eq!(analyst.get(&import(source, 2)).await.status, 404);
    let stranger = app.another_organization().await.user(Role::Owner).await;
    assert_eq!(stranger.get(&import(source, 1)).await.status, 404);
    assert_eq!(stranger.get(&imports(source)).await.status, 404);
}

#[tokio::test]
async fn a_viewer_reads_imports_and_makes_none() {
    let app = TestApp::start().await;
    let (analyst, viewer) = (app.user(Role::Analyst).await, app.user(Role::Viewer).await);
    let source = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    assert_eq!(viewer.get(&import(source, 1)).await.body["status"], "done");
    assert_eq!(viewer.post(&imports(source), &size(ORDERS)).await.status, 403);
}
