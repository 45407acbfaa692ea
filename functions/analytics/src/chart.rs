//! A widget as a picture.

mod parameters;

use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::widgets::{QUERY, ask, sources};
use engine::{Answer, Question};
use picture::Content;
use shared::access::Tenant;
use shared::http::Query;
use shared::http::etag::IfNoneMatch;
use shared::model::dashboard::{Viewer, Widget};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::answers::{self, Answered};
use crate::dashboard_data::dashboard;
use crate::format::tagged;
use crate::running::{Again, RunningQuery, running};
use crate::widget_data::{WidgetPath, widget};
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
        (status = 504, description = "It took longer than 20 s, and was ended."),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    format: PictureFormat,
    known: IfNoneMatch,
    WidgetPath { id, widget_id }: WidgetPath,
    Query(parameters): Query<ChartParameters>,
) -> Result<Response, Error> {
    let size = parameters.size(format)?;
    let dashboard = dashboard(&tenant, id).await?;
    let widget = widget(&dashboard, widget_id)?;
    let question = if widget.widget_type.shows_data() {
        let (answers, viewer) = (answers::of(&app), Viewer::default());
        let sources = sources(&app.store, tenant.organization, &dashboard).await?;
        let question = ask(&answers, tenant.organization, widget, &sources, &viewer, app.clock.now());
        Some(question.await?)
    } else {
        None
    };
    let not_modified = |tag: &str| Ok((StatusCode::NOT_MODIFIED, tagged(tag)?).into_response());
    let asked = question.as_ref().map(|question| question.digest.as_str()).unwrap_or_default();
    let asked_tag = tag(widget, asked, &parameters, format)?;
    let is_live = question.as_ref().is_some_and(Question::is_live);
    if !is_live && known.has(&asked_tag) {
        return not_modified(&asked_tag);
    }
    let answer = match &question {
        Some(question) => match answers::answer(&app, question, QUERY).await? {
            Answered::Done(answer, _) => Some(answer),
            Answered::Running(id) => return running(&id, &Again::TheSameWay),
        },
        None => None,
    };
    let tag = match question.as_ref().zip(answer.as_ref()) {
        Some((question, answer)) => tag(widget, &question.version(answer), &parameters, format)?,
        None => asked_tag,
    };
    if is_live && known.has(&tag) {
        return not_modified(&tag);
    }
    let content = content(question.as_ref(), answer.as_deref());
    let svg = picture::chart(widget, content, size, parameters.theme(), true);
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
    Ok(engine::answers::name(&format!("{version} {data} {widget} {parameters:?} {}", format.media_type())))
}
