//! Requests that are almost right.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use serde_json::json;
use shared::model::Role;
use tests::entities::api_key;
use tests::paths::{API_KEYS, DASHBOARDS, DATA_SOURCES, LOGIN, STATUS, item};
use tests::{Actor, TestApp, TestUser, Wire};

async fn database(user: &TestUser) -> u64 {
    let body = json!({
        "name": "x", "type": "database", "engine": "postgresql",
        "connection": {
            "host": "db.example.com", "database": "d", "username": "u", "password": "p", "ssl_mode": "verify_full",
        },
    });
    user.post(DATA_SOURCES, &body).await.id()
}

#[tokio::test]
async fn whole_numbers_are_integers_however_they_are_written() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = api_key(&owner, "read_only").await;
    let path = format!("{}rotate/", item(API_KEYS, key.id));
    let reply = owner.request("POST", &path).body(r#"{"grace_period_seconds": 368.0}"#).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let widget = r#"{"name": "x", "widgets": [{"title": "t", "type": "text", "options": {"text": "t"},
        "position": {"x": 0.0, "y": 1e1, "width": 12.0, "height": 1}}]}"#;
    let reply = owner.request("POST", DASHBOARDS).body(widget).await;
    assert_eq!((reply.status, &reply.body["widgets"][0]["position"]["y"]), (201, &json!(10)));
    let reply = owner.request("POST", &path).body(r#"{"grace_period_seconds": 368.5}"#).await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn a_patch_that_removes_what_there_is_not_names_it() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let path = item(DATA_SOURCES, database(&owner).await);
    let reply = owner.patch(&path, &json!({ "connection": { "passwrod": null } })).await;
    assert!(reply.reasons("connection.passwrod").starts_with("Unknown; expected one of"), "{reply:?}");
    let reply = owner.patch(&path, &json!({ "connection": { "password": null } })).await;
    assert_eq!((reply.status, &reply.body["connection"]["password_set"]), (200, &json!(false)));
    let reply = owner.patch(&path, &json!({ "connection": { "password": null } })).await;
    assert_eq!(reply.status, 200, "what is removed already may be removed again: {reply:?}");
}

#[tokio::test]
async fn a_connection_that_is_less_protected_loses_its_secret() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let path = item(DATA_SOURCES, database(&owner).await);
    for weaker in ["require", "disable"] {
        let reply = owner.patch(&path, &json!({ "connection": { "ssl_mode": weaker } })).await;
        assert!(reply.reasons("connection.password").contains("less protected"), "{reply:?}");
    }
    let sent_again = json!({ "connection": { "ssl_mode": "disable", "password": "p" } });
    assert_eq!(owner.patch(&path, &sent_again).await.status, 200);
    assert_eq!(owner.patch(&path, &json!({ "connection": { "ssl_mode": "require" } })).await.status, 200);
}

#[tokio::test]
async fn an_idempotency_key_is_for_one_content_type_and_is_printable() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let post = |content_type: &str| {
        let request = owner.request("POST", DASHBOARDS).header("content-type", content_type);
        request.header("idempotency-key", "k").body(r#"{"name": "x"}"#)
    };
    assert_eq!(post("application/json").await.status, 201);
    let reply = post("text/plain").await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
    let reply = owner.post(DASHBOARDS, &json!({ "name": "x" })).header("idempotency-key", "a\tb").await;
    assert_eq!((reply.status, reply.error().as_str()), (400, "bad_request"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_the_clients_to_send_again() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    tokio::time::pause();
    let never = || Body::from_stream(futures_util::stream::pending::<Result<Bytes, Infallible>>());
    let broken = || {
        let part =
            [Ok(Bytes::from_static(b"{")), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
        Body::from_stream(futures_util::stream::iter(part))
    };
    for request in [
        app.post(LOGIN).body(never()),
        app.post(LOGIN).body(broken()),
        owner.request("POST", DASHBOARDS).body(never()),
        owner.request("POST", DASHBOARDS).header("idempotency-key", "k").body(never()),
        owner.request("PATCH", "/api/dashboards/1/").body(broken()),
    ] {
        let reply = request.await;
        assert_eq!((reply.status, reply.error().as_str()), (408, "request_timeout"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_sign_in_over_both_budgets_is_told_the_later_of_the_two() {
    let app = TestApp::start().await;
    let user = app.user(Role::Viewer).await;
    let email = user.user.email.to_string();
    let mut waits = Vec::new();
    for _ in 0..31 {
        let reply = app.login(&email, "wrong").await;
        waits.extend(reply.header("retry-after").map(|wait| wait.parse::<u64>().unwrap()));
    }
    // The email's budget ended first; now the address's has, too.
    let both = *waits.last().unwrap();
    app.clock.advance(Duration::from_secs(both));
    assert_ne!(app.login(&email, "wrong").await.status, 429, "waiting as told is enough");
}

#[tokio::test]
async fn every_answer_says_to_come_by_https() {
    let app = TestApp::start().await;
    for reply in [app.get(STATUS).await, app.get("/api/health/").await, app.get("/nowhere").await] {
        assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
    }
}
