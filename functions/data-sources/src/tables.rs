//! The tables of a data source.

use axum::Json;
use axum::extract::State;
use shared::access::Tenant;
use shared::base::{Code, DataSourceId};
use shared::http::page::{Page, Paging};
use shared::model::DataSource;
use shared::model::data_source::Data;
use shared::model::table::Table;
use shared::service::{ListRequest, NoFilters};
use shared::store::collection;
use shared::{App, Error};

use crate::data_source::DataSourcePath;

/// List the tables of a data source
///
/// None until something was imported.
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/tables/",
    operation_id = "list_tables",
    tag = "Data sources",
    params(DataSourcePath, Paging),
    responses((status = 200, description = "A page of tables, in their order in the file.", body = Page<Table>)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    tenant: Tenant,
    DataSourcePath { id }: DataSourcePath,
    request: ListRequest<NoFilters>,
) -> Result<Json<Page<Table>>, Error> {
    let tables = match data(&tenant, id).await? {
        None => Vec::new(),
        Some(data) => {
            let tables = app.files.tables(tenant.organization, id, &data.version).await?;
            tables.ok_or_else(|| gone(&data))?
        }
    };
    request.page_of_all(tables).map(Json)
}

/// What the data source holds, once the request is admitted.
async fn data(tenant: &Tenant, id: DataSourceId) -> Result<Option<Data>, Error> {
    let source = collection::get::<DataSource>(tenant, tenant.organization, id.into());
    // Nothing is fetched from the bucket for who is refused.
    let (source, _) = tokio::try_join!(source, tenant.caller())?;
    Ok(source.entity.data)
}

/// The table may have been restored to a time whose files are removed since.
fn gone(data: &Data) -> Error {
    let detail = "The data that was imported last is not there any more: import it again.";
    Error::new(Code::Conflict, detail).caused_by(format!("version {} is not in the bucket", data.version))
}
