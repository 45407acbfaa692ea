//! Forgetting what a dashboard's widgets were answered.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Tenant;
use shared::model::dashboard::Viewer;
use shared::{App, Error};

use crate::answers;
use crate::dashboard_data::{DashboardPath, asked, dashboard};

/// Refresh a dashboard
///
/// Forgets the results that are kept for its widgets: what is asked next is computed.
#[utoipa::path(
    post,
    path = "/api/dashboards/{id}/refresh/",
    operation_id = "refresh_dashboard",
    tag = "Analytics",
    params(DashboardPath),
    responses((status = 204, description = "They are forgotten.")),
)]
pub(crate) async fn refresh(
    State(app): State<App>,
    tenant: Tenant,
    DashboardPath { id }: DashboardPath,
) -> Result<StatusCode, Error> {
    let dashboard = dashboard(&tenant, id).await?;
    let asked = asked(&app, tenant.organization, &dashboard, &Viewer::default()).await?;
    // What cannot be asked has no answer that is kept.
    let questions: Vec<_> = asked.into_iter().filter_map(|(_, question)| question.ok()).collect();
    let forgotten = questions.iter().map(|question| answers::forget(&app, question));
    futures_util::future::try_join_all(forgotten).await?;
    Ok(StatusCode::NO_CONTENT)
}
