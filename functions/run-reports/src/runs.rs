//! Doing the runs of a report that have work left.

use std::time::Instant;

use shared::App;
use shared::base::{OrganizationId, ReportId, RunId};
use shared::model::report::run::Status;
use shared::model::{Counts, Run};
use shared::store::collection;
use shared::store::files::report_key;
use shared::store::reports::{open, runs_of};

use crate::claim::{Claimed, claim};
use crate::deliver;
use crate::draw::{self, Drawn};
use crate::error::JobError;
use crate::outside::Outside;
use crate::publish::{self, Ended};
use crate::work::{Outcome, Work};

/// How many runs one message has done. The others have messages of their own.
const AT_ONCE: usize = 20;

/// Does the runs of a report that have work left. One that cannot be done keeps no other from it.
pub(crate) async fn do_open(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    report: ReportId,
) -> Result<(), JobError> {
    let directory = collection::directory::<Run>(&app.store, runs_of(organization, report)).await?;
    let (_, runs) = directory.select(&[open()], 0, AT_ONCE);
    let mut result = Ok(());
    for run in runs {
        if let Err(error) = Box::pin(do_run(app, outside, organization, report, run.into())).await {
            result = Err(error);
        }
    }
    result
}

async fn do_run(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    report: ReportId,
    run: RunId,
) -> Result<(), JobError> {
    let started = Instant::now();
    let outcome = match claim(app, organization, report, run).await? {
        Claimed::Over(why) => Outcome::Nothing(why),
        Claimed::Work(work) => {
            let outcome = do_work(app, outside, &work).await;
            if outcome.is_err() {
                release(app, &work).await;
            }
            outcome?
        }
    };
    if matches!(outcome, Outcome::Done { .. } | Outcome::Failed) {
        app.count(organization, Counts { report_runs: 1, ..Counts::default() });
    }
    log(organization, report, run, outcome, started.elapsed().as_secs_f64());
    Ok(())
}

async fn do_work(app: &App, outside: &Outside, work: &Work) -> Result<Outcome, JobError> {
    if work.run.status == Status::Done {
        deliver::deliver(app, outside, work, None).await?;
        return Ok(Outcome::Delivered);
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("report");
    let drawn = match draw::draw(app, outside, work, &path).await? {
        Drawn::Refused(reason) => {
            let ended = publish::failed(app, work, &reason).await?;
            return Ok(ended.map_or(Outcome::Nothing("taken over"), |_| Outcome::Failed));
        }
        Drawn::File(drawn) => drawn,
    };
    let key = report_key(work.organization, work.report.id, work.run.id, &work.attempt.id);
    app.files.put_file(key.clone(), drawn.media_type, &path).await?;
    let file = drawn.file(key.clone());
    let run = match publish::done(app, work, &file, drawn.reason.as_deref()).await? {
        Ended::Run(run) => *run,
        Ended::TakenOver => {
            app.files.delete(&key).await?;
            return Ok(Outcome::Nothing("taken over"));
        }
        Ended::NoRoom(limit) => {
            app.files.delete(&key).await?;
            let ended = publish::failed(app, work, &limit.to_string()).await?;
            return Ok(ended.map_or(Outcome::Nothing("taken over"), |_| Outcome::Failed));
        }
    };
    let outcome = Outcome::Done { rows: file.rows, bytes: file.size_bytes };
    if !run.recipients.is_empty() {
        let work = Work { run, ..work.clone() };
        deliver::deliver(app, outside, &work, Some(&path)).await?;
    }
    Ok(outcome)
}

/// Lets another attempt begin at once. Without it, one begins when this attempt is certainly over.
async fn release(app: &App, work: &Work) {
    let released = publish::modify(app, work, |run| Ok((Run { attempt: None, ..run.clone() }, Vec::new())));
    if let Err(error) = released.await {
        tracing::warn!(%error, "an attempt that has ended could not be released");
    }
}

fn log(organization: OrganizationId, report: ReportId, run: RunId, outcome: Outcome, seconds: f64) {
    let (status, rows, bytes) = match outcome {
        Outcome::Nothing(why) => (why, 0, 0),
        Outcome::Done { rows, bytes } => ("done", rows, bytes),
        Outcome::Failed => ("failed", 0, 0),
        Outcome::Delivered => ("delivered", 0, 0),
    };
    if matches!(outcome, Outcome::Done { .. } | Outcome::Failed) {
        metrics::counter!("ReportRuns").increment(1);
        metrics::histogram!("ReportSeconds").record(seconds);
        if outcome == Outcome::Failed {
            metrics::counter!("ReportRunsFailed").increment(1);
        }
    }
    tracing::info!(
        job = "run_report",
        organization = u64::from(organization),
        report = u64::from(report),
        run = u64::from(run),
        status,
        rows,
        bytes,
        seconds = (seconds * 1e3).round() / 1e3,
        "job"
    );
}
