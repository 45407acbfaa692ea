//! Making a run an attempt's own.
//!
//! Messages come twice, and processes end halfway. The run says whose turn it is: another attempt takes it only when the one before is
//! certainly over, and only the attempt that has claimed it last writes to it.

use shared::App;
use shared::base::{OrganizationId, ReportId, RunId, Timestamp};
use shared::model::import::Attempt;
use shared::model::report::run::{RUN_SECONDS, Status};
use shared::model::{PlanLimit, Report, Run};
use shared::store::collection::{self, Change};
use shared::store::reports::runs_of;
use shared::store::{CollectionError, StoreError, Versioned};
use uuid::Uuid;

use crate::error::JobError;
use crate::work::Work;

/// How long an attempt may work, in seconds: as long as Lambda lets a function run.
const ATTEMPT_SECONDS: i64 = 900;

/// What came of claiming a run.
#[derive(Debug)]
pub(crate) enum Claimed {
    /// It is to be worked on.
    Work(Box<Work>),
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
            read = Some(Versioned::<Report>::read(item)?.entity);
            Ok(Change::Replace(claimed(&before.entity, &attempt, now)?, Vec::new()))
        },
    )
    .await;
    match (claimed, read) {
        (Ok(run), Some(report)) if run.entity.attempt.is_some() => {
            Ok(Claimed::Work(Box::new(Work { organization, report, run: run.entity, attempt })))
        }
        (Ok(_), _) => Ok(Claimed::Over("lapsed")),
        (Err(CollectionError::Refused(Refusal::Over(why))), _) => Ok(Claimed::Over(why)),
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
    let over = |attempt: &Attempt| attempt.started_at.plus_seconds(ATTEMPT_SECONDS) <= now;
    if before.attempt.as_ref().is_some_and(|attempt| !over(attempt)) {
        return Err(Refusal::Over("at work elsewhere"));
    }
    // Whoever was told that it has failed must not find it done later.
    let lapsed = before.clone().at(now);
    if lapsed.is_finished() && !before.is_finished() {
        return Ok(lapsed);
    }
    let mut run = before.clone();
    // What was not mailed within the time of a run is news no more.
    if run.finished_at.is_some_and(|end| end.plus_seconds(RUN_SECONDS) <= now) {
        run.give_up("The mail service could not be reached for 6 hours.");
        return Ok(run);
    }
    if run.status != Status::Done {
        run.status = Status::Running;
        run.started_at = Some(now);
    }
    run.attempt = Some(attempt.clone());
    Ok(run)
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
