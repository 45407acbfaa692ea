//! Reading keys: one, and a page of them.

use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, item};
use tests::{Actor, entities};

use super::start;

#[tokio::test]
async fn lists_are_counted_and_linked() {
    let (app, member) = start(Role::Member).await;
    for _ in 0..5 {
        entities::api_key(&member, "read_only").await;
    }
    member.delete(&item(API_KEYS, 2)).await;
    let list = async |query: &str| member.get(&format!("{API_KEYS}{query}")).await;

    let all = list("").await;
    assert_eq!(
        (&all.body["count"], &all.body["next"], &all.body["previous"]),
        (&json!(4), &json!(null), &json!(null))
    );
    assert_eq!(all.ids(), [1, 3, 4, 5]);
    assert!(
        all.body["results"][0].get("key").is_none() && all.body["results"][0].get("secret_digest").is_none()
    );

    let second = list("?page_size=3&page=2").await;
    assert_eq!(second.ids(), [5]);
    assert_eq!(second.body["previous"], "https://api.example.com/api/api-keys/?page_size=3&page=1");
    let first = list("?page=1&page_size=3").await;
    assert_eq!(first.body["next"], "https://api.example.com/api/api-keys/?page_size=3&page=2");

    let past = list("?page=2").await;
    assert_eq!(
        (past.status, past.text("detail")),
        (404, "Page 2 does not exist; the last page is 1.".into())
    );
    for (name, value) in [
        ("page", "0"),
        ("page", "-1"),
        ("page", "x"),
        ("page", "99999999999999999999"),
        ("page_size", "0"),
        ("page_size", "101"),
    ] {
        assert!(!list(&format!("?{name}={value}")).await.reasons(name).is_empty(), "{name}={value}");
    }
    assert_eq!(list("?scope=read_only").await.reasons("scope"), "Unknown; expected one of page, page_size.");

    let other = app.user(Role::Viewer).await;
    let none = other.get(API_KEYS).await;
    assert_eq!(none.body, json!({ "count": 0, "next": null, "previous": null, "results": [] }));
}

#[tokio::test]
async fn an_id_that_is_none_is_a_404() {
    let (_, member) = start(Role::Member).await;
    for id in
        ["0", "x", "-1", "1.0", "+1", "99999999999999999999", "18446744073709551615", "%00", "%ff", "1%20"]
    {
        let reply = member.get(&item(API_KEYS, id)).await;
        assert_eq!((reply.status, reply.error().as_str()), (404, "not_found"), "{id}");
    }
}
