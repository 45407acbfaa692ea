//! `POST /api/auth/login/`

use serde_json::{Value, json};
use shared::access::{Password, password};
use shared::model::Role;
use shared::model::user::{PasswordHash, Status};
use shared::store::users;
use tests::paths::{LOGIN, STATUS};
use tests::{Actor, PASSWORD, Reply, TestApp};

#[tokio::test]
async fn the_right_password_gets_two_tokens_and_nothing_else() {
    let app = TestApp::start().await;
    let user = app.user(Role::Viewer).await.user;
    let reply = app.login(&user.email.to_string(), PASSWORD).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["access", "refresh"]);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn an_email_may_differ_in_case_and_have_space_around_it() {
    let app = TestApp::start().await;
    let user = app.user(Role::Viewer).await.user;
    let email = format!("  {} ", user.email.to_string().to_uppercase());
    assert_eq!(app.login(&email, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_email_and_a_deactivated_user_get_one_answer() {
    let app = TestApp::start().await;
    let active = app.user(Role::Viewer).await.user;
    let gone = app.user(Role::Viewer).await.user;
    users::set_status(&app.app.store, app.organization_id(), gone.id, Status::Deactivated).await.unwrap();

    let wrong = app.login(&active.email.to_string(), "wrong").await;
    let unknown = app.login("nobody@nowhere.example", PASSWORD).await;
    let deactivated = app.login(&gone.email.to_string(), PASSWORD).await;
    assert_eq!((wrong.status, wrong.error().as_str()), (401, "invalid_credentials"));
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(wrong.body, deactivated.body);
}

#[tokio::test]
async fn a_hash_with_past_parameters_is_replaced_and_tokens_stay_good() {
    let app = TestApp::start().await;
    // argon2id with 8 MiB, t=1, p=1 of `PASSWORD`.
    let past: PasswordHash = serde_json::from_value(json!(PAST_HASH)).unwrap();
    let email = format!("{}@example.com", app.organization_id());
    let before = app.user_with_hash(Role::Viewer, &email, past.clone()).await;

    let stored = users::find(&app.app.store, app.organization_id(), before.user.id).await.unwrap().unwrap();
    assert_ne!(stored.password_hash, past);
    let check = password::check(Password::parse(PASSWORD.into()).unwrap(), Some(stored.password_hash)).await;
    assert_eq!(check.unwrap(), password::Check::Right);
    assert_eq!(before.get(STATUS).await.status, 200);
    assert_eq!(app.login(&email, PASSWORD).await.status, 200);
}

const PAST_HASH: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$n5onxyK0cSYnrKwuBCTgKQ$+TTU2lJGxOxErHaRSl5kfCqukJ30Kg4K8oxmmADiC3Y";

async fn refused(body: Value) -> Reply {
    let reply = TestApp::start().await.post(LOGIN).json(&body).await;
    assert_eq!((reply.status, reply.error().as_str()), (400, "validation_error"), "{body}");
    reply
}

#[tokio::test]
async fn all_mistakes_are_named_at_once() {
    let reply = refused(json!({ "email": 5, "passwort": "x" })).await;
    assert_eq!(reply.reasons("email"), "Expected a string, got an integer.");
    assert_eq!(reply.reasons("password"), "This field is required.");
    assert_eq!(reply.reasons("passwort"), "Unknown; expected one of email, password.");
}

#[tokio::test]
async fn fields_must_be_there_and_within_bounds() {
    assert_eq!(refused(json!({})).await.reasons("email"), "This field is required.");
    for (email, reason) in [
        (json!(""), "Must not be empty."),
        (json!("you"), "Must be an email address, like you@example.com."),
        (json!("y\0u@example.com"), "Must be an email address, like you@example.com."),
        (json!("x".repeat(300) + "@example.com"), "Must not be longer than 254 bytes."),
        (json!(null), "Expected a string, got null."),
        (json!(["you@example.com"]), "Expected a string, got an array."),
    ] {
        let reply = refused(json!({ "email": email, "password": "x" })).await;
        assert_eq!(reply.reasons("email"), reason, "{email}");
    }
    for (password, reason) in [
        (json!(""), "Must not be empty."),
        (json!("x".repeat(1025)), "Must not be longer than 1024 bytes."),
        (json!({}), "Expected a string, got an object."),
        (json!(1.5), "Expected a string, got a number with a fraction."),
    ] {
        let reply = refused(json!({ "email": "you@example.com", "password": password })).await;
        assert_eq!(reply.reasons("password"), reason, "{password}");
    }
}
