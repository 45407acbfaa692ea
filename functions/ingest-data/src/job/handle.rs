//! Doing what the messages of the queue ask for.

use std::convert::Infallible;

use shared::App;
use shared::service::queue_event::{Message, QueueAnswer, QueueEvent};
use shared::store::Job;

use crate::job::error::JobError;
use crate::job::task::{Task, tasks};
use crate::job::work::ImportPlace;
use crate::job::{import, refresh, sweep};
use crate::outside::Outside;

/// Does what each of the messages asks for. Those that could not be done are handed over again; after the third time they are put
/// aside (`template.yaml`).
pub async fn handle(app: App, outside: Outside, event: QueueEvent) -> Result<QueueAnswer, Infallible> {
    // What an import awaits is so deeply nested that the compiler would give up on its layout.
    let answer = event.handle(|message| Box::pin(do_message(app.clone(), outside.clone(), message))).await;
    app.write_usage().await;
    Ok(answer)
}

async fn do_message(app: App, outside: Outside, message: Message) -> Result<(), JobError> {
    for task in tasks(&message)? {
        match task {
            Task::Import(upload) => import::import_file(&app, &outside, &upload).await?,
            Task::Job(job) => do_job(&app, &outside, job).await?,
        }
    }
    Ok(())
}

async fn do_job(app: &App, outside: &Outside, job: Job) -> Result<(), JobError> {
    match job {
        Job::Import { organization, data_source, import } => {
            import::import_now(app, outside, ImportPlace { organization, data_source, import }).await
        }
        Job::ImportsAfter { organization, data_source, after } => {
            import::import_after(app, outside, organization, data_source, after).await
        }
        Job::Refresh { organization, data_source, scheduled_for } => {
            refresh::refresh(app, outside, organization, data_source, scheduled_for).await
        }
        Job::SyncRefresh { organization, data_source } => {
            refresh::sync(app, outside, organization, data_source).await
        }
        Job::SyncRefreshes { organization, after } => {
            refresh::sync_after(app, outside, organization, after).await
        }
        Job::Sweep { organization, data_source } => {
            let removed = sweep::sweep(app, outside, organization, data_source).await?;
            tracing::info!(
                job = "sweep",
                organization = u64::from(organization),
                data_source = u64::from(data_source),
                removed,
                "job"
            );
            Ok(())
        }
    }
}
