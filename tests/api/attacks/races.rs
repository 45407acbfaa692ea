//! What only lost a race is tried again: a 409 means that the client's own request conflicts.

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
    let other = owner.clone();
    // While each first attempt is on its way, somebody else saves what it read.
    for request in [
        owner.request("DELETE", &item(DATA_SOURCES, source)),
        owner.post(&format!("{}duplicate/", item(DASHBOARDS, id)), &json!({})),
        owner.patch(&item(DASHBOARDS, id), &json!({ "name": "mine" })),
    ] {
        let mut first = true;
        wire.fail(move |call: &Call| {
            let is_first = call.operation == "TransactWriteItems" && std::mem::take(&mut first);
            is_first.then_some(Fault::TransactionConflict)
        });
        let (reply, saved) = tokio::join!(
            request.into_future(),
            other.post(DASHBOARDS, &json!({ "name": "theirs" })).into_future()
        );
        assert!(matches!(reply.status, 200 | 201 | 204), "{reply:?}");
        assert_eq!(saved.status, 201, "{saved:?}");
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
