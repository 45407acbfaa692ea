//! The tables of a data source, and the first rows of one.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use shared::access::Tenant;
use shared::base::{Code, DataSourceId, Fields, Timestamp};
use shared::http::Query;
use shared::http::page::{Page, Paging};
use shared::model::DataSource;
use shared::model::data_source::Data;
use shared::model::result::Rows;
use shared::model::table::Table;
use shared::service::{ListRequest, NoFilters};
use shared::store::collection;
use shared::store::files::{data_key, preview_part};
use shared::{App, Error};
use utoipa::{IntoParams, ToSchema};

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

#[derive(Deserr, IntoParams)]
#[deserr(error = Fields, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewParameters {
    /// The table; may be left out where there is only one.
    #[deserr(default)]
    table: Option<String>,
}

/// The first rows of a table.
#[derive(Serialize, ToSchema)]
pub(crate) struct Preview {
    #[serde(flatten)]
    rows: Rows,
    data_source: DataSourceId,
    table: String,
    /// Which version of the data it is: another import, another version.
    data_version: String,
    /// When that was imported.
    as_of: Timestamp,
}

/// Get the first rows of a table
///
/// The first 10 as they are in the file, or fewer where these take more than 1 MB.
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/preview/",
    operation_id = "preview_table",
    tag = "Data sources",
    params(DataSourcePath, PreviewParameters),
    responses(
        (status = 200, description = "The first rows.", body = Preview),
        (status = 409, description = "Nothing has been imported yet."),
    ),
)]
pub(crate) async fn preview(
    State(app): State<App>,
    tenant: Tenant,
    DataSourcePath { id }: DataSourcePath,
    Query(PreviewParameters { table }): Query<PreviewParameters>,
) -> Result<Json<Preview>, Error> {
    let data = data(&tenant, id).await?;
    let data = data.ok_or_else(|| Error::new(Code::Conflict, "Nothing has been imported yet."))?;
    let index = data.table_index(table.as_deref()).ok_or_else(|| no_table(&data, table.as_deref()))?;
    let key = data_key(tenant.organization, id, &data.version, &preview_part(index));
    let rows = app.files.get(&key).await?.ok_or_else(|| gone(&data))?;
    let rows = serde_json::from_slice(&rows).map_err(Error::internal)?;
    let table = data.tables.get(index).cloned().unwrap_or_default();
    Ok(Json(Preview { rows, data_source: id, table, data_version: data.version, as_of: data.imported_at }))
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

/// How many tables a refusal names.
const NAMED: usize = 20;

fn no_table(data: &Data, asked: Option<&str>) -> Error {
    let mut names: Vec<_> = data.tables.iter().take(NAMED).map(|name| format!("{name:?}")).collect();
    if data.tables.len() > NAMED {
        names.push(format!("and {} more", data.tables.len() - NAMED));
    }
    let names = names.join(", ");
    if asked.is_some() {
        return Error::new(Code::NotFound, format!("There is no such table. There are: {names}."));
    }
    let mut fields = Fields::default();
    fields.add("table", format!("Must name a table where there are several: {names}."));
    Error::validation(fields)
}
