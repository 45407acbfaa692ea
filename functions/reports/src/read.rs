//! Reading reports.

use axum::Json;
use axum::extract::State;
use shared::access::Tenant;
use shared::http::Tagged;
use shared::http::page::{Page, Paging};
use shared::model::Report;
use shared::model::report::Format;
use shared::service::ListRequest;
use shared::store::collection;
use shared::{App, Error};

use crate::report::{ReportPath, ReportView, tagged};

shared::filters! {
    /// Which reports to list.
    pub(crate) struct ReportFilters {
        /// Only those of this format.
        format: Format = "format",
    }
}

/// List reports
///
/// In ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/reports/",
    operation_id = "list_reports",
    tag = "Reports",
    params(Paging, ReportFilters),
    responses((status = 200, description = "A page of reports.", body = Page<ReportView>)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    request: ListRequest<ReportFilters>,
) -> Result<Json<Page<ReportView>>, Error> {
    let now = app.clock.now();
    let page = request.page::<Report>().await?;
    Ok(Json(page.map(|report| ReportView::at(report, now))))
}

/// Get a report
#[utoipa::path(
    get,
    path = "/api/reports/{id}/",
    operation_id = "get_report",
    tag = "Reports",
    params(ReportPath),
    responses((status = 200, description = "The report.", body = ReportView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    ReportPath { id }: ReportPath,
) -> Result<Tagged<ReportView>, Error> {
    let report = collection::get::<Report>(&tenant, tenant.organization, id.into()).await?;
    Ok(tagged(report, app.clock.now()))
}
