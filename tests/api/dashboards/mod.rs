//! `/api/dashboards/`, and the widgets on them.

mod columns;
mod create;
mod duplicate;
mod mistakes;
mod read;
mod update;
mod widgets;

use shared::model::Role;
use tests::{TestApp, TestUser, entities};

/// An app, a user of that role, and a data source of their organization's.
async fn start(role: Role) -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await;
    let user = app.user(role).await;
    let owner = app.user(Role::Owner).await;
    let source = entities::data_source(&owner).await;
    (app, user, source)
}
