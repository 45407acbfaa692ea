//! The first rows of a table.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use shared::access::Tenant;
use shared::base::{Code, DataSourceId, Fields, Timestamp};
use shared::http::Query;
use shared::model::data_source::Data;
use shared::model::result::Rows;
use shared::{App, Error};
use utoipa::{IntoParams, ToSchema};

use crate::answers;
use crate::query::source;

shared::path! {
    /// The path of a data source.
    pub(crate) struct DataSourcePath {
        /// The data source's ID.
        id: DataSourceId,
    }
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
    /// When that was imported; for a database, when it was asked.
    as_of: Timestamp,
}

/// Get the first rows of a table
///
/// The first 10 as they are in the file, or any 10 that a database gives; fewer where these take more than 1 MB.
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/preview/",
    operation_id = "preview_table",
    tag = "Data sources",
    params(DataSourcePath, PreviewParameters),
    responses(
        (status = 200, description = "The first rows.", body = Preview),
        (status = 409, description = "Nothing has been imported yet."),
        (status = 502, description = "The database does not answer; `detail` says why."),
    ),
)]
pub(crate) async fn preview(
    State(app): State<App>,
    tenant: Tenant,
    DataSourcePath { id }: DataSourcePath,
    Query(PreviewParameters { table }): Query<PreviewParameters>,
) -> Result<Json<Preview>, Error> {
    let source = source(&tenant, id).await?;
    let data = source.data.clone();
    let data = data.ok_or_else(|| Error::new(Code::Conflict, "Nothing has been imported yet."))?;
    let index = data.table_index(table.as_deref()).ok_or_else(|| no_table(&data, table.as_deref()))?;
    answers::settle(&app);
    let rows = answers::of(&app).preview(tenant.organization, &source, &data, index, app.clock.now()).await?;
    let table = data.tables.get(index).cloned().unwrap_or_default();
    let as_of = if source.engine.is_live() { app.clock.now() } else { data.imported_at };
    Ok(Json(Preview { rows, data_source: id, table, data_version: data.version, as_of }))
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
