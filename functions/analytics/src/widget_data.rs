//! What one widget shows.

use axum::extract::State;
use axum::response::Response;
use engine::widgets::{QUERY, ask, sources};
use shared::access::Tenant;
use shared::base::{Code, DashboardId};
use shared::http::etag::IfNoneMatch;
use shared::model::Dashboard;
use shared::model::dashboard::{Viewer, Widget};
use shared::model::result::QueryResult;
use shared::{App, Error};

use crate::answers;
use crate::dashboard_data::dashboard;
use crate::format::{ArrowStream, Format, respond};
use crate::running::{Again, RunningQuery};

shared::path! {
    /// The path of a widget.
    pub(crate) struct WidgetPath {
        /// The dashboard's ID.
        id: DashboardId,
        /// The widget's ID.
        widget_id: u64,
    }
}

/// Get a widget's data
///
/// As JSON, CSV or Arrow, as a query's result.
#[utoipa::path(
    get,
    path = "/api/dashboards/{id}/widgets/{widget_id}/data/",
    operation_id = "get_widget_data",
    tag = "Analytics",
    params(WidgetPath),
    responses(
        (status = 200, description = "The result.", content(
            (QueryResult = "application/json"),
            (String = "text/csv"),
            (ArrowStream = "application/vnd.apache.arrow.stream"),
        )),
        (status = 202, description = "It takes longer than 20 s, and goes on: ask again. Athena's only.", body = RunningQuery),
        (status = 409, description = "The widget shows no data, or its data source has none."),
        (status = 502, description = "The database does not answer; `detail` says why."),
        (status = 504, description = "It took longer than 20 s, and was ended."),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    format: Format,
    known: IfNoneMatch,
    WidgetPath { id, widget_id }: WidgetPath,
) -> Result<Response, Error> {
    let dashboard = dashboard(&tenant, id).await?;
    let widget = widget(&dashboard, widget_id)?;
    let (answers, viewer) = (answers::of(&app), Viewer::default());
    let sources = sources(&app.store, tenant.organization, &dashboard).await?;
    let question = ask(&answers, tenant.organization, widget, &sources, &viewer, app.clock.now()).await?;
    respond(&app, &question, QUERY, format, &known, &Again::TheSameWay).await
}

/// The widget of that ID, or the 404.
pub(crate) fn widget(dashboard: &Dashboard, id: u64) -> Result<&Widget, Error> {
    let widget = dashboard.widgets.iter().find(|widget| widget.id.is_some_and(|own| u64::from(own) == id));
    widget.ok_or_else(|| {
        Error::new(Code::NotFound, format!("Dashboard {} has no widget with ID {id}.", dashboard.id))
    })
}
