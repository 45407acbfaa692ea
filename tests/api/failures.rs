//! When what the API stands on fails: a 503 that says when to come back, and nobody admitted unseen.

use std::time::Duration;

use local::demo;
use local::secrets_manager::SecretsManager;
use shared::model::Role;
use shared::service::App;
use shared::store::aws;
use shared::store::{Secrets, Store};
use tests::{Call, Fault, Reply, TestApp, TestRequest, TestUser, Wire};
use tokio::time::Instant;

const STATUS: &str = "/api/auth/status/";

async fn on_the_wire() -> (Wire, TestApp, TestUser, String) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_write").await.pair();
    wire.take_calls();
    (wire, app, user, key)
}

fn unavailable(reply: &Reply, context: &str) {
    assert_eq!((reply.status, reply.error().as_str()), (503, "service_unavailable"), "{context}");
    assert_eq!(reply.header("retry-after"), Some("1"), "{context}");
    assert!(reply.body.get("user").is_none() && !reply.body.to_string().contains("Dynamo"), "{reply:?}");
}

fn is_counter(call: &Call) -> bool {
    call.body["TableName"] == "test-counters"
}

fn is_records(call: &Call) -> bool {
    call.operation == "BatchGetItem"
}

#[tokio::test]
async fn what_fails_during_admission_is_a_503_within_five_seconds() {
    let (wire, app, user, key) = on_the_wire().await;
    tokio::time::pause();
    for fault in [Fault::Throttled, Fault::ServerError, Fault::Hang, Fault::LostAnswer] {
        for (part, name) in [(is_counter as fn(&Call) -> bool, "counter"), (is_records, "records")] {
            wire.fail(move |call| part(call).then_some(fault));
            for request in [
                app.get(STATUS).token(&user.access),
                app.get(STATUS).api_key(&key),
                app.get("/api/api-keys/1/").token(&user.access),
                app.request("DELETE", "/api/api-keys/1/").token(&user.access),
            ] {
                if (fault, name) == (Fault::LostAnswer, "records") {
                    continue;
                }
                let started = Instant::now();
                let reply = request.send().await;
                unavailable(&reply, &format!("{fault:?} of {name}"));
                assert!(started.elapsed() < Duration::from_secs(5), "{fault:?} of {name}");
            }
        }
    }
    wire.fail(|_| None);
    let shown = app.get("/api/api-keys/1/").token(&user.access).send().await;
    assert_eq!(shown.status, 200, "nothing was deleted: {shown:?}");
}

#[tokio::test]
async fn a_passing_fault_of_a_read_is_not_seen() {
    let (wire, app, user, _) = on_the_wire().await;
    tokio::time::pause();
    for fault in [Fault::Throttled, Fault::ServerError, Fault::Hang] {
        let mut failed = false;
        wire.fail(move |call| (is_records(call) && !std::mem::replace(&mut failed, true)).then_some(fault));
        assert_eq!(app.get(STATUS).token(&user.access).send().await.status, 200, "{fault:?}");
    }
}

#[tokio::test]
async fn a_request_counts_once_even_if_the_answer_is_lost() {
    let (wire, app, user, _) = on_the_wire().await;
    wire.fail(|call| is_counter(call).then_some(Fault::LostAnswer));
    assert_eq!(app.get(STATUS).token(&user.access).send().await.status, 503);
    wire.fail(|_| None);
    let reply = app.get(STATUS).token(&user.access).send().await;
    // The key was made with one request, the lost one is the second, this is the third.
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("997"));
}

#[tokio::test]
async fn a_use_that_cannot_be_noted_is_noted_later() {
    let (wire, app, user, key) = on_the_wire().await;
    let is_note = |call: &Call| call.operation == "UpdateItem" && !is_counter(call);
    wire.fail(move |call| is_note(call).then_some(Fault::Throttled));
    assert_eq!(app.get(STATUS).api_key(&key).send().await.status, 200);
    tokio::time::pause();
    app.after_answer().await;
    wire.fail(|_| None);
    app.clock.advance(Duration::from_mins(1));
    app.after_answer().await;
    let shown = app.get("/api/api-keys/1/").token(&user.access).send().await;
    assert_eq!(shown.body["usage_count"], 1);
}

#[tokio::test]
async fn whatever_hangs_a_request_ends_within_five_seconds() {
    let (wire, app, user, _) = on_the_wire().await;
    tokio::time::pause();
    wire.fail(|call| (call.operation != "UpdateItem").then_some(Fault::Hang));
    for request in [
        app.get(STATUS).token(&user.access),
        app.get("/api/health/"),
        app.post("/api/api-keys/").token(&user.access).body(r#"{"name": "x"}"#),
        app.post("/api/auth/login/").body(r#"{"email": "a@b", "password": "x"}"#),
    ] {
        let started = Instant::now();
        let reply = request.send().await;
        unavailable(&reply, "hang");
        assert!(started.elapsed() <= Duration::from_secs(5), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_cached_secret_serves_on_and_none_is_a_503() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    let secrets_manager = SecretsManager::start(None).unwrap();
    let mut settings = tests::settings();
    settings.secrets_manager_endpoint = Some(format!("http://{}", secrets_manager.address()));
    let (_, client) = aws::clients(settings, aws::http_client().unwrap());
    demo::create_secret(&client, "secret").await.unwrap();
    let instance = || {
        let store = Store::new(app.dynamodb.clone(), tests::table_names());
        let secrets = Secrets::new(client.clone(), "secret".into(), app.clock.clock());
        groups::routes().into_router(App::new(store, secrets, app.clock.clock(), tests::config()))
    };
    let (warm, cold) = (instance(), instance());
    let body = serde_json::json!({ "email": user.user.email, "password": tests::PASSWORD });
    let login = async |router: &axum::Router| {
        TestRequest::new(router.clone(), "POST", "/api/auth/login/").json(&body).send().await
    };
    let access = login(&warm).await.text("access");

    drop(secrets_manager);
    app.clock.advance(Duration::from_mins(6));
    let status =
        |router: &axum::Router| TestRequest::new(router.clone(), "GET", STATUS).token(&access).send();
    assert_eq!(status(&warm).await.status, 200);
    assert_eq!(login(&warm).await.status, 200);
    unavailable(&status(&cold).await, "without a secret");
    unavailable(&login(&cold).await, "without a secret");
}
