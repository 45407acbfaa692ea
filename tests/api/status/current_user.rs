//! `GET /api/auth/status/`

use serde_json::json;
use shared::model::Role;
use shared::store::users;
use tests::paths::STATUS;
use tests::{Actor, TestApp, TestUser};

async fn start() -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    (app, viewer)
}

#[tokio::test]
async fn it_shows_exactly_user_and_organization() {
    let (app, viewer) = start().await;
    let reply = viewer.get(STATUS).await;
    assert_eq!(reply.status, 200);
    let expected = json!({
        "user": {
            "id": 1,
            "email": viewer.user.email,
            "first_name": "Test",
            "last_name": "User",
            "role": "viewer",
        },
        "organization": {
            "id": app.organization_id(),
            "name": "Test Corp",
            "plan": "unlimited",
            "ai_credits_remaining": 10,
        },
    });
    assert_eq!(reply.body, expected);
}

#[tokio::test]
async fn a_changed_role_shows_at_once() {
    let (app, viewer) = start().await;
    users::set_role(&app.app.store, app.organization_id(), viewer.user.id, Role::Owner).await.unwrap();
    assert_eq!(viewer.get(STATUS).await.body["user"]["role"], "owner");
}
