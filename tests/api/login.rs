//! `POST /api/auth/login/`

use serde_json::{Value, json};
use shared::access::{Password, password};
use shared::model::Role;
use shared::model::user::{PasswordHash, Status};
use shared::store::users;
use tests::{PASSWORD, Reply, TestApp};

const LOGIN: &str = "/api/auth/login/";

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
    assert_eq!(app.get("/api/auth/status/").token(&before.access).send().await.status, 200);
    assert_eq!(app.login(&email, PASSWORD).await.status, 200);
}

const PAST_HASH: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$n5onxyK0cSYnrKwuBCTgKQ$+TTU2lJGxOxErHaRSl5kfCqukJ30Kg4K8oxmmADiC3Y";

async fn refused(body: Value) -> Reply {
    let reply = TestApp::start().await.post(LOGIN).json(&body).send().await;
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

#[tokio::test]
async fn a_body_that_is_no_json_object_is_told_what_it_is() {
    let app = TestApp::start().await;
    for (body, says) in [
        (&b""[..], "The body is empty; send a JSON object."),
        (b"  \n", "The body is empty; send a JSON object."),
        (b"{\"email\": ", "The body is not JSON: EOF while parsing a value at line 1 column 10."),
        (b"email=you", "The body is not JSON: expected value at line 1 column 1."),
        (b"[]", "The body must be a JSON object, not an array."),
        (b"\"text\"", "The body must be a JSON object, not a string."),
        (b"null", "The body must be a JSON object, not null."),
        (b"{\"email\": \"\xff\"}", "The body is not UTF-8 from byte 11 on."),
        (b"{\"email\": \"a\0b\"}", "The body is not JSON: control character"),
        (b"{} {}", "The body is not JSON: trailing characters"),
        (b"{\"a\": 1e999}", "The body is not JSON: number out of range"),
    ] {
        let reply = app.post(LOGIN).body(body).send().await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "invalid_json"), "{body:?}");
        assert!(reply.text("detail").starts_with(says), "{reply:?}");
    }
    let deep = "[".repeat(100_000);
    let reply = app.post(LOGIN).body(format!("{{\"email\": {deep}")).send().await;
    assert_eq!(reply.error(), "invalid_json");
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large() {
    let app = TestApp::start().await;
    let reply = app.post(LOGIN).body(vec![b' '; 10 * 1024 * 1024]).send().await;
    assert_eq!((reply.status, reply.error().as_str()), (413, "payload_too_large"));
    assert_eq!(reply.text("detail"), "The body must not be larger than 1048576 bytes.");
}

#[tokio::test]
async fn only_json_is_accepted() {
    let app = TestApp::start().await;
    for media_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"]
    {
        let reply = app.post(LOGIN).header("content-type", media_type).body("{}").send().await;
        assert_eq!((reply.status, reply.error().as_str()), (415, "unsupported_media_type"), "{media_type}");
        assert!(reply.text("detail").contains("application/json"), "{reply:?}");
    }
    assert_eq!(app.post(LOGIN).send().await.status, 415);
    for media_type in ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
    {
        let reply = app.post(LOGIN).header("content-type", media_type).body("{}").send().await;
        assert_eq!(reply.error(), "validation_error", "{media_type}");
    }
}
