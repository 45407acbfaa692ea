//! Telling the Scheduler of schedules, and removing what is left of reports that are deleted.

use shared::App;
use shared::base::{OrganizationId, ReportId};
use shared::model::Report;
use shared::store::collection;
use shared::store::files::report_prefix;
use shared::store::reports::delete_runs;
use shared::store::schedules::SCHEDULED_TIME;

use crate::error::JobError;
use crate::outside::Outside;

/// Makes the Scheduler's schedule what the report says. If the report is not there, removes what is left of it.
pub(crate) async fn sync(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    report: ReportId,
) -> Result<(), JobError> {
    let name = format!("report-{organization}-{report}");
    let find = || collection::find::<Report>(&app.store, organization, report.into());
    let mut current = find().await?;
    loop {
        match current.as_ref().and_then(|report| report.entity.active_schedule()) {
            Some(schedule) => {
                let (cron, zone) = (&schedule.cron, &schedule.timezone);
                outside.schedules.put(&name, cron, zone, &input(organization, report)).await?;
            }
            None => outside.schedules.delete(&name).await?,
        }
        // Another one may have told of a change meanwhile, and have been overtaken.
        let version = current.as_ref().map(|report| report.version);
        current = find().await?;
        if current.as_ref().map(|report| report.version) == version {
            break;
        }
    }
    if current.is_none() {
        delete_runs(&app.store, organization, report).await?;
        for key in app.files.list(&report_prefix(organization, report)).await? {
            app.files.delete(&key).await?;
        }
    }
    Ok(())
}

/// The same for all reports after one.
pub(crate) async fn sync_after(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    after: ReportId,
) -> Result<(), JobError> {
    let directory = collection::directory::<Report>(&app.store, organization).await?;
    let (_, ids) = directory.select(&[], 0, usize::MAX);
    for id in ids.into_iter().filter(|id| *id > u64::from(after)) {
        sync(app, outside, organization, id.into()).await?;
    }
    Ok(())
}

/// The message that the Scheduler sends: a [job](shared::store::ReportJob) whose time it fills in.
fn input(organization: OrganizationId, report: ReportId) -> String {
    serde_json::json!({
        "job": "scheduled",
        "organization": organization,
        "report": report,
        "scheduled_for": SCHEDULED_TIME,
    })
    .to_string()
}
