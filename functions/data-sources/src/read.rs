//! Looking at data sources.

use axum::Json;
use deserr::Deserr;
use shared::Error;
use shared::access::Tenant;
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageSize};
use shared::http::{ListRequest, PathId, Query, Tagged};
use shared::store::collection;
use utoipa::IntoParams;

use crate::data_source::{DataSource, DataSourceRow, DataSourceView, Status, Type};

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
    status: Option<Status>,
    /// Only those of this type.
    #[deserr(default, rename = "type")]
    #[param(rename = "type")]
    source_type: Option<Type>,
}

/// List data sources
///
/// In ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/data-sources/",
    operation_id = "list_data_sources",
    tag = "Data sources",
    params(List),
    responses((status = 200, description = "A page of them.", body = Page<DataSourceRow>)),
)]
pub(crate) async fn list(
    request: ListRequest,
    Query(List { page, page_size, status, source_type }): Query<List>,
) -> Result<Json<Page<DataSourceRow>>, Error> {
    let filters = status.map(Status::filter).into_iter().chain(source_type.map(Type::filter)).collect();
    request.page(page, page_size, |_| filters).await.map(Json)
}

/// Read a data source
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/",
    operation_id = "get_data_source",
    tag = "Data sources",
    responses((status = 200, description = "It.", body = DataSourceView)),
)]
pub(crate) async fn get(tenant: Tenant, PathId(id): PathId) -> Result<Tagged<DataSourceView>, Error> {
    let source = collection::get::<DataSource>(&tenant, tenant.organization, id).await?;
    Ok(Tagged::new(source, DataSourceView::from))
}
