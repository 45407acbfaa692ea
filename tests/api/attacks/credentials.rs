//! Forged credentials: they read nothing of their victims, and cost them nothing.

use std::net::Ipv4Addr;

use jsonwebtoken::{Algorithm, Header};
use serde_json::json;
use shared::model::Role;
use tests::entities::{api_key, dashboard};
use tests::paths::{DASHBOARDS, STATUS, item};
use tests::{Actor, Call, Instance, TestApp, Wire};

fn keys_read(call: &Call) -> Vec<String> {
    let keys = call.body["RequestItems"]["test-entities"]["Keys"].as_array().cloned().unwrap_or_default();
    keys.iter().map(|key| key["sk"]["S"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_forged_key_reads_only_what_proves_that_it_is_forged() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = api_key(&owner, "read_only").await;
    dashboard(&owner, json!([tests::widget::text(&"x".repeat(8_000))])).await;
    key.get(STATUS).await;
    wire.take_calls();
    for id in [1, 2] {
        let reply = key.forged().get(&item(DASHBOARDS, id)).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
        let calls = wire.take_calls();
        assert_eq!(calls.len(), 2, "the same for what is there and what is not");
        assert_eq!(keys_read(&calls[0]), ["USER#1", "APIKEY#1"]);
        let counter = calls[1].body["Key"]["pk"]["S"].as_str().unwrap();
        assert!(counter.starts_with("refused-key-address#"), "the address is counted, and no key: {counter}");
    }
}

#[tokio::test]
async fn an_address_that_sends_forged_keys_is_refused_before_anything_is_read() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = api_key(&owner, "read_only").await;
    key.get(STATUS).await;
    for _ in 0..30 {
        assert_eq!(key.forged().get(STATUS).await.status, 401);
    }
    wire.take_calls();
    for _ in 0..20 {
        let reply = key.forged().get(STATUS).await;
        assert_eq!((reply.status, reply.error().as_str()), (429, "rate_limited"));
    }
    assert!(wire.take_calls().is_empty(), "nothing is read or written for it");

    assert_eq!(key.get(STATUS).await.status, 200, "a key that was proved is not held up by its neighbors");
    assert_eq!(owner.get(STATUS).await.status, 200);
    let elsewhere = Instance { address: Ipv4Addr::new(192, 0, 2, 7).into(), ..app.instance() };
    assert_eq!(
        key.forged().at(&elsewhere).get(STATUS).await.status,
        401,
        "another address has its own budget"
    );

    let reply = key.forged().get(STATUS).await;
    let wait = reply.header("retry-after").unwrap().parse().unwrap();
    app.clock.advance(std::time::Duration::from_secs(wait));
    assert_eq!(key.forged().get(STATUS).await.status, 401);
}

#[tokio::test]
async fn another_instance_learns_of_a_refused_address_with_its_first_forged_key() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = api_key(&owner, "read_only").await;
    for _ in 0..30 {
        key.forged().get(STATUS).await;
    }
    let other = app.another_instance().instance();
    assert_eq!(key.forged().at(&other).get(STATUS).await.status, 401);
    assert_eq!(key.forged().at(&other).get(STATUS).await.status, 429);
}

#[tokio::test]
async fn a_key_that_was_proved_is_still_refused_once_it_is_revoked() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = api_key(&owner, "read_only").await;
    dashboard(&owner, json!([])).await;
    assert_eq!(key.get(&item(DASHBOARDS, 1)).await.status, 200);
    owner.delete(&item(tests::paths::API_KEYS, key.id)).await;
    let reply = key.get(&item(DASHBOARDS, 1)).await;
    assert_eq!((reply.status, reply.header("etag")), (401, None));
}

#[tokio::test]
async fn a_token_with_critical_headers_is_refused() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let claims = tests::token::claims(&app, &owner);
    let kid = tests::token::header(&app).await.kid;
    let header = Header { kid, crit: Some(vec!["b64".into()]), ..Header::new(Algorithm::HS256) };
    let token = tests::token::sign(&app, &header, &claims).await;
    let reply = app.get(STATUS).token(&token).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"));
    assert!(reply.text("detail").contains("crit"), "{reply:?}");
}
