//! `/api/api-keys/`: the life of a key.

mod access;
mod create;
mod read;
mod revoke;
mod rotate;
mod update;

use shared::model::Role;
use tests::paths::{API_KEYS, STATUS, action};
use tests::{Actor, TestApp, TestKey, TestUser};

async fn start(role: Role) -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let user = app.user(role).await;
    (app, user)
}

async fn works(key: &TestKey) -> bool {
    let reply = key.get(STATUS).await;
    assert!(reply.status == 200 || reply.error() == "invalid_api_key", "{reply:?}");
    reply.status == 200
}

fn rotation(id: u64) -> String {
    action(API_KEYS, id, "rotate")
}
