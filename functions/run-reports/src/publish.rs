//! Saying on a run how it ended: by one write, which also tells the report.

use shared::App;
use shared::base::Timestamp;
use shared::model::report::LastRun;
use shared::model::report::run::{File, Status};
use shared::model::{PlanLimit, Run};
use shared::store::collection::{self, Along, Change};
use shared::store::reports::{note_last_run, runs_of};
use shared::store::{CollectionError, Item, Key, OrganizationRecord, StoreError, Write};

use crate::claim::Refusal;
use crate::error::JobError;
use crate::work::Work;

/// What came of saying that a run has ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It has, and is so now.
    Run(Box<Run>),
    /// The run is not this attempt's any more.
    TakenOver,
    /// It has not: the plan has no room for its file.
    NoRoom(PlanLimit),
}

/// The run has its file: from now on it can be downloaded, and is among what the organization stores.
pub(crate) async fn done(
    app: &App,
    work: &Work,
    file: &File,
    reason: Option<&str>,
) -> Result<Ended, JobError> {
    let ended = |run: &Run, now: Timestamp| Run {
        status: Status::Done,
        file: Some(file.clone()),
        reason: reason.map(str::to_owned),
        // What is left is to mail it.
        attempt: run.attempt.clone().filter(|_| !run.recipients.is_empty()),
        finished_at: Some(now),
        ..run.clone()
    };
    end(app, work, Some(file.size_bytes), ended).await
}

/// The run has failed, for a reason that another attempt would find again. `None`, if the run is not this attempt's any more.
pub(crate) async fn failed(app: &App, work: &Work, reason: &str) -> Result<Option<Run>, JobError> {
    let ended = |run: &Run, now: Timestamp| {
        let mut run = run.clone();
        run.fail(reason.to_owned(), now);
        run
    };
    match end(app, work, None, ended).await? {
        Ended::Run(run) => Ok(Some(*run)),
        Ended::TakenOver | Ended::NoRoom(_) => Ok(None),
    }
}

/// Ends the run, with a file of so many bytes.
async fn end(
    app: &App,
    work: &Work,
    bytes: Option<u64>,
    ended: impl Fn(&Run, Timestamp) -> Run,
) -> Result<Ended, JobError> {
    let now = app.clock.now();
    let change = |run: &Run, organization: Option<Item>| {
        let ended = ended(run, now);
        let last_run = LastRun { id: ended.id, status: ended.status, finished_at: now };
        let noted = note_last_run(work.organization, work.report.id, last_run)?;
        let mut along = vec![Along::Required(noted)];
        if let Some(bytes) = bytes {
            along.push(Along::IfUnchanged(store(organization, bytes, now)?));
        }
        Ok((ended, along))
    };
    let also = [Key::organization(work.organization)];
    modify_reading(app, work, if bytes.is_some() { &also } else { &[] }, change).await
}

/// The write that counts a file among what the organization stores, if the plan allows that.
fn store(organization: Option<Item>, bytes: u64, now: Timestamp) -> Result<Write, Refusal> {
    let record = OrganizationRecord::read(organization)?;
    let mut storage = record.organization.storage.clone();
    record.organization.plan.check_storage(storage.used(now), bytes)?;
    storage.add_report(bytes, now);
    Ok(record.set_storage(&storage)?)
}

/// Changes the run, if it is still this attempt's own.
pub(crate) async fn modify(
    app: &App,
    work: &Work,
    change: impl Fn(&Run) -> Result<(Run, Vec<Along>), StoreError>,
) -> Result<Option<Run>, JobError> {
    match modify_reading(app, work, &[], |run, _| Ok(change(run)?)).await? {
        Ended::Run(run) => Ok(Some(*run)),
        Ended::TakenOver | Ended::NoRoom(_) => Ok(None),
    }
}

async fn modify_reading(
    app: &App,
    work: &Work,
    also: &[Key],
    change: impl Fn(&Run, Option<Item>) -> Result<(Run, Vec<Along>), Refusal>,
) -> Result<Ended, JobError> {
    let runs = runs_of(work.organization, work.report.id);
    let written = collection::modify_reading::<Run, Refusal>(
        &app.store,
        runs,
        work.run.id.into(),
        also,
        |before, mut items| {
            let is_own = before.entity.attempt.as_ref().is_some_and(|attempt| attempt.id == work.attempt.id);
            if !is_own {
                return Err(Refusal::Over("taken over"));
            }
            let (run, along) = change(&before.entity, items.pop().flatten())?;
            Ok(Change::Replace(run, along))
        },
    )
    .await;
    match written {
        Ok(run) => Ok(Ended::Run(Box::new(run.entity))),
        // The report or the run was deleted, or the run is another attempt's.
        Err(
            CollectionError::Refused(Refusal::Over(_))
            | CollectionError::Missing { .. }
            | CollectionError::Unmet(_),
        ) => Ok(Ended::TakenOver),
        Err(CollectionError::Refused(Refusal::NoRoom(limit))) => Ok(Ended::NoRoom(limit)),
        Err(CollectionError::Refused(Refusal::Store(error))) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}
