//! Deleting a dashboard.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Caller;
use shared::http::{IfMatch, PathId};
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};

use crate::dashboard::{Dashboard, check_may_write};

/// Delete a dashboard
#[utoipa::path(
    delete,
    path = "/api/dashboards/{id}/",
    operation_id = "delete_dashboard",
    tag = "Dashboards",
    responses((status = 204, description = "Deleted.")),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    collection::modify(&app.store, caller.organization(), id, &[], |dashboard: &Versioned<Dashboard>, _| {
        check_may_write(&caller, &dashboard.entity)?;
        if_match.check(dashboard)?;
        Ok(Change::Delete(Vec::new()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
