//! What one widget shows.

use axum::extract::State;
use axum::response::Response;
use shared::access::Tenant;
use shared::base::{Code, DashboardId};
use shared::http::etag::IfNoneMatch;
use shared::model::result::QueryResult;
use shared::{App, Error};

use crate::dashboard_data::{dashboard, sources};
use crate::format::{ArrowStream, Format, respond};
use crate::viewer::{Viewer, ask};

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
        (status = 409, description = "The widget shows no data, or its data source has none."),
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
    let widget =
        dashboard.widgets.iter().find(|widget| widget.id.is_some_and(|id| u64::from(id) == widget_id));
    let widget = widget.ok_or_else(|| {
        Error::new(Code::NotFound, format!("Dashboard {id} has no widget with ID {widget_id}."))
    })?;
    let sources = sources(&app, tenant.organization, &dashboard).await?;
    let viewer = Viewer { filters: &[], time_range: None, timezone: None };
    let question = ask(&app, tenant.organization, widget, &sources, &viewer).await?;
    respond(&app, &question, "query", format, &known).await
}
