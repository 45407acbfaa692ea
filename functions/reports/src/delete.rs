//! Deleting a report, with its runs and their files.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Caller;
use shared::http::IfMatch;
use shared::model::Report;
use shared::store::{Versioned, collection};
use shared::{App, Error};

use crate::report::{ReportPath, check_may_write};
use crate::schedule;

/// Delete a report
///
/// With its schedule, its runs and their files.
#[utoipa::path(
    delete,
    path = "/api/reports/{id}/",
    operation_id = "delete_report",
    tag = "Reports",
    params(ReportPath),
    responses((status = 204, description = "The report is deleted.")),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    ReportPath { id }: ReportPath,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    // First: the job removes what is left of a report that is not there, and leaves one that is as it is.
    schedule::sync(&app, &caller, id).await?;
    let check = |report: &Versioned<Report>| {
        check_may_write(&caller, &report.entity)?;
        if_match.check(report.tag())
    };
    collection::delete(&app.store, caller.organization(), id.into(), check).await?;
    Ok(StatusCode::NO_CONTENT)
}
