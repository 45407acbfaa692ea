//! Changing a dashboard.

use std::collections::BTreeSet;

use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{IfMatch, JsonBody, MergePatch, PathId, Tagged};
use shared::model::dashboard::DashboardStatus;
use shared::model::{DataSourceId, Description, Name};
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::dashboard::{Dashboard, DashboardView, check_may_write, check_sources, explain};
use crate::widget::{Widget, check_and_number, data_sources};

/// What a client may change, before.
#[derive(Serialize)]
struct Before<'a> {
    name: &'a Name,
    description: &'a Description,
    status: DashboardStatus,
    widgets: &'a [Widget],
}

/// And after.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = DashboardUpdate,
    description = "What is to change of a dashboard.",
    examples(json!({ "status": "published" })),
)]
struct After {
    name: Name,
    #[deserr(default)]
    #[schema(required = false)]
    description: Description,
    status: DashboardStatus,
    /// All of them: an array is replaced as a whole. A widget that was there keeps its ID.
    #[deserr(default)]
    #[schema(required = false, max_items = 50)]
    widgets: Vec<Widget>,
}

/// Change a dashboard
#[utoipa::path(
    patch,
    path = "/api/dashboards/{id}/",
    operation_id = "update_dashboard",
    tag = "Dashboards",
    request_body = After,
    responses((status = 200, description = "The dashboard as it is now.", body = DashboardView)),
)]
pub(crate) async fn update(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    if_match: IfMatch,
    JsonBody(patch): JsonBody<Value>,
) -> Result<Tagged<DashboardView>, Error> {
    let patch = MergePatch::from(patch);
    let (organization, now) = (caller.organization(), app.clock.now());
    let (mut widgets, mut new_sources) = (Vec::new(), BTreeSet::new());
    let changed =
        collection::modify(&app.store, organization, id, &[], |before: &Versioned<Dashboard>, _| {
            check_may_write(&caller, &before.entity)?;
            if_match.check(before)?;
            let mut after = patched(&patch, &before.entity)?;
            after.updated_at = now;
            widgets.clone_from(&after.widgets);
            new_sources = sources_added(&before.entity, &after);
            Ok(Change::Replace(after, check_sources(organization, &new_sources)))
        })
        .await
        .map_err(|error| explain(error, &new_sources, &widgets))?;
    Ok(Tagged::new(changed, DashboardView::from))
}

fn patched(patch: &MergePatch, before: &Dashboard) -> Result<Dashboard, Error> {
    let Dashboard { name, description, status, widgets, .. } = before;
    let after: After = patch.apply(&Before { name, description, status: *status, widgets })?;
    let After { name, description, status, mut widgets } = after;
    let next_widget_id = check_and_number(&mut widgets, &before.widget_ids(), before.next_widget_id);
    let next_widget_id = next_widget_id.map_err(Error::validation)?;
    Ok(Dashboard { name, description, status, widgets, next_widget_id, ..before.clone() })
}

/// The data sources that were not used before. Those that were may have been deleted by force meanwhile: that must not
/// keep the rest from being changed.
fn sources_added(before: &Dashboard, after: &Dashboard) -> BTreeSet<DataSourceId> {
    &data_sources(&after.widgets) - &data_sources(&before.widgets)
}
