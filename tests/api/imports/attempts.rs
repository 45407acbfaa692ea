//! The same work twice, at once, or in the wrong order.

use futures_util::future::join_all;
use serde_json::json;
use tests::paths::{DATA_SOURCES, action, import, imports, item};
use tests::{Actor, entities};

use super::{ORDERS, size, start};

/// A file with one number in it.
fn number(n: u64) -> String {
    format!("n\n{n}\n")
}

#[tokio::test]
async fn a_message_that_comes_twice_changes_nothing() {
    let (app, analyst, source) = start().await;
    let created = analyst.post(&imports(source), &size(ORDERS)).await;
    app.put(&created.body["upload"], ORDERS).await;
    app.repeat_messages();
    app.run_jobs().await;
    let done = analyst.get(&item(DATA_SOURCES, source)).await;
    app.run_jobs().await;
    let again = analyst.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(done.header("etag"), again.header("etag"));
    assert_eq!(analyst.get(&import(source, 1)).await.body["status"], "done");
}

#[tokio::test]
async fn two_at_once_of_one_import_publish_it_once() {
    let (app, analyst, source) = start().await;
    let created = analyst.post(&imports(source), &size(ORDERS)).await;
    app.put(&created.body["upload"], ORDERS).await;
    let event = app.next_message();
    let runs = (0..5).map(|_| app.run_message(event.clone()));
    for answer in join_all(runs).await {
        assert_eq!(answer["batchItemFailures"], json!([]), "{answer}");
    }
    assert_eq!(analyst.get(&import(source, 1)).await.body["status"], "done");
    let version = app.data_versions(source);
    assert_eq!(version.len(), 1, "{version:?}");
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"][0], json!(["DE", 10.5]));
}

#[tokio::test]
async fn the_older_import_that_ends_last_changes_nothing() {
    let (app, analyst, source) = start().await;
    let older = analyst.post(&imports(source), &size(&number(1))).await;
    let newer = analyst.post(&imports(source), &size(&number(2))).await;
    app.put(&newer.body["upload"], &number(2)).await;
    app.run_jobs().await;
    app.put(&older.body["upload"], &number(1)).await;
    app.run_jobs().await;
    let older = analyst.get(&import(source, 1)).await;
    assert_eq!(older.body["status"], "failed");
    assert!(older.body["errors"][0]["reason"].as_str().unwrap().contains("Import 2"), "{older:?}");
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"], json!([[2]]));
    assert_eq!(analyst.get(&item(DATA_SOURCES, source)).await.body["status"], "active");
}

#[tokio::test]
async fn whoever_ends_first_the_newest_of_many_imports_is_in_place() {
    let (app, analyst, source) = start().await;
    for n in 1..=6 {
        let created = analyst.post(&imports(source), &size(&number(n))).await;
        assert_eq!(app.put(&created.body["upload"], &number(n)).await, 200);
    }
    let events: Vec<_> = (0..6).map(|_| app.next_message()).collect();
    join_all(events.into_iter().map(|event| app.run_message(event))).await;
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"], json!([[6]]));
    assert_eq!(analyst.get(&import(source, 6)).await.body["status"], "done");
}

#[tokio::test]
async fn a_file_that_is_sent_again_after_its_import_is_ignored() {
    let (app, analyst, source) = start().await;
    let created = analyst.post(&imports(source), &size(ORDERS)).await;
    let upload = &created.body["upload"];
    app.put(upload, ORDERS).await;
    app.run_jobs().await;
    let other = ORDERS.replace("DE", "XX");
    assert_eq!(app.put(upload, &other).await, 200);
    app.run_jobs().await;
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"][0], json!(["DE", 10.5]));
    assert_eq!(app.uploads(source), Vec::<String>::new());
}

#[tokio::test]
async fn an_import_whose_source_is_deleted_meanwhile_leaves_nothing() {
    let (app, analyst, source) = start().await;
    let created = analyst.post(&imports(source), &size(ORDERS)).await;
    app.put(&created.body["upload"], ORDERS).await;
    assert_eq!(analyst.delete(&item(DATA_SOURCES, source)).await.status, 204);
    app.run_jobs().await;
    assert_eq!(app.data_versions(source), Vec::<String>::new());
    assert_eq!(app.uploads(source), Vec::<String>::new());
    assert_eq!(entities::data_source(&analyst).await, source + 1);
}
