//! Who manages which keys.

use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, item};
use tests::{Actor, TestUser, entities};

use super::{rotation, start, works};

#[tokio::test]
async fn a_key_cannot_manage_keys() {
    let (_, owner) = start(Role::Owner).await;
    let key = entities::api_key(&owner, "read_write").await;
    let path = item(API_KEYS, key.id);
    for (method, path) in [
        ("GET", API_KEYS),
        ("POST", API_KEYS),
        ("GET", &path),
        ("PATCH", &path),
        ("DELETE", &path),
        ("POST", &rotation(key.id)),
    ] {
        let reply = key.request(method, path).body(r#"{"name": "x"}"#).await;
        assert_eq!((reply.status, reply.error().as_str()), (403, "permission_denied"), "{method} {path}");
        assert!(reply.text("detail").contains("api_keys:own"), "{reply:?}");
    }
}

#[tokio::test]
async fn others_keys_are_there_for_administrators_only() {
    let (app, member) = start(Role::Member).await;
    let colleague = app.user(Role::Analyst).await;
    let administrator = app.user(Role::Administrator).await;
    let key = entities::api_key(&member, "read_only").await;
    entities::api_key(&colleague, "read_only").await;

    let count = async |user: &TestUser| user.get(API_KEYS).await.body["count"].clone();
    assert_eq!(
        (count(&member).await, count(&colleague).await, count(&administrator).await),
        (json!(1), json!(1), json!(2))
    );

    let request = async |user: &TestUser, method, path: &str| {
        let body = if method == "PATCH" { r#"{"name": "x"}"# } else { "{}" };
        user.request(method, path).body(body).await.status
    };
    let (path, rotate) = (item(API_KEYS, key.id), rotation(key.id));
    for (method, path) in [("GET", &path), ("PATCH", &path), ("DELETE", &path), ("POST", &rotate)] {
        assert_eq!(request(&colleague, method, path).await, 404, "{method}");
    }
    assert_eq!(request(&administrator, "GET", &path).await, 200);
    assert_eq!(request(&administrator, "PATCH", &path).await, 403);
    assert_eq!(
        request(&administrator, "POST", &rotate).await,
        403,
        "they would hold a key that acts for another"
    );
    assert_eq!(request(&administrator, "DELETE", &path).await, 204);
    assert!(!works(&key).await);
}
