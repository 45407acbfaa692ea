//! Looking at dashboards.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use deserr::Deserr;
use shared::access::Tenant;
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageRequest, PageSize};
use shared::http::{ListRequest, PathId, Query, RequestContext, Tagged, list as list_rows};
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
    State(app): State<App>,
    tenant: Tenant,
    context: RequestContext,
    uri: Uri,
    Query(List { page, page_size, status }): Query<List>,
) -> Result<Json<Page<DashboardRow>>, Error> {
    let page = PageRequest { number: page, size: page_size };
    let request = ListRequest { app: &app, tenant, context: &context, uri: &uri, page };
    list_rows(request, |_| status.map(DashboardStatus::filter).into_iter().collect()).await.map(Json)
}

pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    PathId(id): PathId,
) -> Result<Tagged<DashboardView>, Error> {
    let dashboard = collection::get::<Dashboard>(&app.store, tenant.organization, id).await?;
    Ok(Tagged::new(dashboard, DashboardView::from))
}
