//! When what the API stands on fails: a 503 that says when to come back, and nobody admitted unseen.

use std::time::Duration;

use local::demo;
use local::secrets_manager::SecretsManager;
use shared::model::Role;
use shared::service::app::Stores;
use shared::store::Secrets;
use shared::store::aws;
use tests::paths::{API_KEYS, HEALTH, LOGIN, STATUS, item};
use tests::{Actor, Call, Fault, Instance, Reply, TestApp, TestKey, TestUser, Wire, entities};
use tokio::time::Instant;

async fn on_the_wire() -> (Wire, TestApp, TestUser, TestKey) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_write").await;
    wire.take_calls();
    (wire, app, owner, key)
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
    let (wire, _, owner, key) = on_the_wire().await;
    tokio::time::pause();
    for fault in [Fault::Throttled, Fault::ServerError, Fault::Hang, Fault::LostAnswer] {
        for (part, name) in [(is_counter as fn(&Call) -> bool, "counter"), (is_records, "records")] {
            wire.fail(move |call| part(call).then_some(fault));
            for request in [
                owner.get(STATUS),
                key.get(STATUS),
                owner.get(&item(API_KEYS, 1)),
                owner.delete(&item(API_KEYS, 1)),
            ] {
                if (fault, name) == (Fault::LostAnswer, "records") {
                    continue;
                }
                let started = Instant::now();
                let reply = request.await;
                unavailable(&reply, &format!("{fault:?} of {name}"));
                assert!(started.elapsed() < Duration::from_secs(5), "{fault:?} of {name}");
            }
        }
    }
    wire.fail(|_| None);
    let shown = owner.get(&item(API_KEYS, 1)).await;
    assert_eq!(shown.status, 200, "nothing was deleted: {shown:?}");
}

#[tokio::test]
async fn a_passing_fault_of_a_read_is_not_seen() {
    let (wire, _, owner, _) = on_the_wire().await;
    tokio::time::pause();
    for fault in [Fault::Throttled, Fault::ServerError, Fault::Hang] {
        let mut failed = false;
        wire.fail(move |call| (is_records(call) && !std::mem::replace(&mut failed, true)).then_some(fault));
        assert_eq!(owner.get(STATUS).await.status, 200, "{fault:?}");
    }
}

#[tokio::test]
async fn a_request_counts_once_even_if_the_answer_is_lost() {
    let (wire, _, owner, _) = on_the_wire().await;
    wire.fail(|call| is_counter(call).then_some(Fault::LostAnswer));
    assert_eq!(owner.get(STATUS).await.status, 503);
    wire.fail(|_| None);
    let reply = owner.get(STATUS).await;
    // The key was made with one request, the lost one is the second, this is the third.
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("997"));
}

#[tokio::test]
async fn a_use_that_cannot_be_noted_is_noted_later() {
    let (wire, app, owner, key) = on_the_wire().await;
    let is_note = |call: &Call| call.operation == "UpdateItem" && !is_counter(call);
    wire.fail(move |call| is_note(call).then_some(Fault::Throttled));
    assert_eq!(key.get(STATUS).await.status, 200);
    tokio::time::pause();
    app.after_answer().await;
    wire.fail(|_| None);
    app.clock.advance(Duration::from_mins(1));
    app.after_answer().await;
    let shown = owner.get(&item(API_KEYS, 1)).await;
    assert_eq!(shown.body["usage_count"], 1);
}

#[tokio::test]
async fn whatever_hangs_a_request_ends_within_five_seconds() {
    let (wire, app, owner, _) = on_the_wire().await;
    tokio::time::pause();
    wire.fail(|call| (call.operation != "UpdateItem").then_some(Fault::Hang));
    for request in [
        owner.get(STATUS),
        app.get(HEALTH),
        owner.request("POST", API_KEYS).body(r#"{"name": "x"}"#),
        app.post(LOGIN).body(r#"{"email": "a@b", "password": "x"}"#),
    ] {
        let started = Instant::now();
        let reply = request.await;
        unavailable(&reply, "hang");
        assert!(started.elapsed() <= Duration::from_secs(5), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_cached_secret_serves_on_and_none_is_a_503() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let secrets_manager = SecretsManager::start(None).unwrap();
    let mut settings = tests::settings();
    settings.secrets_manager_endpoint = Some(format!("http://{}", secrets_manager.address()));
    let (_, client) = aws::clients(&settings, aws::http_client().unwrap());
    demo::create_secret(&client, "secret").await.unwrap();
    let instance = || {
        let secrets = Secrets::new(client.clone(), "secret".into(), app.clock.clock());
        app.instance_over(Stores { secrets, ..app.stores() })
    };
    let (warm, cold) = (instance(), instance());
    let body = serde_json::json!({ "email": owner.user.email, "password": tests::PASSWORD });
    let login = async |instance: &Instance| instance.request("POST", LOGIN).json(&body).await;
    let signed_in = owner.at(&warm).sign_in().await;

    drop(secrets_manager);
    app.clock.advance(Duration::from_mins(6));
    assert_eq!(signed_in.get(STATUS).await.status, 200);
    assert_eq!(login(&warm).await.status, 200);
    unavailable(&signed_in.at(&cold).get(STATUS).await, "without a secret");
    unavailable(&login(&cold).await, "without a secret");
}
