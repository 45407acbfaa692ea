//! Looking at dashboards.

use axum::Json;
use deserr::Deserr;
use shared::Error;
use shared::access::Tenant;
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageSize};
use shared::http::{ListRequest, PathId, Query, Tagged};
use shared::model::dashboard::{DashboardRow, DashboardStatus};
use shared::store::collection;
use utoipa::IntoParams;

use crate::dashboard::{Dashboard, DashboardView};

#[derive(Deserr, IntoParams)]
#[deserr(error = Fields, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct List {
    /// Which page, from 1.
    #[deserr(default)]
    #[param(inline, required = false)]
    page: PageNumber,
    /// How many results a page has, up to 100.
    #[deserr(default)]
    #[param(inline, required = false)]
    page_size: PageSize,
    /// Only those of this status.
    #[deserr(default)]
    status: Option<DashboardStatus>,
}

/// List dashboards
///
/// In ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/dashboards/",
    operation_id = "list_dashboards",
    tag = "Dashboards",
    params(List),
    responses((status = 200, description = "A page of them.", body = Page<DashboardRow>)),
)]
pub(crate) async fn list(
    request: ListRequest,
    Query(List { page, page_size, status }): Query<List>,
) -> Result<Json<Page<DashboardRow>>, Error> {
    let filters = status.map(DashboardStatus::filter).into_iter().collect();
    request.page(page, page_size, |_| filters).await.map(Json)
}

/// Read a dashboard
#[utoipa::path(
    get,
    path = "/api/dashboards/{id}/",
    operation_id = "get_dashboard",
    tag = "Dashboards",
    responses((status = 200, description = "It.", body = DashboardView)),
)]
pub(crate) async fn get(tenant: Tenant, PathId(id): PathId) -> Result<Tagged<DashboardView>, Error> {
    let dashboard = collection::get::<Dashboard>(&tenant, tenant.organization, id).await?;
    Ok(Tagged::new(dashboard, DashboardView::from))
}
