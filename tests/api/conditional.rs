//! `ETag`, `If-None-Match` and `If-Match`: not reading twice, and not writing over each other.

use serde_json::json;
use shared::model::Role;
use tests::{Reply, TestApp, TestUser, Wire};

async fn start() -> (TestApp, TestUser, String) {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    let id = tests::entities::dashboard(&user, json!([])).await;
    (app, user, format!("/api/dashboards/{id}/"))
}

fn tag(reply: &Reply) -> String {
    reply.header("etag").unwrap_or_else(|| panic!("no ETag: {reply:?}")).to_owned()
}

#[tokio::test]
async fn every_single_object_has_a_tag_that_changes_with_it() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    for (collection, body) in [
        ("/api/dashboards/", json!({ "name": "x" })),
        ("/api/data-sources/", json!({ "name": "x", "type": "file", "engine": "csv" })),
        ("/api/api-keys/", json!({ "name": "x" })),
    ] {
        let created = app.post(collection).token(&user.access).json(&body).send().await;
        let path = format!("{collection}1/");
        let shown = app.get(&path).token(&user.access).send().await;
        assert_eq!(tag(&created), tag(&shown), "{collection}");
        assert_eq!(shown.header("cache-control"), Some("private, no-cache"));
        let changed =
            app.request("PATCH", &path).token(&user.access).json(&json!({ "name": "y" })).send().await;
        assert_ne!(tag(&changed), tag(&shown));
        assert_eq!(tag(&changed), tag(&app.get(&path).token(&user.access).send().await));
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let (app, user, path) = start().await;
    let current = tag(&app.get(&path).token(&user.access).send().await);
    let get = async |method: &str, known: &str| {
        app.request(method, &path).token(&user.access).header("if-none-match", known).send().await
    };
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
    let unknown = app.get(&path).header("if-none-match", "*").send().await;
    assert_eq!(unknown.status, 401, "a condition is no way in");
}

#[tokio::test]
async fn of_two_editors_one_wins_and_nothing_is_lost() {
    let (app, user, path) = start().await;
    let seen = tag(&app.get(&path).token(&user.access).send().await);
    let patch = async |condition: &str, body: serde_json::Value| {
        app.request("PATCH", &path).token(&user.access).header("if-match", condition).json(&body).send().await
    };
    let first = patch(&seen, json!({ "name": "first" })).await;
    assert_eq!(first.status, 200);
    let none = patch("", json!({ "name": "none" })).await;
    assert_eq!(none.status, 412, "no tag is the current one");
    let second = patch(&seen, json!({ "name": "second", "description": "mine" })).await;
    assert_eq!((second.status, second.error().as_str()), (412, "precondition_failed"));
    assert!(second.text("detail").contains(&tag(&first)), "{second:?}");
    let shown = app.get(&path).token(&user.access).send().await;
    assert_eq!((&shown.body["name"], &shown.body["description"]), (&json!("first"), &json!("")));
    assert_eq!(patch(&tag(&first), json!({ "description": "mine" })).await.status, 200);
    assert_eq!(patch("*", json!({ "name": "any" })).await.status, 200);
    assert_eq!(
        patch(&format!("W/{}", tag(&first)), json!({})).await.status,
        412,
        "a weak tag is not strong enough"
    );
    assert_eq!(patch("unquoted", json!({})).await.status, 400);

    let delete = async |condition: &str| {
        app.request("DELETE", &path).token(&user.access).header("if-match", condition).send().await.status
    };
    assert_eq!(delete(&seen).await, 412);
    let current = tag(&app.get(&path).token(&user.access).send().await);
    assert_eq!(delete(&current).await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_editors_at_once_exactly_one_wins() {
    let app = TestApp::start_on(&Wire::default()).await;
    let user = app.user(Role::Owner).await;
    tests::entities::dashboard(&user, json!([])).await;
    let mut editors = tokio::task::JoinSet::new();
    for number in 0..10 {
        let request =
            app.request("PATCH", "/api/dashboards/1/").token(&user.access).header("if-match", "\"1.0\"");
        editors.spawn(request.json(&json!({ "name": format!("editor {number}") })).send());
    }
    let replies = editors.join_all().await;
    let winners: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(winners.len(), 1);
    assert!(replies.iter().all(|reply| reply.status == 200 || reply.status == 412), "{replies:?}");
    let shown = app.get("/api/dashboards/1/").token(&user.access).send().await;
    assert_eq!(shown.body["name"], winners[0].body["name"]);
}

#[tokio::test]
async fn a_key_in_use_can_be_renamed_with_the_tag_that_was_seen() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let before = tag(&app.get("/api/api-keys/1/").token(&user.access).send().await);
    app.get("/api/auth/status/").api_key(&key).send().await;
    app.after_answer().await;
    let after = tag(&app.get("/api/api-keys/1/").token(&user.access).send().await);
    assert_ne!(before, after, "its use is news to a reader");
    let rename = app.request("PATCH", "/api/api-keys/1/").token(&user.access).header("if-match", &before);
    assert_eq!(
        rename.json(&json!({ "name": "y" })).send().await.status,
        200,
        "but no reason to refuse a writer"
    );
}
