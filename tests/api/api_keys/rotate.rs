//! Rotating a key: the old one lives on for its grace period.

use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, item};
use tests::{Actor, TestKey, entities};

use super::{rotation, start, works};

#[tokio::test]
async fn a_rotated_key_dies_when_its_grace_ends() {
    let (app, member) = start(Role::Member).await;
    let created = member.post(API_KEYS, &json!({ "name": "cron", "scope": "read_write" })).await;
    let old = TestKey::shown_in(&created, &member);
    let rotated = member.post(&rotation(1), &json!({ "grace_period_seconds": 86_400 })).await;
    assert_eq!(rotated.status, 201, "{rotated:?}");
    assert_eq!(rotated.header("location"), Some("https://api.example.com/api/api-keys/2/"));
    assert_eq!((&rotated.body["name"], &rotated.body["scope"]), (&json!("cron"), &json!("read_write")));
    let new = TestKey::shown_in(&rotated, &member);
    let shown = member.get(&item(API_KEYS, 1)).await;
    assert_eq!(shown.body["expires_at"], "2027-01-16T08:00:00Z");

    app.clock.advance(Duration::from_secs(86_399));
    assert!(works(&old).await && works(&new).await);
    app.clock.advance(Duration::from_secs(1));
    assert!(!works(&old).await && works(&new).await);

    let again = member.sign_in().await.request("POST", &rotation(1)).await;
    assert_eq!(
        (again.status, again.error().as_str()),
        (409, "conflict"),
        "an expired key has nothing to hand on"
    );
}

#[tokio::test]
async fn without_grace_the_old_key_dies_at_once() {
    let (_, member) = start(Role::Member).await;
    let old = entities::api_key(&member, "read_only").await;
    let rotated = member.request("POST", &rotation(old.id)).await;
    assert_eq!(rotated.status, 201, "a body is not needed: {rotated:?}");
    assert!(!works(&old).await);
    assert!(works(&TestKey::shown_in(&rotated, &member)).await);
}

#[tokio::test]
async fn grace_never_outlives_a_keys_own_expiry() {
    let (_, member) = start(Role::Member).await;
    member.post(API_KEYS, &json!({ "name": "x", "expires_at": "2027-01-15T09:00:00Z" })).await;
    let rotated = member.post(&rotation(1), &json!({ "grace_period_seconds": 604_800 })).await;
    assert_eq!(
        rotated.body["expires_at"], "2027-01-15T09:00:00Z",
        "the new key lasts as long as the old one would"
    );
    let shown = member.get(&item(API_KEYS, 1)).await;
    assert_eq!(shown.body["expires_at"], "2027-01-15T09:00:00Z");

    for grace in [json!(604_801), json!(-1), json!("60"), json!(u64::MAX)] {
        let reply = member.post(&rotation(2), &json!({ "grace_period_seconds": grace })).await;
        assert_eq!(reply.status, 400, "{grace}");
        assert!(!reply.reasons("grace_period_seconds").is_empty());
    }
}
