//! `POST /api/auth/token/refresh/`

use std::time::Duration;

use serde_json::json;
use shared::access::token::REFRESH_TOKEN_LIFETIME;
use shared::model::Role;
use shared::model::user::Status;
use shared::store::users;
use tests::paths::{REFRESH, STATUS};
use tests::{Actor, Reply, TestApp, password_hash};

async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.post(REFRESH).json(&json!({ "refresh": token })).await
}

#[tokio::test]
async fn a_refresh_token_gets_an_access_token_that_works() {
    let app = TestApp::start().await;
    let user = app.user(Role::Member).await;
    app.clock.advance(Duration::from_hours(2));
    let reply = refresh(&app, &user.refresh).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["access"]);
    assert_eq!(user.with(reply.text("access")).get(STATUS).await.status, 200);
    assert_eq!(refresh(&app, &user.refresh).await.status, 200, "the refresh token stays good");
}

#[tokio::test]
async fn it_lives_seven_days() {
    let app = TestApp::start().await;
    let user = app.user(Role::Member).await;
    app.clock.advance(Duration::from_secs(REFRESH_TOKEN_LIFETIME.as_secs() - 1));
    assert_eq!(refresh(&app, &user.refresh).await.status, 200);
    app.clock.advance(Duration::from_secs(1));
    let reply = refresh(&app, &user.refresh).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "token_expired"));
    assert!(reply.text("detail").contains("/api/auth/login/"));
}

#[tokio::test]
async fn an_access_token_is_not_a_refresh_token() {
    let app = TestApp::start().await;
    let user = app.user(Role::Member).await;
    let reply = refresh(&app, &user.access).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"));
    assert!(reply.text("detail").contains("send the refresh token"));
}

#[tokio::test]
async fn it_ends_with_the_users_password_activity_and_existence() {
    let app = TestApp::start().await;
    let (store, organization) = (&app.app.store, app.organization_id());

    let changed = app.user(Role::Member).await;
    users::set_password(store, organization, &changed.user, password_hash().await).await.unwrap();
    let deactivated = app.user(Role::Member).await;
    users::set_status(store, organization, deactivated.user.id, Status::Deactivated).await.unwrap();
    let deleted = app.user(Role::Member).await;
    users::delete(store, organization, &deleted.user).await.unwrap();

    for (user, says) in
        [(changed, "password was changed"), (deactivated, "deactivated"), (deleted, "no longer exists")]
    {
        let reply = refresh(&app, &user.refresh).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"), "{says}");
        assert!(reply.text("detail").contains(says), "{reply:?}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let app = TestApp::start().await;
    for token in ["x", "a.b.c", "a\0b", "é.é.é", &"x".repeat(4_096)] {
        let reply = refresh(&app, token).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"), "{token}");
    }
    let reply = refresh(&app, "").await;
    assert_eq!(reply.reasons("refresh"), "Must not be empty.");
    let reply = refresh(&app, &"x".repeat(4_097)).await;
    assert!(reply.reasons("refresh").starts_with("Must not be longer than any token of ours"));
}
