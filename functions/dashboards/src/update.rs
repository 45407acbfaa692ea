//! Changing a dashboard.

use std::collections::BTreeSet;

use axum::extract::State;
use serde_json::Value;
use shared::access::Caller;
use shared::base::{DataSourceId, Fields};
use shared::http::{IfMatch, MergePatch, Tagged};
use shared::model::Dashboard;
use shared::model::dashboard::Widget;
use shared::model::dashboard::widget::{MAX_WIDGETS, check_and_number};
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};

use crate::columns::Mistakes;
use crate::dashboard::{DashboardPath, DashboardView, check_may_write, tagged};
use crate::fields::{DashboardFields, explain, require_sources};

/// Change a dashboard
#[utoipa::path(
    patch,
    path = "/api/dashboards/{id}/",
    operation_id = "update_dashboard",
    tag = "Dashboards",
    params(DashboardPath),
    request_body(content = DashboardFields, example = json!({ "status": "published" })),
    responses((status = 200, description = "The dashboard as it is now.", body = DashboardView)),
)]
pub(crate) async fn update(
    State(app): State<App>,
    caller: Caller,
    DashboardPath { id }: DashboardPath,
    if_match: IfMatch,
    patch: MergePatch<DashboardFields>,
) -> Result<Tagged<DashboardView>, Error> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let mut widgets = Vec::new();
    let change = |before: &Versioned<Dashboard>, mistakes: &Mistakes| {
        check_may_write(&caller, &before.entity)?;
        let after = Dashboard { updated_at: now, ..patched(&patch, &before.entity)? };
        if_match.check(before.tag())?;
        mistakes.check(&after.widgets, &before.entity.widgets)?;
        widgets.clone_from(&after.widgets);
        let along = require_sources(organization, &sources_added(&before.entity, &after));
        Ok(Change::Replace(after, along))
    };
    let sent = sent_widgets(&patch);
    let mistakes = Box::pin(Mistakes::of(&app, organization, &sent));
    let changed = collection::modify_with(&app.store, organization, id.into(), mistakes, change).await;
    changed.map(tagged).map_err(|error| explain(error, organization, &widgets))
}

/// The widgets of the patch, which are those that the dashboard is to have: an array is replaced as a whole (RFC 7396). None, where
/// the patch has none that may be; what is wrong with them is said when it is applied.
fn sent_widgets(patch: &MergePatch<DashboardFields>) -> Vec<Widget> {
    let sent = patch.get(&["widgets"]).and_then(Value::as_array);
    let sent = sent.filter(|widgets| widgets.len() <= MAX_WIDGETS).into_iter().flatten();
    sent.cloned().map(deserr::deserialize::<Widget, _, Fields>).collect::<Result<_, _>>().unwrap_or_default()
}

fn patched(patch: &MergePatch<DashboardFields>, before: &Dashboard) -> Result<Dashboard, Error> {
    let DashboardFields { name, description, status, mut widgets } = patch.apply(&before.into())?;
    let next_widget_id = check_and_number(&mut widgets, &before.widget_ids(), before.next_widget_id);
    let next_widget_id = next_widget_id.map_err(Error::validation)?;
    Ok(Dashboard { name, description, status, widgets, next_widget_id, ..before.clone() })
}

/// The data sources that were not used before. Those that were may have been deleted by force meanwhile: that must not
/// keep the rest from being changed.
fn sources_added(before: &Dashboard, after: &Dashboard) -> BTreeSet<DataSourceId> {
    &after.data_sources() - &before.data_sources()
}
