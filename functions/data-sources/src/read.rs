//! Looking at data sources.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use shared::access::Tenant;
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageSize};
use shared::http::{ListRequest, PathId, Query, Tagged};
use shared::store::collection;
use shared::{App, Error};

use crate::data_source::{DataSource, DataSourceRow, DataSourceView, Status, Type};

#[derive(Deserr)]
#[deserr(error = Fields, deny_unknown_fields)]
pub(crate) struct List {
    #[deserr(default)]
    page: PageNumber,
    #[deserr(default)]
    page_size: PageSize,
    #[deserr(default)]
    status: Option<Status>,
    #[deserr(default, rename = "type")]
    source_type: Option<Type>,
}

pub(crate) async fn list(
    request: ListRequest,
    Query(List { page, page_size, status, source_type }): Query<List>,
) -> Result<Json<Page<DataSourceRow>>, Error> {
    let filters = status.map(Status::filter).into_iter().chain(source_type.map(Type::filter)).collect();
    request.page(page, page_size, |_| filters).await.map(Json)
}

pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    PathId(id): PathId,
) -> Result<Tagged<DataSourceView>, Error> {
    let source = collection::get::<DataSource>(&app.store, tenant.organization, id).await?;
    Ok(Tagged::new(source, DataSourceView::from))
}
