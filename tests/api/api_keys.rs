//! `/api/api-keys/`: the life of a key.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::{Reply, TestApp, TestUser};

const KEYS: &str = "/api/api-keys/";
const STATUS: &str = "/api/auth/status/";

async fn start(role: Role) -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let user = app.user(role).await;
    (app, user)
}

async fn create(app: &TestApp, user: &TestUser, body: Value) -> Reply {
    app.post(KEYS).token(&user.access).json(&body).send().await
}

async fn works(app: &TestApp, key: &str) -> bool {
    let reply = app.get(STATUS).api_key(key).send().await;
    assert!(reply.status == 200 || reply.error() == "invalid_api_key", "{reply:?}");
    reply.status == 200
}

fn path(id: u64) -> String {
    format!("{KEYS}{id}/")
}

#[tokio::test]
async fn a_new_key_is_shown_once_and_works() {
    let (app, user) = start(Role::Member).await;
    let expires_at = "2027-02-01T00:00:00Z";
    let created =
        create(&app, &user, json!({ "name": " cron ", "scope": "read_only", "expires_at": expires_at }))
            .await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/api-keys/1/"));
    let key = created.text("key");
    assert!(key.starts_with("claribi_sk_test_") && key.len() == 112, "{key}");
    let mut expected = json!({
        "id": 1,
        "name": "cron",
        "scope": "read_only",
        "created_by": user.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "expires_at": expires_at,
        "last_used_at": null,
        "usage_count": 0,
    });
    let shown = app.get(&path(1)).token(&user.access).send().await;
    assert_eq!((shown.status, &shown.body), (200, &expected));
    expected["key"] = json!(key);
    assert_eq!(created.body, expected);

    let status = app.get(STATUS).api_key(&key).send().await;
    assert_eq!(status.body["user"]["id"], json!(user.user.id));
}

#[tokio::test]
async fn what_a_key_is_to_be_is_checked() {
    let (app, user) = start(Role::Member).await;
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
        let reply = create(&app, &user, body.clone()).await;
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(reply.reasons(field), reason, "{body}");
    }
    let reply = create(&app, &user, json!({ "name": "x" })).await;
    assert_eq!((&reply.body["scope"], &reply.body["expires_at"]), (&json!("read_only"), &json!(null)));
}

#[tokio::test]
async fn a_key_stops_working_when_it_expires() {
    let (app, user) = start(Role::Member).await;
    let created =
        create(&app, &user, json!({ "name": "x", "expires_at": "2027-01-15T09:00:00+00:30" })).await;
    assert_eq!(created.body["expires_at"], "2027-01-15T08:30:00Z");
    let key = created.text("key");
    app.clock.advance(Duration::from_secs(1_799));
    assert!(works(&app, &key).await);
    app.clock.advance(Duration::from_secs(1));
    let reply = app.get(STATUS).api_key(&key).send().await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
    assert!(reply.text("detail").contains("has expired"), "{reply:?}");
}

#[tokio::test]
async fn a_revoked_key_is_refused_by_the_very_next_request() {
    let (app, user) = start(Role::Member).await;
    let (id, key) = tests::entities::api_key(&user, "read_write").await.pair();
    assert!(works(&app, &key).await);
    let reply = app.request("DELETE", &path(id)).token(&user.access).send().await;
    assert_eq!((reply.status, &reply.body), (204, &Value::Null));
    assert!(!works(&app, &key).await);
    assert!(!works(&app.another_instance(), &key).await);
    for method in ["GET", "DELETE"] {
        let reply = app.request(method, &path(id)).token(&user.access).send().await;
        assert_eq!(reply.text("detail"), format!("No API key with ID {id} was found."));
    }
    let (next, _) = tests::entities::api_key(&user, "read_write").await.pair();
    assert_ne!(next, id, "ids are never reused");
}

#[tokio::test]
async fn a_rotated_key_dies_when_its_grace_ends() {
    let (app, user) = start(Role::Member).await;
    let created = create(&app, &user, json!({ "name": "cron", "scope": "read_write" })).await;
    let old = created.text("key");
    let rotate = app.post(&format!("{KEYS}1/rotate/")).token(&user.access);
    let rotated = rotate.json(&json!({ "grace_period_seconds": 86_400 })).send().await;
    assert_eq!(rotated.status, 201, "{rotated:?}");
    assert_eq!(rotated.header("location"), Some("https://api.example.com/api/api-keys/2/"));
    assert_eq!((&rotated.body["name"], &rotated.body["scope"]), (&json!("cron"), &json!("read_write")));
    let new = rotated.text("key");
    let shown = app.get(&path(1)).token(&user.access).send().await;
    assert_eq!(shown.body["expires_at"], "2027-01-16T08:00:00Z");

    app.clock.advance(Duration::from_secs(86_399));
    assert!(works(&app, &old).await && works(&app, &new).await);
    app.clock.advance(Duration::from_secs(1));
    assert!(!works(&app, &old).await && works(&app, &new).await);

    let user = TestUser {
        access: app.login(&user.user.email.to_string(), tests::PASSWORD).await.text("access"),
        ..user
    };
    let again = app.post(&format!("{KEYS}1/rotate/")).token(&user.access).send().await;
    assert_eq!(
        (again.status, again.error().as_str()),
        (409, "conflict"),
        "an expired key has nothing to hand on"
    );
}

#[tokio::test]
async fn without_grace_the_old_key_dies_at_once() {
    let (app, user) = start(Role::Member).await;
    let (id, old) = tests::entities::api_key(&user, "read_only").await.pair();
    let rotated = app.post(&format!("{KEYS}{id}/rotate/")).token(&user.access).send().await;
    assert_eq!(rotated.status, 201, "a body is not needed: {rotated:?}");
    assert!(!works(&app, &old).await);
    assert!(works(&app, &rotated.text("key")).await);
}

#[tokio::test]
async fn grace_never_outlives_a_keys_own_expiry() {
    let (app, user) = start(Role::Member).await;
    create(&app, &user, json!({ "name": "x", "expires_at": "2027-01-15T09:00:00Z" })).await;
    let rotate = app.post(&format!("{KEYS}1/rotate/")).token(&user.access);
    let rotated = rotate.json(&json!({ "grace_period_seconds": 604_800 })).send().await;
    assert_eq!(
        rotated.body["expires_at"], "2027-01-15T09:00:00Z",
        "the new key lasts as long as the old one would"
    );
    let shown = app.get(&path(1)).token(&user.access).send().await;
    assert_eq!(shown.body["expires_at"], "2027-01-15T09:00:00Z");

    for grace in [json!(604_801), json!(-1), json!("60"), json!(u64::MAX)] {
        let rotate = app.post(&format!("{KEYS}2/rotate/")).token(&user.access);
        let reply = rotate.json(&json!({ "grace_period_seconds": grace })).send().await;
        assert_eq!(reply.status, 400, "{grace}");
        assert!(!reply.reasons("grace_period_seconds").is_empty());
    }
}

#[tokio::test]
async fn a_key_can_be_renamed() {
    let (app, user) = start(Role::Member).await;
    let (id, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let patch =
        async |body: Value| app.request("PATCH", &path(id)).token(&user.access).json(&body).send().await;
    assert_eq!(patch(json!({ "name": "new" })).await.body["name"], "new");
    assert_eq!(patch(json!({})).await.body["name"], "new");
    assert_eq!(patch(json!({ "scope": "read_write" })).await.reasons("scope"), "Unknown; expected name.");
    assert_eq!(app.get(&path(id)).token(&user.access).send().await.body["name"], "new");
    assert!(works(&app, &key).await);
}

#[tokio::test]
async fn use_is_noted_within_a_minute_and_once_a_minute() {
    let (app, user) = start(Role::Member).await;
    let (id, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let usage = async || {
        let shown = app.get(&path(id)).token(&user.access).send().await.body;
        (shown["last_used_at"].clone(), shown["usage_count"].clone())
    };
    let work = async || {
        assert!(works(&app, &key).await);
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

    let patch = app.request("PATCH", &path(id)).token(&user.access).json(&json!({ "name": "x" }));
    assert_eq!(patch.send().await.body["usage_count"], 13, "a rename leaves it alone");
}

#[tokio::test]
async fn a_use_that_is_noted_late_does_not_bring_a_revoked_key_back() {
    let (app, user) = start(Role::Member).await;
    let (id, key) = tests::entities::api_key(&user, "read_only").await.pair();
    assert!(works(&app, &key).await);
    assert_eq!(app.request("DELETE", &path(id)).token(&user.access).send().await.status, 204);
    app.after_answer().await;
    assert_eq!(app.get(&path(id)).token(&user.access).send().await.status, 404);
    assert!(!works(&app, &key).await);
}

#[tokio::test]
async fn a_key_cannot_manage_keys() {
    let (app, user) = start(Role::Owner).await;
    let (id, key) = tests::entities::api_key(&user, "read_write").await.pair();
    for (method, path) in [
        ("GET", KEYS.to_owned()),
        ("POST", KEYS.to_owned()),
        ("GET", path(id)),
        ("PATCH", path(id)),
        ("DELETE", path(id)),
        ("POST", format!("{KEYS}{id}/rotate/")),
    ] {
        let reply = app.request(method, &path).api_key(&key).body(r#"{"name": "x"}"#).send().await;
        assert_eq!((reply.status, reply.error().as_str()), (403, "permission_denied"), "{method} {path}");
        assert!(reply.text("detail").contains("api_keys:own"), "{reply:?}");
    }
}

#[tokio::test]
async fn others_keys_are_there_for_administrators_only() {
    let (app, member) = start(Role::Member).await;
    let colleague = app.user(Role::Analyst).await;
    let administrator = app.user(Role::Administrator).await;
    let (id, key) = tests::entities::api_key(&member, "read_only").await.pair();
    tests::entities::api_key(&colleague, "read_only").await.pair();

    let count = async |user: &TestUser| app.get(KEYS).token(&user.access).send().await.body["count"].clone();
    assert_eq!(
        (count(&member).await, count(&colleague).await, count(&administrator).await),
        (json!(1), json!(1), json!(2))
    );

    let request = async |user: &TestUser, method, path: &str| {
        let body = if method == "PATCH" { r#"{"name": "x"}"# } else { "{}" };
        app.request(method, path).token(&user.access).body(body).send().await.status
    };
    let rotate = format!("{KEYS}{id}/rotate/");
    for (method, path) in [("GET", &path(id)), ("PATCH", &path(id)), ("DELETE", &path(id)), ("POST", &rotate)]
    {
        assert_eq!(request(&colleague, method, path).await, 404, "{method}");
    }
    assert_eq!(request(&administrator, "GET", &path(id)).await, 200);
    assert_eq!(request(&administrator, "PATCH", &path(id)).await, 403);
    assert_eq!(
        request(&administrator, "POST", &rotate).await,
        403,
        "they would hold a key that acts for another"
    );
    assert_eq!(request(&administrator, "DELETE", &path(id)).await, 204);
    assert!(!works(&app, &key).await);
}

#[tokio::test]
async fn lists_are_counted_and_linked() {
    let (app, user) = start(Role::Member).await;
    for _ in 0..5 {
        tests::entities::api_key(&user, "read_only").await.pair();
    }
    app.request("DELETE", &path(2)).token(&user.access).send().await;
    let list = async |query: &str| app.get(&format!("{KEYS}{query}")).token(&user.access).send().await;
    let ids = |page: &Reply| -> Vec<u64> {
        page.body["results"].as_array().unwrap().iter().map(|key| key["id"].as_u64().unwrap()).collect()
    };

    let all = list("").await;
    assert_eq!(
        (&all.body["count"], &all.body["next"], &all.body["previous"]),
        (&json!(4), &json!(null), &json!(null))
    );
    assert_eq!(ids(&all), [1, 3, 4, 5]);
    assert!(
        all.body["results"][0].get("key").is_none() && all.body["results"][0].get("secret_digest").is_none()
    );

    let second = list("?page_size=3&page=2").await;
    assert_eq!(ids(&second), [5]);
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
    let none = app.get(KEYS).token(&other.access).send().await;
    assert_eq!(none.body, json!({ "count": 0, "next": null, "previous": null, "results": [] }));
}

#[tokio::test]
async fn an_id_that_is_none_is_a_404() {
    let (app, user) = start(Role::Member).await;
    for id in
        ["0", "x", "-1", "1.0", "+1", "99999999999999999999", "18446744073709551615", "%00", "%ff", "1%20"]
    {
        let reply = app.get(&format!("{KEYS}{id}/")).token(&user.access).send().await;
        assert_eq!((reply.status, reply.error().as_str()), (404, "not_found"), "{id}");
    }
}
