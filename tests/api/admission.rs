//! Who gets in, in which order others are turned away, and what a refused request learns: nothing.

use std::time::Duration;

use axum::Json;
use axum::http::header::ETAG;
use axum::http::{HeaderName, Method};
use serde_json::json;
use shared::access::{Permission, Tenant};
use shared::model::Role;
use shared::model::user::Status;
use shared::service::Routes;
use shared::store::users;
use tests::{Reply, TestApp, TestRequest, TestUser, Wire};
use tokio::time::Instant;

const STATUS: &str = "/api/auth/status/";
const HOLD: Duration = Duration::from_millis(50);

async fn status(app: &TestApp, key: &str) -> Reply {
    app.get(STATUS).api_key(key).send().await
}

/// The key with its 60th character, part of the secret, and a checksum to match.
fn forged(key: &str) -> String {
    use data_encoding::Specification;
    let mut alphabet = Specification::new();
    alphabet.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    let alphabet = alphabet.encoding().unwrap();
    let (prefix, text) = key.split_at(16);
    let mut bytes = alphabet.decode(text.as_bytes()).unwrap();
    bytes[40] ^= 1;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(prefix.as_bytes());
    checksum.update(&bytes[..56]);
    bytes[56..].copy_from_slice(&checksum.finalize().to_be_bytes());
    format!("{prefix}{}", alphabet.encode(&bytes))
}

#[tokio::test]
async fn a_key_acts_for_its_user() {
    let app = TestApp::start().await;
    let user = app.user(Role::Analyst).await;
    let (_, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let by_key = status(&app, &key).await;
    let by_token = app.get(STATUS).token(&user.access).send().await;
    assert_eq!((by_key.status, by_key.body), (200, by_token.body));
}

#[tokio::test]
async fn a_key_dies_with_its_user_and_changes_with_their_role() {
    let app = TestApp::start().await;
    let (store, organization) = (&app.app.store, app.organization_id());
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_write").await.pair();

    users::set_role(store, organization, user.user.id, Role::Viewer).await.unwrap();
    assert_eq!(status(&app, &key).await.body["user"]["role"], "viewer");
    users::set_status(store, organization, user.user.id, Status::Deactivated).await.unwrap();
    let reply = status(&app, &key).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
    users::set_status(store, organization, user.user.id, Status::Active).await.unwrap();
    assert_eq!(status(&app, &key).await.status, 200);
    users::delete(store, organization, &user.user).await.unwrap();
    assert_eq!(status(&app, &key).await.status, 401);
}

#[tokio::test]
async fn one_credential_at_a_time() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let both = app.get(STATUS).token(&user.access).api_key(&key).send().await;
    let two = app.get(STATUS).api_key(&key).api_key(&key).send().await;
    let empty = app.get(STATUS).api_key(" ").send().await;
    for reply in [both, two, empty] {
        assert_eq!((reply.status, reply.error().as_str()), (401, "not_authenticated"), "{reply:?}");
    }
    let odd = app.get(STATUS).header("x-api-key", b"claribi_sk_test_\xff").send().await;
    assert_eq!(odd.status, 401);
}

#[tokio::test]
async fn what_is_no_key_is_refused_before_any_io() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_only").await.pair();
    wire.take_calls();
    let swapped = format!("{}{}{}", &key[..60], if &key[60..61] == "0" { "1" } else { "0" }, &key[61..]);
    for key in [
        &swapped,
        &key[..111],
        "claribi_sk_test_your_key_here",
        "x",
        &key.to_uppercase(),
        &format!("{key}0"),
        &key.replace("_test_", "_live_"),
    ] {
        let reply = status(&app, key).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"), "{key}");
    }
    assert_eq!(wire.take_calls().len(), 0);
}

#[tokio::test]
async fn a_forged_key_is_refused_and_spends_nothing_of_its_victims() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    let (id, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let forged = forged(&key);
    assert_ne!(forged, key);
    assert_eq!(status(&app, &key).await.header("x-ratelimit-remaining"), Some("99"));
    for _ in 0..30 {
        let reply = status(&app, &forged).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
        assert_eq!(reply.header("x-ratelimit-remaining"), None);
        app.after_answer().await;
    }
    assert_eq!(status(&app, &key).await.header("x-ratelimit-remaining"), Some("98"));
    let shown = app.get(&format!("/api/api-keys/{id}/")).token(&user.access).send().await;
    assert_eq!(shown.body["usage_count"], 1, "and is not counted as a use");
}

#[tokio::test]
async fn a_forged_token_is_refused_and_spends_nothing_of_its_victims() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Owner).await;
    let header = serde_json::to_value(tests::token::header(&app).await).unwrap();
    let forged = tests::token::unsigned(&header, &tests::token::claims(&app, &user), &[7; 32]);
    let cold = app.another_instance();
    wire.take_calls();
    for instance in [&app, &cold, &cold, &app.another_instance()] {
        let reply = instance.get(STATUS).token(&forged).send().await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"));
        assert_eq!(reply.header("x-ratelimit-remaining"), None);
        assert_eq!(
            wire.take_calls().len(),
            0,
            "nothing is read or counted for it, not even by a first request"
        );
    }
    let reply = cold.get(STATUS).token(&user.access).send().await;
    assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, Some("999")));
}

/// The wire, an app on it, and a user with a key: each answer of the wire is then held for a while.
async fn held() -> (Wire, TestApp, TestUser, String) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_write").await.pair();
    wire.take_calls();
    wire.hold(HOLD);
    tokio::time::pause();
    (wire, app, user, key)
}

async fn rounds(request: TestRequest) -> (Reply, u128) {
    let started = Instant::now();
    let reply = request.send().await;
    (reply, started.elapsed().as_millis() / HOLD.as_millis())
}

#[tokio::test]
async fn an_admitted_get_takes_one_round_once_its_credential_is_proved() {
    let (wire, app, user, key) = held().await;
    for (path, expected) in [(STATUS, 200), ("/api/api-keys/1/", 200), ("/api/api-keys/99/", 404)] {
        let (reply, rounds) = rounds(app.get(path).token(&user.access)).await;
        assert_eq!((reply.status, rounds), (expected, 1), "{path}");
        assert_eq!(wire.take_calls().len(), 2, "what is read, and the counter");
    }
    for instance in [&app, &app.another_instance()] {
        for expected in [2, 1] {
            let (reply, rounds) = rounds(instance.get(STATUS).api_key(&key)).await;
            assert_eq!((reply.status, rounds), (200, expected), "a key is proved by its first request");
            assert_eq!(wire.take_calls().len() as u128, expected + 1);
        }
    }
    for expected in [1, 0] {
        app.after_answer().await;
        assert_eq!(wire.take_calls().len(), expected, "the first use of a minute is noted after the answer");
    }
}

#[tokio::test]
async fn other_requests_take_the_rounds_they_are_allowed() {
    let (_wire, app, user, _) = held().await;
    let body = json!({ "name": "x" });
    for (request, expected) in [
        (app.get("/api/api-keys/"), 2),
        (app.post("/api/api-keys/").json(&body), 3),
        (app.request("PATCH", "/api/api-keys/1/").json(&body), 3),
        (app.post("/api/auth/token/refresh/").json(&json!({ "refresh": user.refresh })), 1),
    ] {
        let (reply, rounds) = rounds(request.token(&user.access)).await;
        assert!(reply.status < 300, "{reply:?}");
        assert_eq!(rounds, expected, "{reply:?}");
    }
    let login = json!({ "email": user.user.email, "password": tests::PASSWORD });
    assert_eq!(rounds(app.post("/api/auth/login/").json(&login)).await.1, 2);
}

/// A handler that answers at once, from a cache, with what only the tenant may see.
fn leaky_routes() -> Routes {
    type Leak = ([(HeaderName, &'static str); 1], Json<String>);
    async fn leak(tenant: Tenant) -> Leak {
        ([(ETAG, "\"secret-etag\"")], Json(format!("secret of {}", tenant.organization)))
    }
    Routes::new().add(Method::GET, "/api/leak/", Permission::ViewAccount, leak).add(
        Method::GET,
        "/api/denied/",
        Permission::TransferOwnership,
        leak,
    )
}

#[tokio::test]
async fn a_speculative_answer_is_dropped_when_the_request_is_refused() {
    let (_wire, app, _, key) = held().await;
    tokio::time::resume();
    let member = app.user(Role::Member).await;
    let (_, members_key) = tests::entities::api_key(&member, "read_only").await.pair();
    let (revoked_id, revoked) = tests::entities::api_key(&member, "read_only").await.pair();
    app.request("DELETE", &format!("/api/api-keys/{revoked_id}/")).token(&member.access).send().await;
    let over = tests::entities::api_key(&member, "read_only").await.pair().1;
    tokio::time::pause();

    let router = leaky_routes().into_router(app.app.clone());
    let get = |path: &str, key: &str| TestRequest::new(router.clone(), "GET", path).api_key(key);
    let admitted = rounds(get("/api/leak/", &key)).await;
    assert_eq!((admitted.0.status, admitted.0.header("etag")), (200, Some("\"secret-etag\"")));
    for _ in 0..100 {
        get("/api/leak/", &over).send().await;
    }
    get("/api/denied/", &members_key).send().await;
    // Reading the records and counting the refusal, or reading the records of a key that is proved beside counting the request.
    for (path, key, expected, takes) in [
        ("/api/leak/", &forged(&key), 401, 2),
        ("/api/leak/", &revoked, 401, 2),
        ("/api/denied/", &members_key, 403, 1),
        ("/api/leak/", &over, 429, 1),
    ] {
        let (reply, rounds) = rounds(get(path, key)).await;
        assert_eq!(reply.status, expected);
        assert_eq!(reply.header("etag"), None);
        assert!(!reply.body.to_string().contains("secret of"), "{reply:?}");
        assert_eq!(rounds, takes, "{expected}");
    }
}

#[tokio::test]
async fn an_unsafe_method_waits_for_admission() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&owner, "read_only").await.pair();
    let count = async || app.get("/api/api-keys/").token(&owner.access).send().await.body["count"].clone();
    let before = count().await;
    for key in [&key, &forged(&key)] {
        let reply = app.post("/api/api-keys/").api_key(key).json(&json!({ "name": "x" })).send().await;
        assert!(reply.status == 401 || reply.status == 403, "{reply:?}");
    }
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn who_comes_before_may_before_how_often_before_what() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    let (id, key) = tests::entities::api_key(&user, "read_only").await.pair();
    let read_only = async || app.post("/api/api-keys/").api_key(&key).body("no JSON").send().await.error();
    let bad_query = async || app.get(&format!("{STATUS}?x=1")).api_key(&key).send().await.error();
    assert_eq!(bad_query().await, "validation_error", "all is well but what is asked");
    for _ in 0..100 {
        status(&app, &key).await;
    }
    assert_eq!(bad_query().await, "rate_limited");
    assert_eq!(read_only().await, "permission_denied");
    app.request("DELETE", &format!("/api/api-keys/{id}/")).token(&user.access).send().await;
    assert_eq!(read_only().await, "invalid_api_key");
    assert_eq!(bad_query().await, "invalid_api_key");
}
