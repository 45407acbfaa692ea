//! A dashboard as it is shown, and who may write it.

use serde::Serialize;
use shared::Error;
use shared::access::{Caller, Permission};
use shared::base::{DashboardId, Description, Name, Timestamp, UserId};
use shared::http::Tagged;
use shared::model::dashboard::{Dashboard, DashboardStatus, Widget};
use shared::store::Versioned;
use utoipa::ToSchema;

/// The path of the collection.
pub(crate) const DASHBOARDS: &str = "/api/dashboards/";

shared::path! {
    /// The path of a dashboard.
    pub(crate) struct DashboardPath {
        /// The dashboard's ID.
        id: DashboardId,
    }
}

/// A dashboard as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Dashboard, description = "A dashboard.")]
pub(crate) struct DashboardView {
    id: DashboardId,
    name: Name,
    description: Description,
    status: DashboardStatus,
    widgets: Vec<Widget>,
    created_by: UserId,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Dashboard> for DashboardView {
    fn from(dashboard: Dashboard) -> Self {
        let Dashboard { id, name, description, status, widgets, created_by, created_at, updated_at, .. } =
            dashboard;
        Self { id, name, description, status, widgets, created_by, created_at, updated_at }
    }
}

/// The 200 for a dashboard.
pub(crate) fn tagged(dashboard: Versioned<Dashboard>) -> Tagged<DashboardView> {
    Tagged { tag: dashboard.tag(), body: dashboard.entity.into() }
}

/// `Ok` if the caller may change and delete the dashboard.
pub(crate) fn check_may_write(caller: &Caller, dashboard: &Dashboard) -> Result<(), Error> {
    if dashboard.created_by == caller.user().id {
        return Ok(());
    }
    let what = format!("Changing or deleting dashboard {} of user {}", dashboard.id, dashboard.created_by);
    caller.require(Permission::WriteAnyDashboards, &what)
}
