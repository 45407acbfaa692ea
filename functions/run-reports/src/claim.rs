//! Making a run an attempt's own.
//!
//! Messages come twice, and processes end halfway. The run says whose turn it is: another attempt takes it only when the one before is
//! certainly over, and only the attempt that has claimed it last writes to it.

use shared::App;
use shared::base::{OrganizationId, ReportId, RunId, Timestamp};
use shared::model::import::Attempt;
use shared::model::report::LastRun;
use shared::model::report::run::Status;
use shared::model::{PlanLimit, Report, Run};
use shared::store::collection::{self, Along, Change};
use shared::store::reports::{note_last_run, runs_of};
use shared::store::{CollectionError, StoreError, Versioned};
use uuid::Uuid;

use crate::error::JobError;
use crate::work::Work;

/// What came of claiming a run.
#[derive(Debug)]
pub(crate) enum Claimed {
    /// It is to be worked on.
    Work(Box<Work>),
    /// It was too late for it: it has failed, which is written down now.
    Lapsed,
    /// There is nothing to do, for this reason.
    Over(&'static str),
}

/// Makes the run this attempt's own.
pub(crate) async fn claim(
    app: &App,
    organization: OrganizationId,
    report: ReportId,
    run: RunId,
) -> Result<Claimed, JobError> {
    let now = app.clock.now();
    let attempt = Attempt { id: Uuid::new_v4().simple().to_string(), started_at: now };
    let report_key = [collection::entity_key::<Report>(organization, report.into())];
    let mut read = None;
    let runs = runs_of(organization, report);
    let claimed = collection::modify_reading::<Run, Refusal>(
        &app.store,
        runs,
        run.into(),
        &report_key,
        |before, mut items| {
            let item = items.pop().flatten().ok_or(Refusal::Over("deleted"))?;
            let report = read.insert(Versioned::<Report>::read(item)?.entity);
            let run = claimed(&before.entity, &attempt, now)?;
            let along = note_lapsed(organization, report, &before.entity, &run)?;
            Ok(Change::Replace(run, along))
        },
    )
    .await;
    match (claimed, read) {
        (Ok(run), Some(report)) if run.entity.attempt.is_some() => {
            Ok(Claimed::Work(Box::new(Work { organization, report, run: run.entity, attempt })))
        }
        (Ok(run), _) if run.entity.status == Status::Failed => Ok(Claimed::Lapsed),
        (Ok(_), _) => Ok(Claimed::Over("given up")),
        (Err(CollectionError::Refused(Refusal::Over(why))), _) => Ok(Claimed::Over(why)),
        (Err(CollectionError::Unmet(_)), _) => Ok(Claimed::Over("deleted")),
        (Err(CollectionError::Missing { .. }), _) => Ok(Claimed::Over("removed")),
        (Err(CollectionError::Refused(Refusal::Store(error))), _) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
    }
}

/// The run with this attempt, or, where it is too late for any, without one.
fn claimed(before: &Run, attempt: &Attempt, now: Timestamp) -> Result<Run, Refusal> {
    if !before.is_open() {
        return Err(Refusal::Over("repeated"));
    }
    if before.attempt.as_ref().is_some_and(|attempt| !attempt.is_over(now)) {
        return Err(Refusal::Over("at work elsewhere"));
    }
    // Whoever was told that it has failed, or was not mailed, must not find otherwise later.
    let mut run = before.clone().at(now);
    if !run.is_open() {
        return Ok(run);
    }
    if run.status != Status::Done {
        run.status = Status::Running;
        run.started_at = Some(now);
    }
    run.attempt = Some(attempt.clone());
    Ok(run)
}

/// Tells the report of a run that has failed by the time alone, unless another one has ended since.
fn note_lapsed(
    organization: OrganizationId,
    report: &Report,
    before: &Run,
    run: &Run,
) -> Result<Vec<Along>, StoreError> {
    let Some(finished_at) = run.finished_at.filter(|_| !before.is_finished() && run.is_finished()) else {
        return Ok(Vec::new());
    };
    if report.last_run.is_some_and(|last| last.finished_at > finished_at) {
        return Ok(Vec::new());
    }
    let last_run = LastRun { id: run.id, status: run.status, finished_at };
    Ok(vec![Along::Required(note_last_run(organization, report.id, last_run)?)])
}

/// Why a run is not claimed, or not written.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is nothing to do, for this reason.
    Over(&'static str),
    /// The plan has no room for its file.
    NoRoom(PlanLimit),
    /// It could not be read.
    Store(StoreError),
}

impl From<PlanLimit> for Refusal {
    fn from(limit: PlanLimit) -> Self {
        Self::NoRoom(limit)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
