//! Reading dashboards.

use axum::Json;
use shared::Error;
use shared::access::Tenant;
use shared::http::Tagged;
use shared::http::page::{Page, Paging};
use shared::model::Dashboard;
use shared::model::dashboard::{DashboardStatus, DashboardSummary};
use shared::service::ListRequest;
use shared::store::collection;

use crate::dashboard::{DashboardPath, DashboardView, tagged};

shared::filters! {
    /// Which dashboards to list.
    pub(crate) struct DashboardFilters {
        /// Only those of this status.
        status: DashboardStatus = "status",
    }
}

/// List dashboards
///
/// In ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/dashboards/",
    operation_id = "list_dashboards",
    tag = "Dashboards",
    params(Paging, DashboardFilters),
    responses((status = 200, description = "A page of dashboards.", body = Page<DashboardSummary>)),
)]
pub(crate) async fn list(
    request: ListRequest<DashboardFilters>,
) -> Result<Json<Page<DashboardSummary>>, Error> {
    request.page().await.map(Json)
}

/// Get a dashboard
#[utoipa::path(
    get,
    path = "/api/dashboards/{id}/",
    operation_id = "get_dashboard",
    tag = "Dashboards",
    params(DashboardPath),
    responses((status = 200, description = "The dashboard.", body = DashboardView)),
)]
pub(crate) async fn get(
    tenant: Tenant,
    DashboardPath { id }: DashboardPath,
) -> Result<Tagged<DashboardView>, Error> {
    collection::get::<Dashboard>(&tenant, tenant.organization, id.into()).await.map(tagged)
}
