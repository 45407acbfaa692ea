//! Doing the runs of a report that have work left.

use std::path::Path;
use std::time::Duration;

use shared::App;
use shared::base::{OrganizationId, ReportId, RunId};
use shared::model::report::run::Status;
use shared::model::{Counts, Run};
use shared::service::scratch;
use shared::store::collection;
use shared::store::files::report_key;
use shared::store::reports::{open, runs_of};
use tokio::time::Instant;

use crate::claim::{Claimed, claim};
use crate::deliver;
use crate::draw::{self, Drawn};
use crate::error::JobError;
use crate::outside::Outside;
use crate::publish::{self, Ended};
use crate::work::{Outcome, Work};

/// How many runs one message has done. The others have messages of their own.
const AT_ONCE: usize = 20;

/// For how long after it has begun a job takes runs on, so that each has ten minutes to be drawn. Those that are left have messages of
/// their own, too.
const TAKING: Duration = Duration::from_mins(2);

/// Does the runs of a report that have work left. One that cannot be done keeps no other from it.
pub(crate) async fn do_open(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    report: ReportId,
) -> Result<(), JobError> {
    let began = Instant::now();
    let end = began + outside.drawing;
    let directory = collection::directory::<Run>(&app.store, runs_of(organization, report)).await?;
    let (_, runs) = directory.select(&[open()], 0, AT_ONCE);
    let mut result = Ok(());
    for run in runs {
        if began.elapsed() > TAKING {
            break;
        }
        if let Err(error) = Box::pin(do_run(app, outside, organization, report, run.into(), end)).await {
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
    end: Instant,
) -> Result<(), JobError> {
    let started = Instant::now();
    let outcome = match claim(app, organization, report, run).await? {
        Claimed::Over(why) => Outcome::Nothing(why),
        Claimed::Lapsed => Outcome::Failed,
        Claimed::Work(work) => {
            let done = do_work(app, outside, &work, started, end).await;
            if done.is_err() {
                release(app, &work).await;
            }
            return done;
        }
    };
    tell(app, organization, report, run, outcome, started);
    Ok(())
}

/// Does what is left of a run. How it ended is told as soon as that is written down: whatever becomes of the mails, no other attempt
/// finds it unfinished.
async fn do_work(
    app: &App,
    outside: &Outside,
    work: &Work,
    started: Instant,
    end: Instant,
) -> Result<(), JobError> {
    let (organization, report, run) = (work.organization, work.report.id, work.run.id);
    if work.run.status == Status::Done {
        deliver::deliver(app, outside, work, None).await?;
        tell(app, organization, report, run, Outcome::Delivered, started);
        return Ok(());
    }
    let folder = tempfile::Builder::new().prefix(scratch::PREFIX).tempdir()?;
    let path = folder.path().join("report");
    let (outcome, done) = make(app, outside, work, &path, end).await?;
    tell(app, organization, report, run, outcome, started);
    if let Some(run) = done.filter(|run| !run.recipients.is_empty()) {
        let work = Work { run, ..work.clone() };
        deliver::deliver(app, outside, &work, Some(&path)).await?;
    }
    Ok(())
}

/// Makes the file of a run, at `path` and in the bucket. The run as it is then, if it is done.
async fn make(
    app: &App,
    outside: &Outside,
    work: &Work,
    path: &Path,
    end: Instant,
) -> Result<(Outcome, Option<Run>), JobError> {
    let drawn = match draw::draw(app, outside, work, path, end).await? {
        Drawn::Refused(reason) => return Ok((fail(app, work, &reason).await?, None)),
        Drawn::File(drawn) => drawn,
    };
    let key = report_key(work.organization, work.report.id, work.run.id, &work.attempt.id);
    app.files.put_file(key.clone(), drawn.media_type, path).await?;
    let file = drawn.file(key.clone());
    match publish::done(app, work, &file, drawn.reason.as_deref()).await? {
        Ended::Run(run) => {
            let outcome = Outcome::Done { rows: file.rows, bytes: file.size_bytes };
            Ok((outcome, Some(*run)))
        }
        Ended::TakenOver => {
            app.files.delete(&key).await?;
            Ok((TAKEN_OVER, None))
        }
        Ended::NoRoom(limit) => {
            app.files.delete(&key).await?;
            Ok((fail(app, work, &limit.to_string()).await?, None))
        }
    }
}

const TAKEN_OVER: Outcome = Outcome::Nothing("taken over");

async fn fail(app: &App, work: &Work, reason: &str) -> Result<Outcome, JobError> {
    let ended = publish::failed(app, work, reason).await?;
    Ok(ended.map_or(TAKEN_OVER, |_| Outcome::Failed))
}

/// Lets another attempt begin at once. Without it, one begins when this attempt is certainly over.
async fn release(app: &App, work: &Work) {
    let released = publish::modify(app, work, |run| Ok((Run { attempt: None, ..run.clone() }, Vec::new())));
    if let Err(error) = released.await {
        tracing::warn!(%error, "an attempt that has ended could not be released");
    }
}

/// Counts what came of a run, and says so in the log.
fn tell(
    app: &App,
    organization: OrganizationId,
    report: ReportId,
    run: RunId,
    outcome: Outcome,
    started: Instant,
) {
    let seconds = started.elapsed().as_secs_f64();
    let (status, rows, bytes) = match outcome {
        Outcome::Nothing(why) => (why, 0, 0),
        Outcome::Done { rows, bytes } => ("done", rows, bytes),
        Outcome::Failed => ("failed", 0, 0),
        Outcome::Delivered => ("delivered", 0, 0),
    };
    if matches!(outcome, Outcome::Done { .. } | Outcome::Failed) {
        app.count(organization, Counts { report_runs: 1, ..Counts::default() });
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
