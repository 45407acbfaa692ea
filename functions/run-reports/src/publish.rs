//! Saying on a run how it ended: by one write, which also tells the report.

use shared::App;
use shared::base::Timestamp;
use shared::model::Run;
use shared::model::report::LastRun;
use shared::model::report::run::{File, Status};
use shared::store::collection::{self, Along, Change};
use shared::store::reports::{note_last_run, runs_of};
use shared::store::{CollectionError, StoreError};

use crate::claim::Refusal;
use crate::error::JobError;
use crate::work::Work;

/// The run has its file: from now on it can be downloaded. `None`, if the run is not this attempt's any more.
pub(crate) async fn done(
    app: &App,
    work: &Work,
    file: &File,
    reason: Option<&str>,
) -> Result<Option<Run>, JobError> {
    end(app, work, |run, now| Run {
        status: Status::Done,
        file: Some(file.clone()),
        reason: reason.map(str::to_owned),
        // What is left is to mail it.
        attempt: run.attempt.clone().filter(|_| !run.recipients.is_empty()),
        finished_at: Some(now),
        ..run.clone()
    })
    .await
}

/// The run has failed, for a reason that another attempt would find again.
pub(crate) async fn failed(app: &App, work: &Work, reason: &str) -> Result<Option<Run>, JobError> {
    end(app, work, |run, now| {
        let mut run = run.clone();
        run.fail(reason.to_owned(), now);
        run
    })
    .await
}

async fn end(
    app: &App,
    work: &Work,
    ended: impl Fn(&Run, Timestamp) -> Run,
) -> Result<Option<Run>, JobError> {
    let now = app.clock.now();
    let change = |run: &Run| {
        let ended = ended(run, now);
        let last_run = LastRun { id: ended.id, status: ended.status, finished_at: now };
        let noted = note_last_run(work.organization, work.report.id, last_run)?;
        Ok((ended, vec![Along::Required(noted)]))
    };
    modify(app, work, change).await
}

/// Changes the run, if it is still this attempt's own.
pub(crate) async fn modify(
    app: &App,
    work: &Work,
    change: impl Fn(&Run) -> Result<(Run, Vec<Along>), StoreError>,
) -> Result<Option<Run>, JobError> {
    let runs = runs_of(work.organization, work.report.id);
    let written = collection::modify::<Run, Refusal>(&app.store, runs, work.run.id.into(), |before| {
        let is_own = before.entity.attempt.as_ref().is_some_and(|attempt| attempt.id == work.attempt.id);
        if !is_own {
            return Err(Refusal::Over("taken over"));
        }
        let (run, along) = change(&before.entity)?;
        Ok(Change::Replace(run, along))
    })
    .await;
    match written {
        Ok(run) => Ok(Some(run.entity)),
        // The report or the run was deleted, or the run is another attempt's.
        Err(
            CollectionError::Refused(Refusal::Over(_))
            | CollectionError::Missing { .. }
            | CollectionError::Unmet(_),
        ) => Ok(None),
        Err(CollectionError::Refused(Refusal::Store(error))) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}
