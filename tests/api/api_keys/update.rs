//! Renaming a key, and noting its use.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{API_KEYS, item};
use tests::{Actor, entities};

use super::{start, works};

#[tokio::test]
async fn a_key_can_be_renamed() {
    let (_, member) = start(Role::Member).await;
    let key = entities::api_key(&member, "read_only").await;
    let patch = async |body: Value| member.patch(&item(API_KEYS, key.id), &body).await;
    assert_eq!(patch(json!({ "name": "new" })).await.body["name"], "new");
    assert_eq!(patch(json!({})).await.body["name"], "new");
    assert_eq!(patch(json!({ "scope": "read_write" })).await.reasons("scope"), "Unknown; expected name.");
    assert_eq!(member.get(&item(API_KEYS, key.id)).await.body["name"], "new");
    assert!(works(&key).await);
}

#[tokio::test]
async fn use_is_noted_within_a_minute_and_once_a_minute() {
    let (app, member) = start(Role::Member).await;
    let key = entities::api_key(&member, "read_only").await;
    let usage = async || {
        let shown = member.get(&item(API_KEYS, key.id)).await.body;
        (shown["last_used_at"].clone(), shown["usage_count"].clone())
    };
    let work = async || {
        assert!(works(&key).await);
        app.after_answer().await;
    };
    for _ in 0..10 {
        work().await;
    }
    assert_eq!(usage().await, (json!("2027-01-15T08:00:00Z"), json!(1)), "the rest may lag by a minute");

    app.clock.advance(Duration::from_mins(1));
    work().await;
    assert_eq!(usage().await, (json!("2027-01-15T08:01:00Z"), json!(11)));

    app.clock.advance(Duration::from_secs(30));
    work().await;
    work().await;
    app.clock.advance(Duration::from_secs(30));
    app.after_answer().await;
    assert_eq!(usage().await, (json!("2027-01-15T08:01:30Z"), json!(13)), "after whatever answer");

    let renamed = member.patch(&item(API_KEYS, key.id), &json!({ "name": "x" })).await;
    assert_eq!(renamed.body["usage_count"], 13, "a rename leaves it alone");
}
