//! What only lost a race is tried again: a 409 means that the client's own request conflicts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use shared::model::Role;
use tests::entities::{dashboard, data_source};
use tests::paths::{DASHBOARDS, DATA_SOURCES, item};
use tests::{Actor, Call, Fault, TestApp, Wire};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_source_is_deleted_while_others_save_dashboards() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let used = data_source(&owner).await;
    let mut sources = Vec::new();
    for _ in 0..20 {
        sources.push(data_source(&owner).await);
    }
    let mut saves = JoinSet::new();
    for _ in 0..20 {
        let owner = owner.clone();
        let body = json!({ "name": "x", "widgets": [tests::widget::pie(used)] });
        saves.spawn(async move { owner.post(DASHBOARDS, &body).await.status });
    }
    for source in sources {
        let reply = owner.delete(&item(DATA_SOURCES, source)).await;
        assert_eq!(reply.status, 204, "{reply:?}");
    }
    // With one of twenty writers to a directory at a time, some may run out of time: they are told to come again.
    assert!(saves.join_all().await.iter().all(|status| matches!(status, 201 | 503)));
}

#[tokio::test]
async fn a_race_that_is_lost_is_run_again() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let (source, id) = (data_source(&owner).await, dashboard(&owner, json!([])).await);
    // What each first attempt relies on has changed when it arrives: the dashboards' directory, and the original.
    for request in [
        owner.delete(&item(DATA_SOURCES, source)),
        owner.post(&format!("{}duplicate/", item(DASHBOARDS, id)), &json!({})),
    ] {
        let attempts = Arc::new(AtomicUsize::new(0));
        let counted = attempts.clone();
        wire.fail(move |call: &Call| {
            let is_first =
                call.operation == "TransactWriteItems" && counted.fetch_add(1, Ordering::Relaxed) == 0;
            is_first.then_some(Fault::Overtaken)
        });
        let reply = request.await;
        assert!(matches!(reply.status, 201 | 204), "{reply:?}");
        assert_eq!(attempts.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_is_duplicated_while_it_is_edited() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let id = dashboard(&owner, json!([])).await;
    let mut edits = JoinSet::new();
    for number in 0..20 {
        let owner = owner.clone();
        edits.spawn(async move {
            owner.patch(&item(DASHBOARDS, id), &json!({ "description": number.to_string() })).await.status
        });
    }
    for _ in 0..20 {
        let reply = owner.post(&format!("{}duplicate/", item(DASHBOARDS, id)), &json!({})).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
    assert!(edits.join_all().await.iter().all(|status| *status == 200));
}

#[tokio::test]
async fn a_source_that_is_used_is_still_a_conflict() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let source = data_source(&owner).await;
    dashboard(&owner, json!([tests::widget::pie(source)])).await;
    let reply = owner.delete(&item(DATA_SOURCES, source)).await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
}
