//! The order of refusals, and that nothing is done before them.

use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, STATUS, item};
use tests::{Actor, TestApp, entities};

#[tokio::test]
async fn an_unsafe_method_waits_for_admission() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    let count = async || owner.get(API_KEYS).await.body["count"].clone();
    let before = count().await;
    for key in [&key, &key.forged()] {
        let reply = key.post(API_KEYS, &json!({ "name": "x" })).await;
        assert!(reply.status == 401 || reply.status == 403, "{reply:?}");
    }
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn who_comes_before_may_before_how_often_before_what() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    let read_only = async || key.request("POST", API_KEYS).body("no JSON").await.error();
    let bad_query = async || key.get(&format!("{STATUS}?x=1")).await.error();
    assert_eq!(bad_query().await, "validation_error", "all is well but what is asked");
    for _ in 0..100 {
        key.get(STATUS).await;
    }
    assert_eq!(bad_query().await, "rate_limited");
    assert_eq!(read_only().await, "permission_denied");
    owner.delete(&item(API_KEYS, key.id)).await;
    assert_eq!(read_only().await, "invalid_api_key");
    assert_eq!(bad_query().await, "invalid_api_key");
}
