//! Making a dashboard.

use std::collections::BTreeSet;

use shared::Error;
use shared::http::{Created, JsonBody};
use shared::model::Dashboard;
use shared::model::dashboard::widget::{check_and_number, data_sources};
use shared::service::CreateRequest;
use shared::store::New;

use crate::columns::Mistakes;
use crate::dashboard::{DASHBOARDS, DashboardView};
use crate::fields::{DashboardFields, explain, require_sources};

/// Make a dashboard
#[utoipa::path(
    post,
    path = "/api/dashboards/",
    operation_id = "create_dashboard",
    tag = "Dashboards",
    request_body = DashboardFields,
    responses((status = 201, description = "The new dashboard.", body = DashboardView)),
)]
pub(crate) async fn create(
    request: CreateRequest,
    JsonBody(mut fields): JsonBody<DashboardFields>,
) -> Result<Created<DashboardView>, Error> {
    let next_widget_id =
        check_and_number(&mut fields.widgets, &BTreeSet::new(), 1).map_err(Error::validation)?;
    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let sources = data_sources(&fields.widgets);
    let mistakes = Box::pin(Mistakes::of(&request.app, organization, &fields.widgets));
    let created = request.create_with(DASHBOARDS, mistakes, |id, mistakes| {
        mistakes.check(&fields.widgets, &[])?;
        let DashboardFields { name, description, status, widgets } = fields.clone();
        let dashboard = Dashboard {
            id: id.into(),
            name,
            description,
            status,
            widgets,
            next_widget_id,
            created_by: request.caller.user().id,
            created_at: now,
            updated_at: now,
        };
        let along = require_sources(organization, &sources);
        let shown = dashboard.clone().into();
        Ok::<_, Error>((New { along, ..New::of(dashboard) }, shown))
    });
    created.await.map_err(|error| explain(error, organization, &fields.widgets))
}
