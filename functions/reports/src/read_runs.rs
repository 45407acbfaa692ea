//! Reading runs.

use axum::Json;
use axum::extract::State;
use shared::access::Tenant;
use shared::http::Tagged;
use shared::http::page::{Page, Paging};
use shared::model::report::run::Status;
use shared::model::{Report, Run};
use shared::service::ListRequest;
use shared::store::reports::runs_of;
use shared::store::{Versioned, collection};
use shared::{App, Error};

use crate::report::ReportPath;
use crate::run::{RunPath, RunView, tag};

shared::filters! {
    /// Which runs to list.
    pub(crate) struct RunFilters {
        /// Only those of this status.
        status: Status = "status",
    }
}

/// List the runs of a report
///
/// Those of the last 90 days, in ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/reports/{id}/runs/",
    operation_id = "list_runs",
    tag = "Reports",
    params(ReportPath, Paging, RunFilters),
    responses((status = 200, description = "A page of runs.", body = Page<RunView>)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    ReportPath { id }: ReportPath,
    request: ListRequest<RunFilters>,
) -> Result<Json<Page<RunView>>, Error> {
    let now = app.clock.now();
    let page = request.page_within::<Report, Run>(id.into()).await?;
    Ok(Json(page.map(|run| RunView::at(run, now))))
}

/// Get a run
#[utoipa::path(
    get,
    path = "/api/reports/{id}/runs/{run_id}/",
    operation_id = "get_run",
    tag = "Reports",
    params(RunPath),
    responses((status = 200, description = "The run.", body = RunView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    path: RunPath,
) -> Result<Tagged<RunView>, Error> {
    let (run, now) = (find(&tenant, path).await?, app.clock.now());
    Ok(Tagged { tag: tag(&run, now), body: RunView::at(run.entity, now) })
}

/// The run, or the 404.
pub(crate) async fn find(tenant: &Tenant, RunPath { id, run_id }: RunPath) -> Result<Versioned<Run>, Error> {
    let organization = tenant.organization;
    // The runs of a report that is deleted are removed some time after it.
    let report = collection::get::<Report>(tenant, organization, id.into());
    let run = collection::get::<Run>(tenant, runs_of(organization, id), run_id.into());
    let (_, run) = tokio::try_join!(report, run)?;
    Ok(run)
}
