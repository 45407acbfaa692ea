//! `Idempotency-Key`: sent again, answered again, done once.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::{Call, Fault, Reply, TestApp, TestRequest, TestUser, Wire};
use tokio::task::JoinSet;

const DASHBOARDS: &str = "/api/dashboards/";

async fn start() -> (Wire, TestApp, TestUser) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Owner).await;
    (wire, app, user)
}

fn post(app: &TestApp, user: &TestUser, path: &str, key: &str, body: &Value) -> TestRequest {
    app.post(path).token(&user.access).header("idempotency-key", key).json(body)
}

async fn count(app: &TestApp, user: &TestUser) -> u64 {
    app.get(DASHBOARDS).token(&user.access).send().await.body["count"].as_u64().unwrap()
}

fn same(a: &Reply, b: &Reply) {
    assert_eq!((a.status, &a.body), (b.status, &b.body));
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(a.header(name), b.header(name), "{name}");
    }
}

#[tokio::test]
async fn a_repeated_post_is_answered_again() {
    let (_, app, user) = start().await;
    let body = json!({ "name": "x" });
    let first = post(&app, &user, DASHBOARDS, "k", &body).send().await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
    let again = post(&app, &user, "/api/dashboards", "k", &body).send().await;
    same(&first, &again);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(count(&app, &user).await, 1);

    assert_eq!(
        post(&app, &user, DASHBOARDS, "k2", &body).send().await.body["id"],
        2,
        "another key is another request"
    );
    let colleague = app.user(Role::Owner).await;
    assert_eq!(
        post(&app, &colleague, DASHBOARDS, "k", &body).send().await.body["id"],
        3,
        "and so is another user's"
    );
    assert_eq!(app.post(DASHBOARDS).token(&user.access).json(&body).send().await.body["id"], 4);
}

#[tokio::test]
async fn a_key_is_for_one_request() {
    let (_, app, user) = start().await;
    post(&app, &user, DASHBOARDS, "k", &json!({ "name": "x" })).send().await;
    for (path, body) in [
        (DASHBOARDS, json!({ "name": "y" })),
        ("/api/data-sources/", json!({ "name": "x" })),
        ("/api/dashboards/1/duplicate/", json!({ "name": "x" })),
    ] {
        let reply = post(&app, &user, path, "k", &body).send().await;
        assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"), "{path}");
    }
    for key in ["", &"k".repeat(256)] {
        let reply = post(&app, &user, DASHBOARDS, key, &json!({ "name": "x" })).send().await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "bad_request"), "{key}");
    }
    assert_eq!(
        post(&app, &user, DASHBOARDS, &"k".repeat(255), &json!({ "name": "x" })).send().await.status,
        201
    );
}

#[tokio::test]
async fn refusals_are_kept_too_but_not_failures() {
    let (wire, app, user) = start().await;
    let refused = post(&app, &user, DASHBOARDS, "k", &json!({})).send().await;
    let again = post(&app, &user, DASHBOARDS, "k", &json!({})).send().await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    same(&refused, &again);

    wire.fail(|call: &Call| (call.operation == "TransactWriteItems").then_some(Fault::ServerError));
    assert_eq!(post(&app, &user, DASHBOARDS, "k2", &json!({ "name": "x" })).send().await.status, 503);
    wire.fail(|_| None);
    assert_eq!(post(&app, &user, DASHBOARDS, "k2", &json!({ "name": "x" })).send().await.status, 201);
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    let (_, app, user) = start().await;
    let body = json!({ "name": "x" });
    post(&app, &user, DASHBOARDS, "k", &body).send().await;
    app.clock.advance(Duration::from_secs(24 * 60 * 60 - 1));
    let user = TestUser {
        access: app.login(&user.user.email.to_string(), tests::PASSWORD).await.text("access"),
        ..user
    };
    assert_eq!(post(&app, &user, DASHBOARDS, "k", &body).send().await.body["id"], 1);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(post(&app, &user, DASHBOARDS, "k", &body).send().await.body["id"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_make_one_and_get_one_answer() {
    let (_, app, user) = start().await;
    let other_instance = app.another_instance();
    let mut requests = JoinSet::new();
    for number in 0..20 {
        let app = if number % 2 == 0 { &app } else { &other_instance };
        requests.spawn(post(app, &user, DASHBOARDS, "k", &json!({ "name": "x" })).send());
    }
    let replies = requests.join_all().await;
    for reply in &replies {
        assert_eq!(reply.status, 201, "{reply:?}");
        same(&replies[0], reply);
    }
    assert_eq!(replies.iter().filter(|reply| reply.header("idempotent-replayed").is_none()).count(), 1);
    assert_eq!(count(&app, &user).await, 1);
}

#[tokio::test]
async fn a_new_api_key_is_shown_again_and_rests_encrypted() {
    let (wire, app, user) = start().await;
    wire.take_calls();
    let body = json!({ "name": "cron" });
    let first = post(&app, &user, "/api/api-keys/", "k", &body).send().await;
    let key = first.text("key");
    assert!(!format!("{:?}", wire.take_calls()).contains(&key));
    assert_eq!(post(&app, &user, "/api/api-keys/", "k", &body).send().await.text("key"), key);
}

#[tokio::test]
async fn what_was_done_is_answered_although_the_news_of_it_was_lost() {
    let (wire, app, user) = start().await;
    tokio::time::pause();
    let body = json!({ "name": "x" });
    let is_create = |call: &Call| call.operation == "TransactWriteItems";
    wire.fail(move |call| is_create(call).then_some(Fault::LostAnswer));
    let first = post(&app, &user, DASHBOARDS, "k", &body).send().await;
    wire.fail(|_| None);
    let again = post(&app, &user, DASHBOARDS, "k", &body).send().await;
    assert_eq!(again.status, 201, "{again:?}");
    assert!(first.status == 201 || first.status == 503, "{first:?}");
    assert_eq!(count(&app, &user).await, 1, "not a second one");
}

#[tokio::test]
async fn a_crash_between_claim_and_answer_does_not_lock_the_key() {
    let (wire, app, user) = start().await;
    tokio::time::pause();
    let body = json!({ "name": "x" });
    // Neither the work nor the letting go of the claim gets through: as if the process had ended.
    wire.fail(|call| {
        matches!(call.operation.as_str(), "TransactWriteItems" | "DeleteItem").then_some(Fault::ServerError)
    });
    assert_eq!(post(&app, &user, DASHBOARDS, "k", &body).send().await.status, 503);
    wire.fail(|_| None);
    let meanwhile = post(&app, &user, DASHBOARDS, "k", &body).send().await;
    assert_eq!(
        (meanwhile.status, meanwhile.error().as_str()),
        (409, "conflict"),
        "it might still be running"
    );
    app.clock.advance(Duration::from_secs(10));
    assert_eq!(post(&app, &user, DASHBOARDS, "k", &body).send().await.status, 201);
    assert_eq!(count(&app, &user).await, 1);
}

#[tokio::test]
async fn a_client_that_hangs_up_finds_its_work_done() {
    let (wire, app, user) = start().await;
    tokio::time::pause();
    wire.hold(Duration::from_millis(50));
    let body = json!({ "name": "x" });
    let request = post(&app, &user, DASHBOARDS, "k", &body).send();
    assert!(
        tokio::time::timeout(Duration::from_millis(120), request).await.is_err(),
        "hung up in the middle"
    );
    let again = post(&app, &user, DASHBOARDS, "k", &body).send().await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!(count(&app, &user).await, 1);
}
