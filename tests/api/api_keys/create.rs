//! Creating a key, and how long it lives.

use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, STATUS, item};
use tests::{Actor, TestKey};

use super::{start, works};

#[tokio::test]
async fn a_new_key_is_shown_once_and_works() {
    let (_, member) = start(Role::Member).await;
    let expires_at = "2027-02-01T00:00:00Z";
    let created = member
        .post(API_KEYS, &json!({ "name": " cron ", "scope": "read_only", "expires_at": expires_at }))
        .await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/api-keys/1/"));
    let key = TestKey::shown_in(&created, &member);
    assert!(key.key.starts_with("claribi_sk_test_") && key.key.len() == 112, "{key:?}");
    let mut expected = json!({
        "id": 1,
        "name": "cron",
        "scope": "read_only",
        "created_by": member.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "expires_at": expires_at,
        "last_used_at": null,
        "usage_count": 0,
    });
    let shown = member.get(&item(API_KEYS, 1)).await;
    assert_eq!((shown.status, &shown.body), (200, &expected));
    expected["key"] = json!(key.key);
    assert_eq!(created.body, expected);

    let status = key.get(STATUS).await;
    assert_eq!(status.body["user"]["id"], json!(member.user.id));
}

#[tokio::test]
async fn what_a_key_is_to_be_is_checked() {
    let (_, member) = start(Role::Member).await;
    for (field, value, reason) in [
        ("name", json!(null), "Expected a string, got null."),
        ("name", json!("  "), "Must not be empty."),
        ("name", json!("x".repeat(101)), "Must not be longer than 100 characters."),
        ("name", json!("a\nb"), "Must not have control characters or line breaks."),
        ("scope", json!("admin"), "Unknown value \"admin\"; expected one of read_only, read_write."),
        ("expires_at", json!("tomorrow"), "Must be a time in RFC 3339, like 2027-01-31T12:00:00Z."),
        ("expires_at", json!("2027-01-15T08:00:00Z"), "Must be in the future."),
        ("expires_at", json!(1_900_000_000), "Expected a string, got an integer."),
        ("key", json!("mine"), "Unknown; expected one of name, scope, expires_at."),
    ] {
        let mut body = json!({ "name": "x" });
        body[field] = value;
        let reply = member.post(API_KEYS, &body).await;
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(reply.reasons(field), reason, "{body}");
    }
    let reply = member.post(API_KEYS, &json!({ "name": "x" })).await;
    assert_eq!((&reply.body["scope"], &reply.body["expires_at"]), (&json!("read_only"), &json!(null)));
}

#[tokio::test]
async fn a_key_stops_working_when_it_expires() {
    let (app, member) = start(Role::Member).await;
    let created =
        member.post(API_KEYS, &json!({ "name": "x", "expires_at": "2027-01-15T09:00:00+00:30" })).await;
    assert_eq!(created.body["expires_at"], "2027-01-15T08:30:00Z");
    let key = TestKey::shown_in(&created, &member);
    app.clock.advance(Duration::from_secs(1_799));
    assert!(works(&key).await);
    app.clock.advance(Duration::from_secs(1));
    let reply = key.get(STATUS).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
    assert!(reply.text("detail").contains("has expired"), "{reply:?}");
}
