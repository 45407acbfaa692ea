//! Deleting a dashboard.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Caller;
use shared::http::IfMatch;
use shared::model::Dashboard;
use shared::store::{Versioned, collection};
use shared::{App, Error};

use crate::dashboard::{DashboardPath, check_may_write};

/// Delete a dashboard
#[utoipa::path(
    delete,
    path = "/api/dashboards/{id}/",
    operation_id = "delete_dashboard",
    tag = "Dashboards",
    params(DashboardPath),
    responses((status = 204, description = "The dashboard is deleted.")),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    DashboardPath { id }: DashboardPath,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    let check = |dashboard: &Versioned<Dashboard>| {
        check_may_write(&caller, &dashboard.entity)?;
        if_match.check(dashboard.tag())
    };
    collection::delete(&app.store, caller.organization(), id.into(), check).await?;
    Ok(StatusCode::NO_CONTENT)
}
