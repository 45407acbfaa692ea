//! Looking at dashboards.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use shared::access::Tenant;
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageSize};
use shared::http::{ListRequest, PathId, Query, Tagged};
use shared::model::dashboard::{DashboardRow, DashboardStatus};
use shared::store::collection;
use shared::{App, Error};

use crate::dashboard::{Dashboard, DashboardView};

#[derive(Deserr)]
#[deserr(error = Fields, deny_unknown_fields)]
pub(crate) struct List {
    #[deserr(default)]
    page: PageNumber,
    #[deserr(default)]
    page_size: PageSize,
    #[deserr(default)]
    status: Option<DashboardStatus>,
}

pub(crate) async fn list(
    request: ListRequest,
    Query(List { page, page_size, status }): Query<List>,
) -> Result<Json<Page<DashboardRow>>, Error> {
    let filters = status.map(DashboardStatus::filter).into_iter().collect();
    request.page(page, page_size, |_| filters).await.map(Json)
}

pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    PathId(id): PathId,
) -> Result<Tagged<DashboardView>, Error> {
    let dashboard = collection::get::<Dashboard>(&app.store, tenant.organization, id).await?;
    Ok(Tagged::new(dashboard, DashboardView::from))
}
