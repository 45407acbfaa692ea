//! Dashboards as files.

mod attempts;
mod create;
mod deliver;
mod faults;
mod late;
mod mistakes;
mod runs;
mod schedule;
mod update;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::REPORTS;
use tests::{Actor, TestApp, TestUser, entities, widget};

/// An app, an analyst, and a dashboard with a pie over rows.
async fn start() -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, source, "region,amount\nNorth,10.50\nSouth,20\nNorth,3.25\n").await;
    let dashboard = entities::dashboard(&analyst, json!([widget::pie(source)])).await;
    (app, analyst, dashboard)
}

/// What a report over the dashboard takes.
fn report(dashboard: u64, format: &str) -> Value {
    json!({ "name": "Monday report", "dashboard": dashboard, "format": format })
}

/// Makes a report, and returns its ID.
async fn made(user: &TestUser, body: &Value) -> u64 {
    let reply = user.post(REPORTS, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}
