//! `/api/data-sources/`

mod connections;
mod create;
mod delete;
mod read;
mod rebinding;
mod secrets;
mod update;

use serde_json::{Value, json};
use shared::model::Role;
use tests::{TestApp, TestUser};

async fn start(role: Role) -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let user = app.user(role).await;
    (app, user)
}

fn warehouse() -> Value {
    json!({
        "name": "Warehouse",
        "type": "database",
        "engine": "postgresql",
        "connection": {
            "host": "db.example.com", "database": "sales", "username": "reader", "password": "hunter2-sealed",
        },
    })
}
