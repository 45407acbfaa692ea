//! `Idempotency-Key`: sent again, answered again, done once.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{API_KEYS, DASHBOARDS, DATA_SOURCES, action};
use tests::{Actor, Call, Fault, Reply, TestApp, TestRequest, TestUser, Wire};
use tokio::task::JoinSet;

async fn start() -> (Wire, TestApp, TestUser) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    (wire, app, owner)
}

/// A `POST` with that `Idempotency-Key`.
fn post(user: &TestUser, path: &str, key: &str, body: &Value) -> TestRequest {
    user.post(path, body).header("idempotency-key", key)
}

async fn count(user: &TestUser) -> u64 {
    user.get(DASHBOARDS).await.body["count"].as_u64().unwrap()
}

fn same(a: &Reply, b: &Reply) {
    assert_eq!((a.status, &a.body), (b.status, &b.body));
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(a.header(name), b.header(name), "{name}");
    }
}

#[tokio::test]
async fn a_repeated_post_is_answered_again() {
    let (_, app, owner) = start().await;
    let body = json!({ "name": "x" });
    let first = post(&owner, DASHBOARDS, "k", &body).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
    let again = post(&owner, "/api/dashboards", "k", &body).await;
    same(&first, &again);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(count(&owner).await, 1);

    assert_eq!(post(&owner, DASHBOARDS, "k2", &body).await.body["id"], 2, "another key is another request");
    let colleague = app.user(Role::Owner).await;
    assert_eq!(post(&colleague, DASHBOARDS, "k", &body).await.body["id"], 3, "and so is another user's");
    assert_eq!(owner.post(DASHBOARDS, &body).await.body["id"], 4);
}

#[tokio::test]
async fn a_key_is_for_one_request() {
    let (.., owner) = start().await;
    post(&owner, DASHBOARDS, "k", &json!({ "name": "x" })).await;
    for (path, body) in [
        (DASHBOARDS, json!({ "name": "y" })),
        (DATA_SOURCES, json!({ "name": "x" })),
        (&action(DASHBOARDS, 1, "duplicate"), json!({ "name": "x" })),
    ] {
        let reply = post(&owner, path, "k", &body).await;
        assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"), "{path}");
    }
    for key in ["", &"k".repeat(256)] {
        let reply = post(&owner, DASHBOARDS, key, &json!({ "name": "x" })).await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "bad_request"), "{key}");
    }
    assert_eq!(post(&owner, DASHBOARDS, &"k".repeat(255), &json!({ "name": "x" })).await.status, 201);
}

#[tokio::test]
async fn refusals_are_kept_too_but_not_failures() {
    let (wire, _, owner) = start().await;
    let refused = post(&owner, DASHBOARDS, "k", &json!({})).await;
    let again = post(&owner, DASHBOARDS, "k", &json!({})).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    same(&refused, &again);

    wire.fail(|call: &Call| (call.operation == "TransactWriteItems").then_some(Fault::ServerError));
    assert_eq!(post(&owner, DASHBOARDS, "k2", &json!({ "name": "x" })).await.status, 503);
    wire.fail(|_| None);
    assert_eq!(post(&owner, DASHBOARDS, "k2", &json!({ "name": "x" })).await.status, 201);
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    let (_, app, owner) = start().await;
    let body = json!({ "name": "x" });
    post(&owner, DASHBOARDS, "k", &body).await;
    app.clock.advance(Duration::from_secs(24 * 60 * 60 - 1));
    let owner = owner.sign_in().await;
    assert_eq!(post(&owner, DASHBOARDS, "k", &body).await.body["id"], 1);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(post(&owner, DASHBOARDS, "k", &body).await.body["id"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_make_one_and_get_one_answer() {
    let (_, app, owner) = start().await;
    let other_instance = app.another_instance();
    let mut requests = JoinSet::new();
    for number in 0..20 {
        let app = if number % 2 == 0 { &app } else { &other_instance };
        let owner = owner.at(&app.instance());
        requests.spawn(post(&owner, DASHBOARDS, "k", &json!({ "name": "x" })).into_future());
    }
    let replies = requests.join_all().await;
    for reply in &replies {
        assert_eq!(reply.status, 201, "{reply:?}");
        same(&replies[0], reply);
    }
    assert_eq!(replies.iter().filter(|reply| reply.header("idempotent-replayed").is_none()).count(), 1);
    assert_eq!(count(&owner).await, 1);
}

#[tokio::test]
async fn a_new_api_key_is_shown_again_and_rests_encrypted() {
    let (wire, _, owner) = start().await;
    wire.take_calls();
    let body = json!({ "name": "cron" });
    let first = post(&owner, API_KEYS, "k", &body).await;
    let key = first.text("key");
    assert!(!format!("{:?}", wire.take_calls()).contains(&key));
    assert_eq!(post(&owner, API_KEYS, "k", &body).await.text("key"), key);
}

#[tokio::test]
async fn what_was_done_is_answered_although_the_news_of_it_was_lost() {
    let (wire, _, owner) = start().await;
    tokio::time::pause();
    let body = json!({ "name": "x" });
    let is_create = |call: &Call| call.operation == "TransactWriteItems";
    wire.fail(move |call| is_create(call).then_some(Fault::LostAnswer));
    let first = post(&owner, DASHBOARDS, "k", &body).await;
    wire.fail(|_| None);
    let again = post(&owner, DASHBOARDS, "k", &body).await;
    assert_eq!(again.status, 201, "{again:?}");
    assert!(first.status == 201 || first.status == 503, "{first:?}");
    assert_eq!(count(&owner).await, 1, "not a second one");
}

#[tokio::test]
async fn a_crash_between_claim_and_answer_does_not_lock_the_key() {
    let (wire, app, owner) = start().await;
    tokio::time::pause();
    let body = json!({ "name": "x" });
    // Neither the work nor the letting go of the claim gets through: as if the process had ended.
    wire.fail(|call| {
        matches!(call.operation.as_str(), "TransactWriteItems" | "DeleteItem").then_some(Fault::ServerError)
    });
    assert_eq!(post(&owner, DASHBOARDS, "k", &body).await.status, 503);
    wire.fail(|_| None);
    let meanwhile = post(&owner, DASHBOARDS, "k", &body).await;
    assert_eq!(
        (meanwhile.status, meanwhile.error().as_str()),
        (409, "conflict"),
        "it might still be running"
    );
    app.clock.advance(Duration::from_secs(10));
    assert_eq!(post(&owner, DASHBOARDS, "k", &body).await.status, 201);
    assert_eq!(count(&owner).await, 1);
}

#[tokio::test]
async fn a_client_that_hangs_up_finds_its_work_done() {
    let (wire, _, owner) = start().await;
    tokio::time::pause();
    wire.hold(Duration::from_millis(50));
    let body = json!({ "name": "x" });
    let request = post(&owner, DASHBOARDS, "k", &body);
    assert!(
        tokio::time::timeout(Duration::from_millis(120), request).await.is_err(),
        "hung up in the middle"
    );
    let again = post(&owner, DASHBOARDS, "k", &body).await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!(count(&owner).await, 1);
}
