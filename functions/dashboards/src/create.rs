//! Making a dashboard.

use std::collections::HashSet;

use axum::extract::State;
use deserr::Deserr;
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{Created, Idempotency, JsonBody, RequestContext};
use shared::model::dashboard::DashboardStatus;
use shared::model::{Description, Name};
use shared::store::{Versioned, collection};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::dashboard::{Dashboard, DashboardView, check_sources, created, explain};
use crate::widget::{Widget, check_and_number, data_sources};

/// A dashboard to make.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = DashboardCreate,
    examples(json!({
        "name": "Sales",
        "description": "What sold where.",
        "widgets": [{
            "title": "About",
            "type": "text",
            "position": { "x": 0, "y": 0, "width": 12, "height": 1 },
            "options": { "text": "Figures are in euros." },
        }],
    })),
)]
pub(crate) struct Create {
    name: Name,
    #[deserr(default)]
    #[schema(required = false)]
    description: Description,
    #[deserr(default)]
    #[schema(required = false, default = "draft")]
    status: DashboardStatus,
    #[deserr(default)]
    #[schema(required = false, max_items = 50)]
    widgets: Vec<Widget>,
}

/// Make a dashboard
#[utoipa::path(
    post,
    path = "/api/dashboards/",
    operation_id = "create_dashboard",
    tag = "Dashboards",
    request_body = Create,
    responses((status = 201, description = "The new dashboard.", body = DashboardView)),
)]
pub(crate) async fn create(
    State(app): State<App>,
    context: RequestContext,
    caller: Caller,
    idempotency: Idempotency,
    JsonBody(Create { name, description, status, mut widgets }): JsonBody<Create>,
) -> Result<Created<DashboardView>, Error> {
    let next_widget_id = check_and_number(&mut widgets, &HashSet::new(), 1).map_err(Error::validation)?;
    let (organization, now) = (caller.organization(), app.clock.now());
    let sources = data_sources(&widgets);
    let dashboard = collection::create(&app.store, organization, |id| {
        let dashboard = Dashboard {
            id: id.into(),
            name: name.clone(),
            description: description.clone(),
            status,
            widgets: widgets.clone(),
            next_widget_id,
            created_by: caller.user().id,
            created_at: now,
            updated_at: now,
        };
        let mut others = check_sources(organization, &sources);
        others.extend(idempotency.keep(&created(&context, Versioned::first(dashboard.clone())))?);
        Ok((dashboard, others))
    })
    .await
    .map_err(|error| explain(error, &sources, &widgets))?;
    Ok(created(&context, dashboard))
}
