//! Queries that take longer than a request may: asking for their results, and ending them.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::{Question, StandingId};
use serde::Serialize;
use shared::access::Tenant;
use shared::base::Code;
use shared::http::etag::IfNoneMatch;
use shared::http::path::Variables;
use shared::http::{Input, RequestContext};
use shared::model::DataSource;
use shared::model::result::QueryResult;
use shared::store::collection;
use shared::string_enum;
use shared::{App, Error};
use utoipa::{IntoParams, ToSchema};

use crate::answers;
use crate::format::{ArrowStream, Format, respond};
use crate::query::QUERY;

/// How long to wait before asking again, in seconds.
const RETRY_AFTER_SECONDS: u8 = 2;

string_enum! {
    /// What a query does that has no result yet.
    #[schema(as = RunningQueryStatus)]
    pub(crate) enum RunningStatus {
        /// It is being computed.
        Running = "running",
    }
}

/// A query that takes longer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RunningQuery {
    /// The query's ID. Whoever asks the same of the same data gets the same one.
    #[schema(examples("3-5f0a7c1e9b2d4f6a8c0e1d3b5a7f9c2e"))]
    id: String,
    /// What it does.
    status: RunningStatus,
}

impl RunningQuery {
    /// The query of that ID.
    pub(crate) fn of(id: &StandingId) -> Self {
        Self { id: id.to_string(), status: RunningStatus::Running }
    }
}

/// How a client asks again.
pub(crate) enum Again<'a> {
    /// By the query's ID.
    ByItsId(&'a RequestContext),
    /// As it has asked.
    TheSameWay,
}

/// The 202 for a query that takes longer.
pub(crate) fn running(id: &StandingId, again: &Again<'_>) -> Result<Response, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from(u16::from(RETRY_AFTER_SECONDS)));
    if let Again::ByItsId(context) = again {
        let url = context.url(&format!("/api/analytics/queries/{id}/"));
        headers.insert(LOCATION, HeaderValue::try_from(url).map_err(Error::internal)?);
    }
    Ok((StatusCode::ACCEPTED, headers, Json(RunningQuery::of(id))).into_response())
}

/// The path of a query that takes longer.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct RunningPath {
    /// The query's ID.
    #[param(value_type = String)]
    id: StandingId,
}

impl Input for RunningPath {
    const PATH_VARIABLES: &'static [&'static str] = &["id"];
}

impl<S: Send + Sync> FromRequestParts<S> for RunningPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let variables = Variables::read(parts, state).await?;
        let id = variables.text("id")?.parse().map_err(|_| unknown())?;
        Ok(Self { id })
    }
}

fn unknown() -> Error {
    let detail = "There is no such query. One that is not asked for is forgotten after a week, and one whose data source leads elsewhere, \
                  or was imported anew, at once: ask it again.";
    Error::new(Code::NotFound, detail)
}

/// What was asked under the ID, once the request is admitted.
async fn question(app: &App, tenant: &Tenant, id: &StandingId) -> Result<Question, Error> {
    let source = collection::find::<DataSource>(tenant, tenant.organization, id.data_source.into());
    let caller = async { tenant.caller().await.map(drop) };
    let (source, ()) = tokio::try_join!(async { Ok(source.await?) }, caller)?;
    let source = source.ok_or_else(unknown)?.entity;
    let question = answers::of(app).standing(tenant.organization, &source, id).await?;
    question.ok_or_else(unknown)
}

/// Get a running query's result
///
/// As the query itself would be answered; a 202 while it is still running.
#[utoipa::path(
    get,
    path = "/api/analytics/queries/{id}/",
    operation_id = "get_running_query",
    tag = "Analytics",
    params(RunningPath),
    responses(
        (status = 200, description = "The result.", content(
            (QueryResult = "application/json"),
            (String = "text/csv"),
            (ArrowStream = "application/vnd.apache.arrow.stream"),
        )),
        (status = 202, description = "It is still running: ask again.", body = RunningQuery),
        (status = 404, description = "There is no such query."),
        (status = 409, description = "The data source is paused."),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    format: Format,
    known: IfNoneMatch,
    context: RequestContext,
    RunningPath { id }: RunningPath,
) -> Result<Response, Error> {
    let question = question(&app, &tenant, &id).await?;
    respond(&app, &question, QUERY, format, &known, &Again::ByItsId(&context)).await
}

/// Cancel a running query
///
/// Ends what runs for it where the data is, for whoever else waits for the same, too. It can be asked again.
#[utoipa::path(
    delete,
    path = "/api/analytics/queries/{id}/",
    operation_id = "cancel_running_query",
    tag = "Analytics",
    params(RunningPath),
    responses(
        (status = 204, description = "It does not run any more."),
        (status = 404, description = "There is no such query."),
    ),
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    tenant: Tenant,
    RunningPath { id }: RunningPath,
) -> Result<StatusCode, Error> {
    let question = question(&app, &tenant, &id).await?;
    answers::of(&app).cancel(&question).await?;
    Ok(StatusCode::NO_CONTENT)
}
