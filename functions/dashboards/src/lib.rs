//! `/api/dashboards/`: widgets on a grid, over data sources.

mod create;
mod dashboard;
mod delete;
mod duplicate;
mod query;
mod read;
mod requirement;
mod update;
mod widget;

use shared::access::Permission::{ReadDashboards, WriteOwnDashboards};
use shared::http::Routes;

/// The group's routes. What the permission to write anybody's dashboards adds, each handler asks of its caller.
pub fn routes() -> Routes {
    Routes::new()
        .get("/api/dashboards/", ReadDashboards, read::list)
        .with_query()
        .post("/api/dashboards/", WriteOwnDashboards, create::create)
        .get("/api/dashboards/{id}/", ReadDashboards, read::get)
        .patch("/api/dashboards/{id}/", WriteOwnDashboards, update::update)
        .delete("/api/dashboards/{id}/", WriteOwnDashboards, delete::delete)
        .post("/api/dashboards/{id}/duplicate/", WriteOwnDashboards, duplicate::duplicate)
}
