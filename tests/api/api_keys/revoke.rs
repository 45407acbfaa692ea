//! Revoking a key.

use serde_json::Value;
use shared::model::Role;
use tests::paths::{API_KEYS, item};
use tests::{Actor, entities};

use super::{start, works};

#[tokio::test]
async fn a_revoked_key_is_refused_by_the_very_next_request() {
    let (app, member) = start(Role::Member).await;
    let key = entities::api_key(&member, "read_write").await;
    assert!(works(&key).await);
    let reply = member.delete(&item(API_KEYS, key.id)).await;
    assert_eq!((reply.status, &reply.body), (204, &Value::Null));
    assert!(!works(&key).await);
    assert!(!works(&key.at(&app.another_instance().instance())).await);
    for method in ["GET", "DELETE"] {
        let reply = member.request(method, &item(API_KEYS, key.id)).await;
        assert_eq!(reply.text("detail"), format!("No API key with ID {} was found.", key.id));
    }
    let next = entities::api_key(&member, "read_write").await;
    assert_ne!(next.id, key.id, "ids are never reused");
}

#[tokio::test]
async fn a_use_that_is_noted_late_does_not_bring_a_revoked_key_back() {
    let (app, member) = start(Role::Member).await;
    let key = entities::api_key(&member, "read_only").await;
    assert!(works(&key).await);
    assert_eq!(member.delete(&item(API_KEYS, key.id)).await.status, 204);
    app.after_answer().await;
    assert_eq!(member.get(&item(API_KEYS, key.id)).await.status, 404);
    assert!(!works(&key).await);
}
