//! The rounds that admission takes, and the answers that are made beside it.

use std::time::Duration;

use axum::Json;
use axum::http::header::ETAG;
use axum::http::{HeaderName, Method};
use serde_json::json;
use shared::access::{Permission, Tenant};
use shared::model::Role;
use shared::service::Routes;
use tests::paths::{API_KEYS, LOGIN, REFRESH, STATUS, item};
use tests::{Actor, Instance, PASSWORD, Reply, TestApp, TestKey, TestRequest, TestUser, Wire, entities};
use tokio::time::Instant;

const HOLD: Duration = Duration::from_millis(50);

/// The wire, an app on it, and an owner with a key: each answer of the wire is then held for a while.
async fn held() -> (Wire, TestApp, TestUser, TestKey) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_write").await;
    wire.take_calls();
    wire.hold(HOLD);
    tokio::time::pause();
    (wire, app, owner, key)
}

async fn rounds(request: TestRequest) -> (Reply, u128) {
    let started = Instant::now();
    let reply = request.await;
    (reply, started.elapsed().as_millis() / HOLD.as_millis())
}

#[tokio::test]
async fn an_admitted_get_takes_one_round_once_its_credential_is_proved() {
    let (wire, app, owner, key) = held().await;
    for (path, expected) in [(STATUS, 200), (&item(API_KEYS, 1), 200), (&item(API_KEYS, 99), 404)] {
        let (reply, rounds) = rounds(owner.get(path)).await;
        assert_eq!((reply.status, rounds), (expected, 1), "{path}");
        assert_eq!(wire.take_calls().len(), 2, "what is read, and the counter");
    }
    for instance in [&app, &app.another_instance()] {
        for expected in [2, 1] {
            let (reply, rounds) = rounds(key.at(&instance.instance()).get(STATUS)).await;
            assert_eq!((reply.status, rounds), (200, expected), "a key is proved by its first request");
            assert_eq!(wire.take_calls().len() as u128, expected + 1);
        }
    }
    for expected in [2, 0] {
        app.after_answer().await;
        let calls = wire.take_calls().len();
        assert_eq!(
            calls, expected,
            "the first of a minute is noted after the answer: of the key, and of the organization"
        );
    }
}

#[tokio::test]
async fn other_requests_take_the_rounds_they_are_allowed() {
    let (_wire, app, owner, _) = held().await;
    let body = json!({ "name": "x" });
    for (request, expected) in [
        (owner.get(API_KEYS), 2),
        (owner.post(API_KEYS, &body), 3),
        (owner.patch(&item(API_KEYS, 1), &body), 3),
        (owner.post(REFRESH, &json!({ "refresh": owner.refresh })), 1),
    ] {
        let (reply, rounds) = rounds(request).await;
        assert!(reply.status < 300, "{reply:?}");
        assert_eq!(rounds, expected, "{reply:?}");
    }
    let login = json!({ "email": owner.user.email, "password": PASSWORD });
    assert_eq!(rounds(app.post(LOGIN).json(&login)).await.1, 2);
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
    let members_key = entities::api_key(&member, "read_only").await;
    let revoked = entities::api_key(&member, "read_only").await;
    member.delete(&item(API_KEYS, revoked.id)).await;
    let over = entities::api_key(&member, "read_only").await;
    tokio::time::pause();

    let leaky = Instance { router: leaky_routes().into_router(app.app.clone()), address: app.address };
    let [key, members_key, revoked, over] = [key, members_key, revoked, over].map(|key| key.at(&leaky));
    let admitted = rounds(key.get("/api/leak/")).await;
    assert_eq!((admitted.0.status, admitted.0.header("etag")), (200, Some("\"secret-etag\"")));
    for _ in 0..100 {
        over.get("/api/leak/").await;
    }
    members_key.get("/api/denied/").await;
    // Reading the records and counting the refusal, or reading the records of a key that is proved beside counting the request.
    for (path, key, expected, takes) in [
        ("/api/leak/", &key.forged(), 401, 2),
        ("/api/leak/", &revoked, 401, 2),
        ("/api/denied/", &members_key, 403, 1),
        ("/api/leak/", &over, 429, 1),
    ] {
        let (reply, rounds) = rounds(key.get(path)).await;
        assert_eq!(reply.status, expected);
        assert_eq!(reply.header("etag"), None);
        assert!(!reply.body.to_string().contains("secret of"), "{reply:?}");
        assert_eq!(rounds, takes, "{expected}");
    }
}
