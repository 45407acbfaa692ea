//! A run as it is shown.

use serde::Serialize;
use shared::base::{ReportId, RunId, Timestamp, UserId};
use shared::http::Tag;
use shared::model::Run;
use shared::model::report::Format;
use shared::model::report::run::{Delivery, Status, Trigger};
use shared::store::{Collection as _, Versioned};
use utoipa::ToSchema;

shared::path! {
    /// The path of a run.
    pub(crate) struct RunPath {
        /// The report's ID.
        id: ReportId,
        /// The run's ID.
        run_id: RunId,
    }
}

/// A run as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Run)]
pub(crate) struct RunView {
    id: RunId,
    status: Status,
    #[schema(required)]
    trigger: Trigger,
    /// The time of the schedule that it is for; null for one that somebody asked for.
    #[schema(required)]
    scheduled_for: Option<Timestamp>,
    format: Format,
    /// How large the file is.
    #[schema(required)]
    size_bytes: Option<u64>,
    /// How many pages it has; null for formats without pages.
    #[schema(required)]
    pages: Option<u64>,
    /// How many rows of data are in it.
    #[schema(required)]
    rows: Option<u64>,
    /// Whether there are more rows than the format can hold; null until it is done.
    #[schema(required)]
    truncated: Option<bool>,
    /// Why it failed, or which widgets had no data.
    #[schema(required)]
    reason: Option<String>,
    /// What became of the mails.
    deliveries: Vec<Delivery>,
    /// Who asked for it; null for one of the schedule.
    #[schema(required)]
    created_by: Option<UserId>,
    created_at: Timestamp,
    #[schema(required)]
    started_at: Option<Timestamp>,
    /// When it was done or failed.
    #[schema(required)]
    finished_at: Option<Timestamp>,
}

impl RunView {
    /// The run as it is at this time.
    pub(crate) fn at(run: Run, now: Timestamp) -> Self {
        let run = run.at(now);
        let file = run.file.as_ref().filter(|_| run.status == Status::Done);
        Self {
            size_bytes: file.map(|file| file.size_bytes),
            pages: file.and_then(|file| file.pages),
            rows: file.map(|file| file.rows),
            truncated: file.map(|file| file.truncated),
            id: run.id,
            status: run.status,
            trigger: run.trigger,
            scheduled_for: run.scheduled_for,
            format: run.format,
            reason: run.reason,
            deliveries: run.deliveries,
            created_by: run.created_by,
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
        }
    }
}

/// The tag of a run at this time: it also fails, and its mails are given up, by the time alone.
pub(crate) fn tag(run: &Versioned<Run>, now: Timestamp) -> Tag {
    let shown = run.entity.clone().at(now);
    let has_lapsed = shown.status != run.entity.status;
    Tag { side_changes: shown.side_changes() + u64::from(has_lapsed), ..run.tag() }
}
