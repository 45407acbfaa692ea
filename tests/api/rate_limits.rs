//! So many requests in a window, no more and no fewer.

use std::time::Duration;

use serde_json::json;
use shared::http::PeerAddress;
use shared::model::Role;
use tests::paths::{LOGIN, REFRESH, STATUS};
use tests::{Actor, Reply, TestApp, TestKey, Wire, entities};
use tokio::task::JoinSet;

async fn with_key() -> (TestApp, TestKey) {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let key = entities::api_key(&viewer, "read_only").await;
    (app, key)
}

fn header(reply: &Reply, name: &str) -> i64 {
    reply.header(name).unwrap_or_else(|| panic!("no {name}: {reply:?}")).parse().unwrap()
}

#[tokio::test]
async fn a_key_is_told_its_budget_and_refused_beyond_it() {
    let (app, key) = with_key().await;
    let get = async || key.get(STATUS).await;
    for used in 1..=100 {
        let reply = get().await;
        assert_eq!(reply.status, 200, "request {used}");
        assert_eq!(header(&reply, "x-ratelimit-limit"), 100);
        assert_eq!(header(&reply, "x-ratelimit-remaining"), 100 - used);
        let reset = header(&reply, "x-ratelimit-reset") - app.clock.now();
        assert!((1..=60).contains(&reset), "{reset}");
    }
    let refused = get().await;
    assert_eq!((refused.status, refused.error().as_str()), (429, "rate_limited"));
    assert_eq!(header(&refused, "x-ratelimit-remaining"), 0);
    let wait = header(&refused, "retry-after");
    assert_eq!(wait, header(&refused, "x-ratelimit-reset") - app.clock.now());
    assert!(refused.text("detail").contains(&format!("{wait} s")), "{refused:?}");

    app.clock.advance(Duration::from_secs(wait.cast_unsigned() - 1));
    assert_eq!(get().await.status, 429);
    app.clock.advance(Duration::from_secs(1));
    let admitted = get().await;
    assert_eq!((admitted.status, header(&admitted, "x-ratelimit-remaining")), (200, 99));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_are_a_hundred_admitted_and_a_hundred_refused() {
    for instances in [1, 2] {
        let app = TestApp::start_on(&Wire::default()).await;
        let viewer = app.user(Role::Viewer).await;
        let key = entities::api_key(&viewer, "read_only").await;
        let keys: Vec<_> = (0..instances).map(|_| key.at(&app.another_instance().instance())).collect();
        let mut requests = JoinSet::new();
        for number in 0..200 {
            requests.spawn(keys[number % keys.len()].get(STATUS).into_future());
        }
        let replies = requests.join_all().await;
        let with = |status| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((with(200), with(429)), (100, 100), "{instances} instances");
    }
}

#[tokio::test]
async fn the_tokens_of_a_user_share_a_thousand() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let other = viewer.sign_in().await;
    for number in 0..1_000 {
        let session = if number % 2 == 0 { &viewer } else { &other };
        let reply = session.get(STATUS).await;
        assert_eq!((reply.status, header(&reply, "x-ratelimit-limit")), (200, 1_000));
    }
    assert_eq!(other.get(STATUS).await.status, 429);
    let colleague = app.user(Role::Viewer).await;
    assert_eq!(colleague.get(STATUS).await.status, 200);
}

#[tokio::test]
async fn hammering_costs_no_more_writes() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let viewer = app.user(Role::Viewer).await;
    let key = entities::api_key(&viewer, "read_only").await;
    for _ in 0..101 {
        key.get(STATUS).await;
    }
    wire.take_calls();
    for _ in 0..50 {
        assert_eq!(key.get(STATUS).await.status, 429);
    }
    let calls = wire.take_calls();
    assert_eq!(calls.iter().filter(|call| call.operation == "UpdateItem").count(), 0);
}

#[tokio::test]
async fn counters_are_deleted_after_their_window() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let viewer = app.user(Role::Viewer).await;
    viewer.get(STATUS).await;
    let calls = wire.take_calls();
    let counter = calls.iter().rfind(|call| call.body["TableName"] == "test-counters").unwrap();
    let expires_at: i64 =
        counter.body["ExpressionAttributeValues"][":expires_at"]["N"].as_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&(expires_at - app.clock.now())), "{expires_at}");
}

#[tokio::test]
async fn sign_ins_are_throttled_by_email() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let email = viewer.user.email.to_string();
    app.clock.advance(Duration::from_mins(1));
    for _ in 0..10 {
        assert_eq!(app.login(&email, "wrong").await.status, 401);
    }
    let refused = app.login(&email.to_uppercase(), tests::PASSWORD).await;
    assert_eq!((refused.status, refused.error().as_str()), (429, "rate_limited"));
    let other = app.user(Role::Viewer).await;
    assert_eq!(app.login(&other.user.email.to_string(), tests::PASSWORD).await.status, 200);
    app.clock.advance(Duration::from_secs(header(&refused, "retry-after").cast_unsigned()));
    assert_eq!(app.login(&email, tests::PASSWORD).await.status, 200);
}

#[tokio::test]
async fn sign_ins_are_throttled_by_address_which_no_header_changes() {
    let app = TestApp::start().await;
    let login = async |number: u32, address: &str| {
        let body = json!({ "email": format!("{number}@nowhere.example"), "password": "x" });
        let request = app.post(LOGIN).json(&body).header("x-forwarded-for", format!("192.0.2.{number}"));
        let request = request.header("forwarded", format!("for=192.0.2.{number}"));
        request.extension(PeerAddress(address.parse().unwrap())).await.status
    };
    let segment = app.clock.now() + i64::from(std::process::id());
    let (here, next_door, elsewhere) = (
        format!("2001:db8:1:{:x}::1", segment % 0xffff),
        format!("2001:db8:1:{:x}::2", segment % 0xffff),
        "2001:db8:2::1",
    );
    for number in 0..30 {
        assert_eq!(login(number, &here).await, 401);
    }
    assert_eq!(login(30, &here).await, 429);
    assert_eq!(login(31, &next_door).await, 429, "a subscriber's addresses are one");
    assert_eq!(login(32, elsewhere).await, 401);
}

#[tokio::test]
async fn refreshes_are_throttled_by_address() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let refresh = async || app.post(REFRESH).json(&json!({ "refresh": viewer.refresh })).await;
    for _ in 0..60 {
        assert_eq!(refresh().await.status, 200);
    }
    let refused = refresh().await;
    assert_eq!((refused.status, refused.error().as_str()), (429, "rate_limited"));
    app.clock.advance(Duration::from_secs(header(&refused, "retry-after").cast_unsigned()));
    assert_eq!(refresh().await.status, 200);
}
