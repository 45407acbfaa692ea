//! Making the run that a schedule asks for.
//!
//! The Scheduler tells each of a schedule's times at least once, and late ones when an outage is over. A time has one run: the report
//! says which time had the last one, and is written along with the run. Of several times that were missed, the last one has it.

use shared::App;
use shared::base::{OrganizationId, ReportId, RunId, Timestamp};
use shared::model::report::run::{Status, Trigger};
use shared::model::{Report, Run};
use shared::store::collection::Along;
use shared::store::reports::note_scheduled_for;
use shared::store::{CollectionError, New, StoreError, creation};

use crate::error::JobError;

/// Makes the run for a time that the Scheduler has told, unless it is there. `None` if the report is not there any more; else whether
/// it was made, and why not.
pub(crate) async fn make(
    app: &App,
    organization: OrganizationId,
    report: ReportId,
    told: Timestamp,
) -> Result<Option<&'static str>, JobError> {
    let now = app.clock.now();
    let store = &app.store;
    let made = creation::create_within::<Report, Run, Refusal>(
        store,
        organization,
        report.into(),
        &[],
        now,
        |id, report, _| {
            let report = &report.entity;
            // It may have been changed or paused since this was sent.
            let schedule = report.active_schedule().ok_or(Refusal::Nothing("paused"))?;
            let due = schedule.cron.last_due(told, now, schedule.timezone.zone());
            let due = due.ok_or(Refusal::Nothing("not due"))?;
            if report.scheduled_for.is_some_and(|last| last >= due) {
                return Err(Refusal::Nothing("repeated"));
            }
            let noted = note_scheduled_for(organization, report.id, due)?;
            let run = run(id.into(), report, due, now);
            Ok(New { along: vec![Along::IfUnchanged(noted)], ..New::of(run) })
        },
    )
    .await;
    match made {
        Ok(_) => Ok(Some("made")),
        Err(CollectionError::Refused(Refusal::Nothing(why))) => Ok(Some(why)),
        Err(CollectionError::Missing { .. }) => Ok(None),
        Err(CollectionError::Refused(Refusal::Store(error))) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

fn run(id: RunId, report: &Report, due: Timestamp, now: Timestamp) -> Run {
    Run {
        id,
        status: Status::Waiting,
        trigger: Trigger::Schedule,
        scheduled_for: Some(due),
        format: report.format,
        recipients: report.recipients.clone(),
        deliveries: Vec::new(),
        attempt: None,
        file: None,
        reason: None,
        created_by: None,
        created_at: now,
        started_at: None,
        finished_at: None,
    }
}

#[derive(Debug)]
enum Refusal {
    Nothing(&'static str),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
