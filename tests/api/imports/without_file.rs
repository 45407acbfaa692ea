//! Imports that need no file begin at once, whatever ends in between.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DATA_SOURCES, import, imports, item};
use tests::{Actor, ServiceFault, TestApp, TestUser, entities};

/// An app, and an owner with a source that is no file, where nobody listens.
async fn start() -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await.allowing("127.0.0.0/8, ::1/128");
    let owner = app.user(Role::Owner).await;
    let connection = json!({ "url": "https://localhost:1/" });
    let body = json!({ "name": "x", "type": "api", "engine": "rest", "connection": connection });
    let source = owner.post(DATA_SOURCES, &body).await.id();
    (app, owner, source)
}

/// Whether the import has ended.
async fn has_ended(owner: &TestUser, source: u64) -> bool {
    let import = owner.get(&import(source, 1)).await;
    assert_eq!(import.status, 200, "{import:?}");
    import.body["finished_at"] != Value::Null
}

#[tokio::test]
async fn it_begins_at_once_and_has_nothing_of_a_file() {
    let (app, owner, source) = start().await;
    let created = owner.post(&imports(source), &json!({})).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/data-sources/1/imports/1/"));
    assert_eq!(created.body.get("upload"), None);
    for (name, value) in [
        ("status", json!("waiting")),
        ("file_name", json!(null)),
        ("size_bytes", json!(null)),
        ("rows", json!(null)),
    ] {
        assert_eq!(created.body[name], value, "{name}");
    }
    app.run_jobs().await;
    assert!(has_ended(&owner, source).await);
}

#[tokio::test]
async fn it_is_done_once_although_it_is_told_twice() {
    let (app, owner, source) = start().await;
    owner.post(&imports(source), &json!({})).await;
    app.run_jobs().await;
    let first = owner.get(&import(source, 1)).await;
    app.repeat_messages();
    app.clock.advance(Duration::from_secs(10));
    app.run_jobs().await;
    assert_eq!(owner.get(&import(source, 1)).await.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn a_process_that_ends_after_the_write_leaves_an_import_that_is_done_all_the_same() {
    let (app, owner, source) = start().await;
    // The second message, after the write, is lost.
    let mut sent = 0;
    app.queue.fail(move |_| {
        sent += 1;
        (sent > 1).then_some(ServiceFault::Unavailable)
    });
    assert_eq!(owner.post(&imports(source), &json!({})).await.status, 201);
    app.queue.fail(|_| None);
    app.run_jobs().await;
    assert!(!has_ended(&owner, source).await);
    app.clock.advance(Duration::from_secs(10));
    app.run_jobs().await;
    assert!(has_ended(&owner, source).await);
}

#[tokio::test]
async fn without_the_queue_no_import_is_made() {
    let (app, owner, source) = start().await;
    app.queue.fail(|_| Some(ServiceFault::Unavailable));
    let refused = owner.post(&imports(source), &json!({})).await;
    assert_eq!((refused.status, refused.error().as_str()), (503, "service_unavailable"));
    app.queue.fail(|_| None);
    assert_eq!(owner.get(&imports(source)).await.body["count"], 0);
}

#[tokio::test]
async fn a_message_for_what_waits_for_its_file_changes_nothing() {
    let (app, owner, _) = start().await;
    let file = entities::data_source(&owner).await;
    assert_eq!(owner.post(&imports(file), &json!({})).await.status, 400);
    owner.post(&imports(file), &json!({ "size_bytes": 4 })).await;
    app.clock.advance(Duration::from_secs(10));
    app.run_jobs().await;
    assert_eq!(owner.get(&import(file, 1)).await.body["status"], "waiting");
}

#[tokio::test]
async fn one_that_does_not_begin_is_told_after_six_hours() {
    let (app, owner, source) = start().await;
    owner.post(&imports(source), &json!({})).await;
    for (minutes, status) in [(71, "waiting"), (300, "failed")] {
        app.clock.advance(Duration::from_mins(minutes));
        let import = owner.sign_in().await.get(&import(source, 1)).await;
        assert_eq!(import.body["status"], status, "{import:?}");
    }
    let lapsed = owner.sign_in().await.get(&import(source, 1)).await;
    assert!(lapsed.body["errors"][0]["reason"].as_str().unwrap().contains("within six hours"), "{lapsed:?}");
    // Whoever was told so must not find it done later.
    app.run_jobs().await;
    let after = owner.sign_in().await.get(&import(source, 1)).await;
    assert_eq!(after.body, lapsed.body);
    let told = owner.sign_in().await.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(told.body["status"], "error", "{told:?}");
    let reason = told.text("status_reason");
    assert!(reason.starts_with("Import 1 failed. The import did not begin within six hours."), "{reason}");
}
