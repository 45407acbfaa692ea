//! Saying how a query would be answered.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::access::Tenant;
use shared::base::DataSourceId;
use shared::http::JsonBody;
use shared::model::query::Query;
use shared::model::resolve::explicit;
use shared::model::result::{ResolvedWords, ResultColumn, ResultEngine};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::answers;
use crate::query::{AnalyticsQuery, QUERY, source};

/// How a query would be answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct Explanation {
    data_source: DataSourceId,
    table: String,
    /// Which version of the data it is.
    data_version: String,
    engine: ResultEngine,
    /// The query with all that it leaves open: names, bounds, order, limit. Asked as it is, it is answered the same, on any day.
    query: Query,
    /// What the query's words come to.
    resolved: ResolvedWords,
    /// The columns of the result.
    columns: Vec<ResultColumn>,
    /// The columns of the table that are read.
    reads: Vec<String>,
    /// How many rows are read: those of the parts of the table that may be within the time range. Null where a database finds them.
    #[schema(required)]
    rows: Option<u64>,
    /// How many bytes of the file these are: what is in memory already is not read again. Null for a database.
    #[schema(required)]
    bytes: Option<u64>,
    /// The plan, for people; for a database the statement, with places for the values. What a query asks for beside its rows, like
    /// totals, is asked by statements like it.
    plan: String,
}

/// Explain a query
///
/// What it comes to, and what would be read for it. Runs nothing.
#[utoipa::path(
    post,
    path = "/api/analytics/explain/",
    operation_id = "explain_query",
    tag = "Analytics",
    request_body = AnalyticsQuery,
    responses(
        (status = 200, description = "How it would be answered.", body = Explanation),
        (status = 404, description = "There is no such data source."),
        (status = 409, description = "Nothing has been imported yet, or the data source is paused."),
    ),
)]
pub(crate) async fn explain(
    State(app): State<App>,
    tenant: Tenant,
    JsonBody(AnalyticsQuery { data_source, query }): JsonBody<AnalyticsQuery>,
) -> Result<Json<Explanation>, Error> {
    let source = source(&tenant, data_source.into()).await?;
    let question = answers::question(&app, tenant.organization, &source, &query, QUERY).await?;
    let reading = answers::of(&app).explain(&question).await;
    let reading = reading.map_err(|error| error.told(QUERY))?;
    Ok(Json(Explanation {
        data_source: question.data_source,
        table: question.table().to_owned(),
        engine: question.engine(),
        query: explicit(&query, question.table(), &question.resolved),
        resolved: answers::words(&question),
        columns: engine::result::columns(&question.resolved),
        reads: reading.columns,
        rows: reading.rows,
        bytes: reading.bytes,
        plan: reading.plan,
        data_version: question.data.version,
    }))
}
