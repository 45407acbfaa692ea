//! Changing a report.

use axum::extract::State;
use shared::access::Caller;
use shared::http::{IfMatch, MergePatch, Tagged};
use shared::model::Report;
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};

use crate::fields::{ReportFields, explain};
use crate::report::{ReportPath, ReportView, check_may_write, tagged};
use crate::schedule;

/// Change a report
#[utoipa::path(
    patch,
    path = "/api/reports/{id}/",
    operation_id = "update_report",
    tag = "Reports",
    params(ReportPath),
    request_body(content = ReportFields, example = json!({ "schedule": { "enabled": false } })),
    responses((status = 200, description = "The report as it is now.", body = ReportView)),
)]
pub(crate) async fn update(
    State(app): State<App>,
    caller: Caller,
    ReportPath { id }: ReportPath,
    if_match: IfMatch,
    patch: MergePatch<ReportFields>,
) -> Result<Tagged<ReportView>, Error> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let mut sent = None;
    let scheduled = async {
        if patch.get(&["schedule"]).is_some() { schedule::sync(&app, &caller, id).await } else { Ok(()) }
    };
    let change = |before: &Versioned<Report>, (): &()| {
        check_may_write(&caller, &before.entity)?;
        let fields: ReportFields = patch.apply(&(&before.entity).into())?;
        fields.check()?;
        if_match.check(before.tag())?;
        let along = fields.require(organization, Some(&before.entity));
        sent = Some(fields.clone());
        let after = Report {
            dashboard: fields.dashboard(),
            recipients: fields.recipients(),
            name: fields.name,
            description: fields.description,
            format: fields.format,
            timezone: fields.timezone,
            time_range: fields.time_range,
            filters: fields.filters,
            csv: fields.csv,
            schedule: fields.schedule,
            updated_at: now,
            ..before.entity.clone()
        };
        Ok(Change::Replace(after, along))
    };
    let changed = collection::modify_with(&app.store, organization, id.into(), scheduled, change);
    let changed = Box::pin(changed).await;
    let explained = |error| match &sent {
        Some(sent) => explain(error, organization, sent),
        None => error.into(),
    };
    changed.map(|report| tagged(report, now)).map_err(explained)
}
