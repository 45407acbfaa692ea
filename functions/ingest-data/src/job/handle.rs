//! Doing what the messages of the queue ask for, and a line in the log for each.

use std::convert::Infallible;
use std::time::Instant;

use shared::App;
use shared::service::queue_event::{Message, QueueAnswer, QueueEvent};
use shared::store::Job;

use crate::job::error::JobError;
use crate::job::import_file;
use crate::job::sweep;
use crate::job::task::{Task, Upload, tasks};
use crate::job::work::Outcome;

/// Does what each of the messages asks for. Those that could not be done are handed over again; after the third time they are put
/// aside (`template.yaml`).
pub async fn handle(app: App, event: QueueEvent) -> Result<QueueAnswer, Infallible> {
    Ok(event.handle(|message| do_message(app.clone(), message)).await)
}

async fn do_message(app: App, message: Message) -> Result<(), JobError> {
    for task in tasks(&message)? {
        match task {
            // What an import awaits is so deeply nested that the compiler would give up on its layout.
            Task::Import(upload) => Box::pin(import(&app, &upload)).await?,
            Task::Job(Job::Sweep { organization, data_source }) => {
                let removed = sweep::sweep(&app, organization, data_source).await?;
                tracing::info!(
                    job = "sweep",
                    organization = u64::from(organization),
                    data_source = u64::from(data_source),
                    removed,
                    "job"
                );
            }
        }
    }
    Ok(())
}

async fn import(app: &App, upload: &Upload) -> Result<(), JobError> {
    let started = Instant::now();
    let outcome = import_file::import(app, upload).await?;
    let (status, rows, bytes) = match outcome {
        Outcome::Nothing(why) => (why, 0, 0),
        Outcome::TakenOver => ("taken over", 0, 0),
        Outcome::Failed { bytes } => ("failed", 0, bytes),
        Outcome::Done { rows, bytes } => ("done", rows, bytes),
    };
    let seconds = started.elapsed().as_secs_f64();
    if matches!(outcome, Outcome::Failed { .. } | Outcome::Done { .. }) {
        metrics::counter!("Imports").increment(1);
        metrics::counter!("ImportRows").increment(rows);
        metrics::counter!("ImportBytes").increment(bytes);
        metrics::histogram!("ImportSeconds").record(seconds);
        if matches!(outcome, Outcome::Failed { .. }) {
            metrics::counter!("ImportsFailed").increment(1);
        }
    }
    // Neither the file's name nor anything in it: it is the customer's.
    tracing::info!(
        job = "import",
        organization = u64::from(upload.organization),
        data_source = u64::from(upload.data_source),
        import = u64::from(upload.import),
        status,
        rows,
        bytes,
        seconds = (seconds * 1e3).round() / 1e3,
        "job"
    );
    Ok(())
}
