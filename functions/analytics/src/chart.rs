//! A widget as a picture.

mod chart_query;
mod parameters;

use axum::extract::{FromRequestParts, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use engine::widgets::{QUERY, ask, sources};
use engine::{Answer, Question};
use picture::{Content, Size};
use shared::access::Tenant;
use shared::http::etag::IfNoneMatch;
use shared::http::{Input, JsonBody, Query, RequestContext};
use shared::model::dashboard::{Viewer, Widget};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::answers::{self, Answered};
use crate::dashboard_data::{DashboardFilters, dashboard};
use crate::format::{not_modified, tagged};
use crate::query::source;
use crate::running::{Again, Here, RunningQuery, running};
use crate::widget_data::{WidgetPath, widget};
use chart_query::ChartQuery;
pub(crate) use parameters::{ChartParameters, PictureFormat};

/// A picture of pixels.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(crate) struct Png(#[expect(dead_code, reason = "only its description is used")] Vec<u8>);

/// What a picture may do in a browser that opens it as a page: nothing.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// Get a widget's picture
///
/// As SVG, or, where `Accept` names it first, as PNG. It is drawn as in reports; texts are drawn, too.
#[utoipa::path(
    get,
    path = "/api/dashboards/{id}/widgets/{widget_id}/chart/",
    operation_id = "get_widget_chart",
    tag = "Analytics",
    params(WidgetPath, ChartParameters),
    responses(
        (status = 200, description = "The picture.", content(
            (String = "image/svg+xml"),
            (Png = "image/png"),
        )),
        (status = 202, description = "Its data takes longer than 20 s, and goes on: ask again. Athena's only.", body = RunningQuery),
        (status = 409, description = "The widget's data source has no data."),
        (status = 502, description = "The database does not answer; `detail` says why."),
        (status = 504, description = "It took longer than 20 s, and was ended."),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    wanted: Wanted,
    here: Here,
    path: WidgetPath,
) -> Result<Response, Error> {
    of_widget(&app, &tenant, path, &Viewer::default(), &wanted, &Again::AtTheSame(&here)).await
}

/// Get a widget's picture, filtered
///
/// As a viewer wants to see it, like the dashboard's data.
#[utoipa::path(
    post,
    path = "/api/dashboards/{id}/widgets/{widget_id}/chart/",
    operation_id = "filter_widget_chart",
    tag = "Analytics",
    params(WidgetPath, ChartParameters),
    request_body = DashboardFilters,
    responses(
        (status = 200, description = "The picture.", content(
            (String = "image/svg+xml"),
            (Png = "image/png"),
        )),
        (status = 202, description = "Its data takes longer than 20 s, and goes on: ask again. Athena's only.", body = RunningQuery),
        (status = 304, description = "The client has it."),
        (status = 409, description = "The widget's data source has no data."),
        (status = 502, description = "The database does not answer; `detail` says why."),
        (status = 504, description = "It took longer than 20 s, and was ended."),
    ),
)]
pub(crate) async fn post(
    State(app): State<App>,
    tenant: Tenant,
    wanted: Wanted,
    here: Here,
    path: WidgetPath,
    JsonBody(filters): JsonBody<DashboardFilters>,
) -> Result<Response, Error> {
    let viewer = filters.viewer();
    viewer.check().into_result()?;
    of_widget(&app, &tenant, path, &viewer, &wanted, &Again::AtTheSame(&here)).await
}

/// Draw a query
///
/// As a widget of that type would be drawn: to look at it before it is kept. As SVG, or, where `Accept` names it first, as PNG.
#[utoipa::path(
    post,
    path = "/api/analytics/chart/",
    operation_id = "draw_query",
    tag = "Analytics",
    params(ChartParameters),
    request_body = ChartQuery,
    responses(
        (status = 200, description = "The picture.", content(
            (String = "image/svg+xml"),
            (Png = "image/png"),
        )),
        (status = 202, description = "Its data takes longer than 20 s, and goes on: `Location` says where to ask for it. Athena's only.", body = RunningQuery),
        (status = 304, description = "The client has it."),
        (status = 404, description = "There is no such data source."),
        (status = 409, description = "Nothing has been imported yet, or the data source is paused."),
        (status = 502, description = "The database does not answer; `detail` says why."),
        (status = 504, description = "It took longer than 20 s, and was ended."),
    ),
)]
pub(crate) async fn draw(
    State(app): State<App>,
    tenant: Tenant,
    wanted: Wanted,
    context: RequestContext,
    JsonBody(chart): JsonBody<ChartQuery>,
) -> Result<Response, Error> {
    let source = source(&tenant, chart.data_source.into()).await?;
    let question = answers::question(&app, tenant.organization, &source, &chart.query, QUERY).await?;
    wanted.draw(&app, &chart.widget(), Some(&question), &Again::ByItsId(&context)).await
}

async fn of_widget(
    app: &App,
    tenant: &Tenant,
    WidgetPath { id, widget_id }: WidgetPath,
    viewer: &Viewer<'_>,
    wanted: &Wanted,
    again: &Again<'_>,
) -> Result<Response, Error> {
    let dashboard = dashboard(tenant, id).await?;
    let widget = widget(&dashboard, widget_id)?;
    let question = if widget.widget_type.shows_data() {
        let answers = answers::of(app);
        let sources = sources(&app.store, tenant.organization, &dashboard).await?;
        let question = ask(&answers, tenant.organization, widget, &sources, viewer, app.clock.now());
        Some(question.await?)
    } else {
        None
    };
    wanted.draw(app, widget, question.as_ref(), again).await
}

/// What picture a client wants.
pub(crate) struct Wanted {
    parameters: ChartParameters,
    size: Size,
    format: PictureFormat,
    known: IfNoneMatch,
}

impl Input for Wanted {
    const TAKES_QUERY: bool = true;
}

impl FromRequestParts<App> for Wanted {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Query(parameters) = Query::<ChartParameters>::from_request_parts(parts, app).await?;
        let format = PictureFormat::from_request_parts(parts, app).await?;
        let known = IfNoneMatch::from_request_parts(parts, app).await?;
        Ok(Self { size: parameters.size(format)?, parameters, format, known })
    }
}

impl Wanted {
    /// The picture of a widget that asks this, if the client does not have it.
    async fn draw(
        &self,
        app: &App,
        widget: &Widget,
        question: Option<&Question>,
        again: &Again<'_>,
    ) -> Result<Response, Error> {
        let Self { parameters, size, format, known } = self;
        let asked = question.map(|question| question.digest.as_str()).unwrap_or_default();
        let asked_tag = tag(widget, asked, parameters, *format)?;
        let is_live = question.is_some_and(Question::is_live);
        if !is_live && known.has(&asked_tag) {
            return not_modified(&asked_tag);
        }
        let answer = match question {
            Some(question) => match answers::answer(app, question, QUERY).await? {
                Answered::Done(answer, _) => Some(answer),
                Answered::Running(id) => return running(&id, again),
            },
            None => None,
        };
        let tag = match question.zip(answer.as_ref()) {
            Some((question, answer)) => tag(widget, &question.version(answer), parameters, *format)?,
            None => asked_tag,
        };
        if is_live && known.has(&tag) {
            return not_modified(&tag);
        }
        let content = content(question, answer.as_deref());
        let svg = picture::chart(widget, content, *size, parameters.theme(), true);
        let body = match format {
            PictureFormat::Svg => svg.into_bytes(),
            PictureFormat::Png => png(svg, parameters.scale()).await?,
        };
        let mut headers = tagged(&tag)?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
        headers.insert(CONTENT_SECURITY_POLICY, POLICY);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Ok((headers, body).into_response())
    }
}

fn content<'a>(question: Option<&'a Question>, answer: Option<&'a Answer>) -> Content<'a> {
    let (Some(question), Some(answer)) = (question, answer) else { return Content::Text };
    Content::Data(answers::data(question, answer))
}

/// Pixels take some milliseconds to compute: on a thread that nothing else waits for.
async fn png(svg: String, scale: u8) -> Result<Vec<u8>, Error> {
    let drawn = tokio::task::spawn_blocking(move || picture::png(&svg, f32::from(scale))).await;
    drawn.map_err(Error::internal)?.map_err(Error::internal)
}

/// Names the picture: all that it is drawn from. `data` is the version of the answer.
fn tag(
    widget: &Widget,
    data: &str,
    parameters: &ChartParameters,
    format: PictureFormat,
) -> Result<String, Error> {
    let widget = serde_json::to_string(widget).map_err(Error::internal)?;
    let version = env!("CARGO_PKG_VERSION");
    Ok(engine::question::name(&format!("{version} {data} {widget} {parameters:?} {}", format.media_type())))
}
