//! `ETag`, `If-None-Match` and `If-Match`: not reading twice, and not writing over each other.

use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, DASHBOARDS, DATA_SOURCES, STATUS, item};
use tests::{Actor, Reply, TestApp, TestUser, Wire, entities};

async fn start() -> (TestApp, TestUser, String) {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let id = entities::dashboard(&owner, json!([])).await;
    (app, owner, item(DASHBOARDS, id))
}

fn tag(reply: &Reply) -> String {
    reply.header("etag").unwrap_or_else(|| panic!("no ETag: {reply:?}")).to_owned()
}

#[tokio::test]
async fn every_single_object_has_a_tag_that_changes_with_it() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    for (collection, body) in [
        (DASHBOARDS, json!({ "name": "x" })),
        (DATA_SOURCES, json!({ "name": "x", "type": "file", "engine": "csv" })),
        (API_KEYS, json!({ "name": "x" })),
    ] {
        let created = owner.post(collection, &body).await;
        let path = item(collection, 1);
        let shown = owner.get(&path).await;
        assert_eq!(tag(&created), tag(&shown), "{collection}");
        assert_eq!(shown.header("cache-control"), Some("private, no-cache"));
        let changed = owner.patch(&path, &json!({ "name": "y" })).await;
        assert_ne!(tag(&changed), tag(&shown));
        assert_eq!(tag(&changed), tag(&owner.get(&path).await));
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let (app, owner, path) = start().await;
    let current = tag(&owner.get(&path).await);
    let get =
        async |method: &str, known: &str| owner.request(method, &path).header("if-none-match", known).await;
    for known in [current.clone(), format!("W/{current}"), format!("\"x\", {current}"), "*".into()] {
        let reply = get("GET", &known).await;
        assert_eq!((reply.status, reply.body.is_null()), (304, true), "{known}");
        assert_eq!(tag(&reply), current);
        assert!(reply.header("x-ratelimit-remaining").is_some());
    }
    assert_eq!(get("HEAD", &current).await.status, 304);
    for unknown in ["\"x\"", "", ", ,"] {
        assert_eq!(get("GET", unknown).await.status, 200, "{unknown}");
    }
    let malformed = get("GET", "x").await;
    assert_eq!((malformed.status, malformed.error().as_str()), (400, "bad_request"));
    let unknown = app.get(&path).header("if-none-match", "*").await;
    assert_eq!(unknown.status, 401, "a condition is no way in");
}

#[tokio::test]
async fn of_two_editors_one_wins_and_nothing_is_lost() {
    let (_, owner, path) = start().await;
    let seen = tag(&owner.get(&path).await);
    let patch = async |condition: &str, body: serde_json::Value| {
        owner.patch(&path, &body).header("if-match", condition).await
    };
    let first = patch(&seen, json!({ "name": "first" })).await;
    assert_eq!(first.status, 200);
    let none = patch("", json!({ "name": "none" })).await;
    assert_eq!(none.status, 412, "no tag is the current one");
    let second = patch(&seen, json!({ "name": "second", "description": "mine" })).await;
    assert_eq!((second.status, second.error().as_str()), (412, "precondition_failed"));
    assert!(second.text("detail").contains(&tag(&first)), "{second:?}");
    let shown = owner.get(&path).await;
    assert_eq!((&shown.body["name"], &shown.body["description"]), (&json!("first"), &json!("")));
    assert_eq!(patch(&tag(&first), json!({ "description": "mine" })).await.status, 200);
    assert_eq!(patch("*", json!({ "name": "any" })).await.status, 200);
    assert_eq!(
        patch(&format!("W/{}", tag(&first)), json!({})).await.status,
        412,
        "a weak tag is not strong enough"
    );
    assert_eq!(patch("unquoted", json!({})).await.status, 400);

    let delete = async |condition: &str| owner.delete(&path).header("if-match", condition).await.status;
    assert_eq!(delete(&seen).await, 412);
    let current = tag(&owner.get(&path).await);
    assert_eq!(delete(&current).await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_editors_at_once_exactly_one_wins() {
    let app = TestApp::start_on(&Wire::default()).await;
    let owner = app.user(Role::Owner).await;
    entities::dashboard(&owner, json!([])).await;
    let mut editors = tokio::task::JoinSet::new();
    for number in 0..10 {
        let body = json!({ "name": format!("editor {number}") });
        let request = owner.patch(&item(DASHBOARDS, 1), &body).header("if-match", "\"1.0\"");
        editors.spawn(request.into_future());
    }
    let replies = editors.join_all().await;
    let winners: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(winners.len(), 1);
    assert!(replies.iter().all(|reply| reply.status == 200 || reply.status == 412), "{replies:?}");
    let shown = owner.get(&item(DASHBOARDS, 1)).await;
    assert_eq!(shown.body["name"], winners[0].body["name"]);
}

#[tokio::test]
async fn a_key_in_use_can_be_renamed_with_the_tag_that_was_seen() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    let before = tag(&owner.get(&item(API_KEYS, key.id)).await);
    key.get(STATUS).await;
    app.after_answer().await;
    let after = tag(&owner.get(&item(API_KEYS, key.id)).await);
    assert_ne!(before, after, "its use is news to a reader");
    let path = item(API_KEYS, key.id);
    let rename = owner.patch(&path, &json!({ "name": "y" })).header("if-match", &before);
    assert_eq!(rename.await.status, 200, "but no reason to refuse a writer");
}
