//! Asking a query.

use axum::extract::State;
use axum::response::Response;
use deserr::Deserr;
use shared::access::Tenant;
use shared::base::{DataSourceId, Fields};
use shared::http::etag::IfNoneMatch;
use shared::http::{JsonBody, RequestContext};
use shared::model::DataSource;
use shared::model::query::Query;
use shared::model::result::QueryResult;
use shared::store::collection;
use shared::{App, Error};
use utoipa::ToSchema;

use crate::answers;
use crate::format::{ArrowStream, Format, respond};
use crate::running::{Again, RunningQuery};

/// The field of a body that has the query.
pub(crate) const QUERY: &str = "query";

/// A query over a data source.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(examples(json!({
    "data_source": 1,
    "query": {
        "dimensions": [{ "field": "ordered_at", "grain": "month", "as": "month" }],
        "measures": [
            { "field": "amount", "aggregation": "sum", "as": "revenue" },
            { "aggregation": "count", "as": "orders" },
            { "ratio": ["revenue", "orders"], "as": "average_order" },
        ],
        "time_range": { "field": "ordered_at", "range": "last_12_months" },
        "totals": true,
        "compare": { "offset": "1 year" },
    },
})))]
pub(crate) struct AnalyticsQuery {
    /// The ID of the data source.
    #[schema(minimum = 1)]
    pub(crate) data_source: u64,
    /// What is asked.
    pub(crate) query: Query,
}

/// Run a query
///
/// The rows as JSON, or, with `Accept: text/csv` or `application/vnd.apache.arrow.stream`, as CSV or Arrow; these say by
/// `X-Truncated` whether there are more. Asked again with `If-None-Match`, what has not changed is a 304.
#[utoipa::path(
    post,
    path = "/api/analytics/query/",
    operation_id = "run_query",
    tag = "Analytics",
    request_body = AnalyticsQuery,
    responses(
        (status = 200, description = "The result.", content(
            (QueryResult = "application/json"),
            (String = "text/csv"),
            (ArrowStream = "application/vnd.apache.arrow.stream"),
        )),
        (status = 202, description = "It takes longer than 20 s, and goes on: `Location` says where to ask for it. Athena's only.", body = RunningQuery),
        (status = 304, description = "The client has it."),
        (status = 404, description = "There is no such data source."),
        (status = 409, description = "Nothing has been imported yet, or the data source is paused."),
        (status = 502, description = "The database does not answer; `detail` says why."),
        (status = 504, description = "It took longer than 20 s, and was ended."),
    ),
)]
pub(crate) async fn query(
    State(app): State<App>,
    tenant: Tenant,
    format: Format,
    known: IfNoneMatch,
    context: RequestContext,
    JsonBody(AnalyticsQuery { data_source, query }): JsonBody<AnalyticsQuery>,
) -> Result<Response, Error> {
    let source = source(&tenant, data_source.into()).await?;
    let question = answers::question(&app, tenant.organization, &source, &query, QUERY).await?;
    respond(&app, &question, QUERY, format, &known, &Again::ByItsId(&context)).await
}

/// The data source, once the request is admitted.
pub(crate) async fn source(tenant: &Tenant, id: DataSourceId) -> Result<DataSource, Error> {
    let source = collection::get::<DataSource>(tenant, tenant.organization, id.into());
    // Nothing is computed for who is refused.
    let (source, _) = tokio::try_join!(source, tenant.caller())?;
    Ok(source.entity)
}
