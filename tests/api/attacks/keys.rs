//! Making many API keys: whoever does spends their own room.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::entities::api_key;
use tests::paths::{API_KEYS, STATUS, item};
use tests::{Actor, Reply, TestApp, TestUser};
use tokio::task::JoinSet;

async fn make(user: &TestUser, expires_at: Option<&str>) -> Reply {
    user.post(API_KEYS, &json!({ "name": "a key", "expires_at": expires_at })).await
}

async fn count(user: &TestUser) -> Value {
    user.get(API_KEYS).await.body["count"].clone()
}

fn rotate(id: u64) -> String {
    format!("{}rotate/", item(API_KEYS, id))
}

#[tokio::test]
async fn a_viewer_with_a_hundred_keys_keeps_nobody_from_making_one() {
    let app = TestApp::start().await;
    let (viewer, colleague) = (app.user(Role::Viewer).await, app.user(Role::Viewer).await);
    for _ in 0..100 {
        assert_eq!(make(&viewer, None).await.status, 201);
    }
    let reply = make(&viewer, None).await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
    assert_eq!(reply.text("detail"), "A user may have 100 API keys: revoke one to make room.");
    assert_eq!(make(&colleague, None).await.status, 201);

    assert_eq!(
        viewer.post(&rotate(1), &json!({ "grace_period_seconds": 60 })).await.status,
        201,
        "needs no room"
    );
    assert_eq!(make(&viewer, None).await.status, 409, "and makes none");
    viewer.delete(&item(API_KEYS, 2)).await;
    assert_eq!(make(&viewer, None).await.status, 201);
}

#[tokio::test]
async fn dead_keys_count_for_nothing_and_are_removed() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    for _ in 0..99 {
        make(&viewer, Some("2027-01-15T08:00:30Z")).await;
    }
    let kept = api_key(&viewer, "read_only").await;
    assert_eq!(make(&viewer, None).await.status, 409);
    app.clock.advance(Duration::from_secs(30));
    for expected in [81, 62, 43, 24, 6, 7] {
        assert_eq!(make(&viewer, None).await.status, 201);
        assert_eq!(count(&viewer).await, expected, "20 at a time are removed, until what expired is gone");
    }
    assert_eq!(kept.get(STATUS).await.status, 200);
}

#[tokio::test]
async fn a_key_takes_one_rotation_so_that_a_chain_of_them_makes_no_more() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let key = api_key(&viewer, "read_only").await;
    let body = json!({ "grace_period_seconds": 604_800 });
    let successor = viewer.post(&rotate(key.id), &body).await;
    let reply = viewer.post(&rotate(key.id), &body).await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
    assert_eq!(reply.text("detail"), "API key 1 was replaced by 2: rotate that one.");

    let mut last = successor.id();
    for _ in 1..100 {
        last = viewer.post(&rotate(last), &body).await.id();
    }
    let reply = viewer.post(&rotate(last), &body).await;
    assert_eq!(reply.status, 409, "a hundred still work");
    assert!(reply.text("detail").contains("100 rotated API keys"), "{reply:?}");
    let at_once = viewer.post(&rotate(last), &json!({})).await;
    assert_eq!(at_once.status, 201, "one that dies at once is no matter");
}

#[tokio::test]
async fn an_expired_key_is_told_so_until_it_is_removed() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let reply = make(&viewer, Some("2027-01-15T08:01:00Z")).await;
    app.clock.advance(Duration::from_mins(1));
    let used = app.get(STATUS).api_key(&reply.text("key")).await;
    assert!(used.text("detail").contains("expired"), "{used:?}");
    make(&viewer, None).await;
    assert_eq!(viewer.get(&item(API_KEYS, reply.id())).await.status, 404);
    assert_eq!(app.get(STATUS).api_key(&reply.text("key")).await.status, 401);
}

#[tokio::test]
async fn never_may_be_written_as_the_last_second_there_is() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let reply = make(&viewer, Some("9999-12-31T23:59:59Z")).await;
    assert_eq!((reply.status, &reply.body["expires_at"]), (201, &json!("9999-12-31T23:59:59Z")));
    assert_eq!(viewer.get(&item(API_KEYS, reply.id())).await.body["expires_at"], "9999-12-31T23:59:59Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_on_the_last_places_take_no_more_than_there_are() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    for _ in 0..97 {
        make(&viewer, None).await;
    }
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let viewer = viewer.clone();
        requests.spawn(async move { make(&viewer, None).await.status });
    }
    let statuses = requests.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 3, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
    assert_eq!(count(&viewer).await, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_rotated_many_times_at_once_is_rotated_once() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    let key = api_key(&viewer, "read_only").await;
    let mut requests = JoinSet::new();
    for _ in 0..10 {
        let viewer = viewer.clone();
        requests.spawn(async move {
            viewer.post(&rotate(key.id), &json!({ "grace_period_seconds": 60 })).await.status
        });
    }
    let mut statuses = requests.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![409; 9]].concat());
    assert_eq!(count(&viewer).await, 2);
}
