//! Having the Scheduler told of schedules.
//!
//! The Scheduler is told by a job, which reads what a report is and makes it so there. The job is asked for **before** the report is
//! written, and done when that write is certainly over: so a process that ends at any point in between leaves nothing that is not put
//! right.

use std::time::Duration;

use shared::access::Caller;
use shared::base::ReportId;
use shared::model::Report;
use shared::store::{ReportJob, collection};
use shared::{App, Error};

/// When the Scheduler is told: after the longest request, which ends within 5 s.
const DELAY: Duration = Duration::from_secs(10);

/// Has the Scheduler told of what becomes of a report.
pub(crate) async fn sync(app: &App, caller: &Caller, report: ReportId) -> Result<(), Error> {
    let job = ReportJob::SyncSchedule { organization: caller.organization(), report };
    Ok(app.report_jobs.send(job, DELAY).await?)
}

/// Has the Scheduler told of the reports that are made from now on.
pub(crate) async fn sync_new(app: &App, caller: &Caller) -> Result<(), Error> {
    let organization = caller.organization();
    let directory = collection::directory::<Report>(&app.store, organization).await?;
    let job = ReportJob::SyncSchedules { organization, after: directory.last_id().into() };
    Ok(app.report_jobs.send(job, DELAY).await?)
}
