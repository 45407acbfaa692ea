//! Making a report.

use shared::Error;
use shared::http::{Created, JsonBody};
use shared::model::Report;
use shared::service::CreateRequest;
use shared::store::New;

use crate::fields::{ReportFields, explain};
use crate::report::{REPORTS, ReportView};
use crate::schedule;

/// Create a report
#[utoipa::path(
    post,
    path = "/api/reports/",
    operation_id = "create_report",
    tag = "Reports",
    request_body = ReportFields,
    responses((status = 201, description = "The report.", body = ReportView)),
)]
pub(crate) async fn create(
    request: CreateRequest,
    JsonBody(fields): JsonBody<ReportFields>,
) -> Result<Created<ReportView>, Error> {
    fields.check()?;
    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let has_schedule = fields.schedule.as_ref().is_some_and(|schedule| schedule.enabled);
    let scheduled =
        async { if has_schedule { schedule::sync_new(&request.app, &request.caller).await } else { Ok(()) } };
    let created = request.create_with(REPORTS, scheduled, |id, ()| {
        let sent = fields.clone();
        let report = Report {
            id: id.into(),
            dashboard: sent.dashboard(),
            recipients: sent.recipients(),
            name: sent.name,
            description: sent.description,
            format: sent.format,
            timezone: sent.timezone,
            time_range: sent.time_range,
            filters: sent.filters,
            csv: sent.csv,
            schedule: sent.schedule,
            last_run: None,
            scheduled_for: None,
            created_by: request.caller.user().id,
            created_at: now,
            updated_at: now,
        };
        let shown = ReportView::at(report.clone(), now);
        let along = fields.require(organization, None);
        Ok::<_, Error>((New { along, ..New::of(report) }, shown))
    });
    Box::pin(created).await.map_err(|error| explain(error, organization, &fields))
}
