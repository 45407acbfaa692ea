//! Doing what the messages of the queue ask for.

use std::convert::Infallible;

use shared::App;
use shared::service::queue_event::{Message, QueueAnswer, QueueEvent};
use shared::store::ReportJob;

use crate::error::JobError;
use crate::outside::Outside;
use crate::{runs, scheduled, sync};

/// Does what each of the messages asks for. Those that could not be done are handed over again.
pub async fn handle(app: App, outside: Outside, event: QueueEvent) -> Result<QueueAnswer, Infallible> {
    let work = |message| Box::pin(do_message(app.clone(), outside.clone(), message));
    let answer = event.handle(work).await;
    tokio::join!(app.write_usage(), outside.answers.settled());
    Ok(answer)
}

async fn do_message(app: App, outside: Outside, message: Message) -> Result<(), JobError> {
    let (app, outside) = (&app, &outside);
    match serde_json::from_str(&message.body).map_err(JobError::Message)? {
        ReportJob::Run { organization, report } => runs::do_open(app, outside, organization, report).await,
        ReportJob::Scheduled { organization, report, scheduled_for } => {
            let made = scheduled::make(app, organization, report, scheduled_for).await?;
            tracing::info!(
                job = "scheduled",
                organization = u64::from(organization),
                report = u64::from(report),
                status = made.unwrap_or("deleted"),
                "job"
            );
            match made {
                Some(_) => runs::do_open(app, outside, organization, report).await,
                // A schedule that is left of a report.
                None => sync::sync(app, outside, organization, report).await,
            }
        }
        ReportJob::SyncSchedule { organization, report } => {
            sync::sync(app, outside, organization, report).await
        }
        ReportJob::SyncSchedules { organization, after } => {
            sync::sync_after(app, outside, organization, after).await
        }
    }
}
