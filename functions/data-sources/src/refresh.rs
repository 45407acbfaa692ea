//! Having the Scheduler told when data sources are to be imported again.
//!
//! The Scheduler is told by a job, which reads what a data source says and makes it so there. The job is asked for **before** the data
//! source is written, and done when that write is certainly over: so a process that ends at any point in between leaves nothing that is
//! not put right. Of what is deleted, the job tells that removes its data.

use std::time::Duration;

use shared::access::Caller;
use shared::base::DataSourceId;
use shared::model::data_source::DataSourceSummary;
use shared::store::{Job, collection};
use shared::{App, Error};

/// When the Scheduler is told: after the longest request, which ends within 5 s.
const DELAY: Duration = Duration::from_secs(10);

/// Has the Scheduler told of what becomes of a data source.
pub(crate) async fn sync(app: &App, caller: &Caller, data_source: DataSourceId) -> Result<(), Error> {
    let job = Job::SyncRefresh { organization: caller.organization(), data_source };
    Ok(app.jobs.send(job, DELAY).await?)
}

/// Has the Scheduler told of the data sources that are made from now on.
pub(crate) async fn sync_new(app: &App, caller: &Caller) -> Result<(), Error> {
    let organization = caller.organization();
    let directory = collection::directory::<DataSourceSummary>(&app.store, organization).await?;
    let job = Job::SyncRefreshes { organization, after: directory.last_id().into() };
    Ok(app.jobs.send(job, DELAY).await?)
}
