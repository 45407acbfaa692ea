//! Reading data sources.

use axum::Json;
use shared::Error;
use shared::access::Tenant;
use shared::http::Tagged;
use shared::http::page::{Page, Paging};
use shared::model::DataSource;
use shared::model::data_source::{DataSourceSummary, Status, Type};
use shared::service::ListRequest;
use shared::store::collection;

use crate::data_source::{DataSourcePath, DataSourceView, tagged};

shared::filters! {
    /// Which data sources to list.
    pub(crate) struct DataSourceFilters {
        /// Only those of this status.
        status: Status = "status",
        /// Only those of this type.
        source_type: Type = "type",
    }
}

/// List data sources
///
/// In ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/data-sources/",
    operation_id = "list_data_sources",
    tag = "Data sources",
    params(Paging, DataSourceFilters),
    responses((status = 200, description = "A page of data sources.", body = Page<DataSourceSummary>)),
)]
pub(crate) async fn list(
    request: ListRequest<DataSourceFilters>,
) -> Result<Json<Page<DataSourceSummary>>, Error> {
    request.page().await.map(Json)
}

/// Get a data source
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/",
    operation_id = "get_data_source",
    tag = "Data sources",
    params(DataSourcePath),
    responses((status = 200, description = "The data source.", body = DataSourceView)),
)]
pub(crate) async fn get(
    tenant: Tenant,
    DataSourcePath { id }: DataSourcePath,
) -> Result<Tagged<DataSourceView>, Error> {
    let source = collection::get::<DataSource>(&tenant, tenant.organization, id.into()).await?;
    Ok(tagged(tenant.organization, source))
}
