//! A dashboard with its data: what each of its widgets shows, in one call.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use deserr::Deserr;
use engine::Question;
use engine::widgets::{self, QUERY};
use serde::Serialize;
use serde_json::value::RawValue;
use shared::access::Tenant;
use shared::base::{Code, DashboardId, Fields, OrganizationId};
use shared::http::JsonBody;
use shared::http::etag::IfNoneMatch;
use shared::model::Dashboard;
use shared::model::dashboard::Viewer;
use shared::model::query::{Filter, TimeRange, ZoneName};
use shared::model::result::QueryResult;
use shared::store::collection;
use shared::{App, Error};
use utoipa::ToSchema;

use crate::answers::{self, Answered};
use crate::format::{Format, not_modified, tagged};
use crate::running::RunningQuery;

/// How large an answer may be, in bytes: Lambda takes 6 MB.
const MAX_BYTES: usize = 5 << 20;

shared::path! {
    /// The path of a dashboard.
    pub(crate) struct DashboardPath {
        /// The dashboard's ID.
        id: DashboardId,
    }
}

/// What a viewer wants to see of all widgets that have the fields.
#[derive(Default, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(examples(json!({
    "filters": [{ "field": "region", "operator": "eq", "values": ["North"] }],
    "time_range": { "field": "ordered_at", "range": "this_year" },
})))]
pub(crate) struct DashboardFilters {
    /// Filters for each widget whose table has all of their fields, beside its own.
    #[deserr(default)]
    #[schema(required = false, max_items = 20)]
    filters: Vec<Filter>,
    /// A time range for each widget whose table has the field, in place of its own.
    #[deserr(default)]
    time_range: Option<TimeRange>,
    /// Whose days are meant, in place of the widgets' own.
    #[deserr(default)]
    timezone: Option<ZoneName>,
}

impl DashboardFilters {
    /// The viewer who wants it so.
    pub(crate) fn viewer(&self) -> Viewer<'_> {
        Viewer {
            filters: &self.filters,
            time_range: self.time_range.as_ref(),
            timezone: self.timezone.as_ref(),
        }
    }
}

/// What a widget shows, or why it shows nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct WidgetData {
    /// The widget's ID.
    id: u32,
    /// What it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<QueryResult>, nullable = false)]
    result: Option<Box<RawValue>>,
    /// That it takes longer than 20 s, and goes on: ask again. Athena's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    running: Option<RunningQuery>,
    /// Why it shows nothing, as errors of the API are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shared::base::error::Envelope>, nullable = false)]
    error: Option<Box<RawValue>>,
}

/// A dashboard's data.
#[derive(Serialize, ToSchema)]
pub(crate) struct DashboardData {
    /// The dashboard's ID.
    id: DashboardId,
    /// Its widgets, but for texts.
    widgets: Vec<WidgetData>,
}

/// Get a dashboard's data
///
/// What each widget shows, or why it shows nothing: one that cannot be answered spoils no other. Texts are left out. At most 5 MB:
/// widgets beyond that are to be asked for alone.
#[utoipa::path(
    get,
    path = "/api/dashboards/{id}/data/",
    operation_id = "get_dashboard_data",
    tag = "Analytics",
    params(DashboardPath),
    responses((status = 200, description = "The widgets' data.", body = DashboardData)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    known: IfNoneMatch,
    DashboardPath { id }: DashboardPath,
) -> Result<Response, Error> {
    respond(&app, &tenant, id, &DashboardFilters::default(), &known).await
}

/// Get a dashboard's data, filtered
///
/// As a viewer wants to see it: their filters and their time range go to every widget that has the fields.
#[utoipa::path(
    post,
    path = "/api/dashboards/{id}/data/",
    operation_id = "filter_dashboard_data",
    tag = "Analytics",
    params(DashboardPath),
    request_body = DashboardFilters,
    responses(
        (status = 200, description = "The widgets' data.", body = DashboardData),
        (status = 304, description = "The client has it."),
    ),
)]
pub(crate) async fn post(
    State(app): State<App>,
    tenant: Tenant,
    known: IfNoneMatch,
    DashboardPath { id }: DashboardPath,
    JsonBody(filters): JsonBody<DashboardFilters>,
) -> Result<Response, Error> {
    filters.viewer().check().into_result()?;
    respond(&app, &tenant, id, &filters, &known).await
}

async fn respond(
    app: &App,
    tenant: &Tenant,
    id: DashboardId,
    filters: &DashboardFilters,
    known: &IfNoneMatch,
) -> Result<Response, Error> {
    let dashboard = dashboard(tenant, id).await?;
    let asked = asked(app, tenant.organization, &dashboard, &filters.viewer()).await?;
    let is_live = asked.iter().any(|(_, question)| question.as_ref().is_ok_and(Question::is_live));
    let asked_tag = tag(asked.iter().map(|(id, question)| (*id, question.as_ref().map(|it| &*it.digest))));
    if !is_live && known.has(&asked_tag) {
        return not_modified(&asked_tag);
    }
    let answers = asked.into_iter().map(|(widget_id, question)| answer(app.clone(), widget_id, question));
    let answers = futures_util::future::join_all(answers).await;
    // What could not be answered now may be answered the next time, so it has another tag.
    let tag = tag(answers.iter().map(|(id, shown)| (*id, shown.as_ref().map(Shown::version))));
    if known.has(&tag) {
        return not_modified(&tag);
    }
    let mut left = MAX_BYTES;
    let mut widgets = Vec::new();
    for (widget_id, answer) in answers {
        widgets.push(show(widget_id, answer, &mut left)?);
    }
    Ok((tagged(&tag)?, Json(DashboardData { id, widgets })).into_response())
}

/// What a widget shows.
enum Shown {
    /// A result, and which version of it that is.
    Result(String, Box<QueryResult>),
    /// Nothing yet.
    Running(RunningQuery),
}

impl Shown {
    fn version(&self) -> &str {
        match self {
            Self::Result(version, _) => version,
            Self::Running(_) => "running",
        }
    }
}

/// What a widget shows.
async fn answer(app: App, id: u32, question: Result<Question, Error>) -> (u32, Result<Shown, Error>) {
    let answered = async {
        let question = question?;
        Ok(match answers::answer(&app, &question, QUERY).await? {
            Answered::Done(answer, cached) => {
                let result = answers::result(&question, &answer, cached);
                Shown::Result(question.version(&answer), Box::new(result))
            }
            Answered::Running(id) => Shown::Running(RunningQuery::of(&id)),
        })
    };
    (id, answered.await)
}

/// The dashboard, once the request is admitted.
pub(crate) async fn dashboard(tenant: &Tenant, id: DashboardId) -> Result<Dashboard, Error> {
    let dashboard = collection::get::<Dashboard>(tenant, tenant.organization, id.into());
    // Nothing is computed for who is refused.
    let (dashboard, _) = tokio::try_join!(dashboard, tenant.caller())?;
    Ok(dashboard.entity)
}

/// What each widget that shows data asks, as the viewer wants to see it.
pub(crate) async fn asked(
    app: &App,
    organization: OrganizationId,
    dashboard: &Dashboard,
    viewer: &Viewer<'_>,
) -> Result<Vec<(u32, Result<Question, Error>)>, Error> {
    let (answers, now) = (answers::of(app), app.clock.now());
    let sources = widgets::sources(&app.store, organization, dashboard).await?;
    let mut asked = Vec::new();
    for widget in &dashboard.widgets {
        if let (Some(id), Some(_)) = (widget.id, &widget.query) {
            // Their tables are read once, and kept.
            asked.push((id, widgets::ask(&answers, organization, widget, &sources, viewer, now).await));
        }
    }
    Ok(asked)
}

/// Names what widgets show, and why others show nothing, so that the whole is known again.
fn tag<'a>(versions: impl Iterator<Item = (u32, Result<&'a str, &'a Error>)>) -> String {
    let names = versions.map(|(id, version)| match version {
        Ok(version) => format!("{id}:{}", Format::Json.tag(version)),
        Err(error) => format!("{id}:{}:{:?}", error.code().as_str(), error.envelope().detail()),
    });
    engine::question::name(&names.collect::<Vec<_>>().join(","))
}

fn show(id: u32, shown: Result<Shown, Error>, left: &mut usize) -> Result<WidgetData, Error> {
    let result = shown.and_then(|shown| {
        let result = match shown {
            Shown::Result(_, result) => result,
            Shown::Running(query) => return Ok(Err(query)),
        };
        let result = serde_json::value::to_raw_value(&result).map_err(Error::internal)?;
        *left = left.checked_sub(result.get().len()).ok_or_else(|| {
            let detail = format!("All widgets together are larger than {MAX_BYTES} bytes: ask for this one alone, at its own path.");
            Error::new(Code::PayloadTooLarge, detail)
        })?;
        Ok(Ok(result))
    });
    match result {
        Ok(Ok(result)) => Ok(WidgetData { id, result: Some(result), running: None, error: None }),
        Ok(Err(query)) => Ok(WidgetData { id, result: None, running: Some(query), error: None }),
        Err(error) => {
            if let Some(cause) = error.cause() {
                tracing::warn!(widget = id, code = error.code().as_str(), cause, "a widget has no data");
            }
            let error = serde_json::value::to_raw_value(&error.envelope()).map_err(Error::internal)?;
            Ok(WidgetData { id, result: None, running: None, error: Some(error) })
        }
    }
}
