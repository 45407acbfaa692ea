//! A process that ends between two steps, and services that fail: readers see the old data or the new, whole.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{DATA_SOURCES, action, import, imports, item};
use tests::{Actor, Fault, ServiceFault, TestApp, Wire, entities};

use super::{ORDERS, size, start};

const NEXT: &str = "country,amount\nIT,1\n";

/// What the preview shows first.
async fn shown(analyst: &tests::TestUser, source: u64) -> String {
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.status, 200, "{preview:?}");
    preview.body["rows"][0][0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn whichever_call_to_the_bucket_fails_the_data_is_old_or_new_and_becomes_new() {
    for fault in [ServiceFault::Unavailable, ServiceFault::LostAnswer, ServiceFault::Truncated] {
        for failing in 0..12 {
            let (app, analyst, source) = start().await;
            entities::imported(&app, &analyst, source, ORDERS).await;
            let created = analyst.post(&imports(source), &size(NEXT)).await;
            app.put(&created.body["upload"], NEXT).await;
            let message = app.next_message();
            let calls = AtomicUsize::new(0);
            // A call is tried three times: all of those fail.
            app.bucket.fail(move |_| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                (failing..failing + 3).contains(&call).then_some(fault)
            });
            let answer = app.run_message(message.clone()).await;
            app.bucket.fail(|_| None);
            let first = shown(&analyst, source).await;
            let status = analyst.get(&import(source, 2)).await.text("status");
            match status.as_str() {
                "done" => assert_eq!(first, "IT", "{fault:?} {failing}"),
                "running" => assert_eq!(first, "DE", "{fault:?} {failing}: {answer}"),
                other => panic!("{fault:?} {failing}: {other}"),
            }
            let answer = app.run_message(message).await;
            assert_eq!(answer["batchItemFailures"], json!([]), "{fault:?} {failing}");
            assert_eq!(shown(&analyst, source).await, "IT", "{fault:?} {failing}");
            assert_eq!(analyst.get(&import(source, 2)).await.text("status"), "done");
        }
    }
}

#[tokio::test]
async fn whichever_write_to_the_tables_fails_the_data_is_old_or_new_and_becomes_new() {
    for fault in [Fault::ServerError, Fault::LostAnswer, Fault::TransactionConflict] {
        for failing in 0..5 {
            let wire = Wire::default();
            let app = TestApp::start_on(&wire).await;
            let analyst = app.user(Role::Analyst).await;
            let source = entities::data_source(&analyst).await;
            entities::imported(&app, &analyst, source, ORDERS).await;
            let created = analyst.post(&imports(source), &size(NEXT)).await;
            app.put(&created.body["upload"], NEXT).await;
            let message = app.next_message();
            let calls = AtomicUsize::new(0);
            wire.fail(move |_| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                (failing..failing + 3).contains(&call).then_some(fault)
            });
            app.run_message(message.clone()).await;
            wire.fail(|_| None);
            let first = shown(&analyst, source).await;
            let status = analyst.get(&import(source, 2)).await.text("status");
            assert_eq!(first == "IT", status == "done", "{fault:?} {failing}: {status}");
            let answer = app.run_message(message).await;
            assert_eq!(answer["batchItemFailures"], json!([]), "{fault:?} {failing}");
            assert_eq!(shown(&analyst, source).await, "IT", "{fault:?} {failing}");
            assert_eq!(analyst.get(&import(source, 2)).await.text("status"), "done");
        }
    }
}

#[tokio::test]
async fn a_process_that_ends_in_the_middle_is_followed_by_another() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    for step in 0..10 {
        let created = analyst.post(&imports(source), &size(NEXT)).await;
        let id = created.id();
        app.put(&created.body["upload"], NEXT).await;
        let message = app.next_message();
        let calls = AtomicUsize::new(0);
        // From that step on nothing is answered any more, and the job is dropped as by `kill -9`.
        app.bucket
            .fail(move |_| (calls.fetch_add(1, Ordering::Relaxed) >= step).then_some(ServiceFault::Hang));
        let limit = Duration::from_millis(300);
        let _ = tokio::time::timeout(limit, app.run_message(message.clone())).await;
        app.bucket.fail(|_| None);
        shown(&analyst, source).await;
        let other = app.another_instance();
        let answer = other.run_message(message).await;
        assert_eq!(answer["batchItemFailures"], json!([]), "step {step}");
        assert_eq!(analyst.get(&import(source, id)).await.text("status"), "done", "step {step}");
        assert_eq!(shown(&analyst, source).await, "IT");
    }
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    assert_eq!(app.data_versions(source).len(), 1, "what was left half done is swept");
}

#[tokio::test]
async fn a_queue_that_fails_leaves_no_version_behind() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    let created = analyst.post(&imports(source), &size(NEXT)).await;
    app.put(&created.body["upload"], NEXT).await;
    let message = app.next_message();
    app.queue.fail(|_| Some(ServiceFault::Unavailable));
    app.run_message(message.clone()).await;
    app.queue.fail(|_| None);
    let answer = app.run_message(message).await;
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert_eq!(shown(&analyst, source).await, "IT");
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    assert_eq!(app.data_versions(source).len(), 1);
}

#[tokio::test]
async fn a_queue_that_fails_keeps_a_source_from_being_deleted() {
    let (app, analyst, source) = start().await;
    app.queue.fail(|_| Some(ServiceFault::Unavailable));
    let refused = analyst.delete(&item(DATA_SOURCES, source)).await;
    assert_eq!((refused.status, refused.error().as_str()), (503, "service_unavailable"));
    app.queue.fail(|_| None);
    assert_eq!(analyst.delete(&item(DATA_SOURCES, source)).await.status, 204);
}

#[tokio::test]
async fn a_bucket_that_fails_is_a_503_for_who_asks_for_tables() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    app.bucket.fail(|_| Some(ServiceFault::Unavailable));
    for what in ["tables", "preview"] {
        let reply = analyst.get(&action(DATA_SOURCES, source, what)).await;
        assert_eq!((reply.status, reply.error().as_str()), (503, "service_unavailable"));
    }
}
