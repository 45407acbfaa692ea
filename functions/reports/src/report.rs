//! A report as it is shown, and who may write it.

use serde::Serialize;
use shared::Error;
use shared::access::{Caller, Permission};
use shared::base::{DashboardId, Description, Name, ReportId, Timestamp, UserId};
use shared::http::{Tag, Tagged};
use shared::model::Report;
use shared::model::query::{Filter, TimeRange, ZoneName};
use shared::model::report::{Csv, Format, LastRun, Schedule};
use shared::store::Versioned;
use utoipa::ToSchema;

/// The path of the collection.
pub(crate) const REPORTS: &str = "/api/reports/";

shared::path! {
    /// The path of a report.
    pub(crate) struct ReportPath {
        /// The report's ID.
        id: ReportId,
    }
}

/// A report as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Report)]
pub(crate) struct ReportView {
    id: ReportId,
    name: Name,
    description: Description,
    /// The ID of the dashboard that it shows.
    dashboard: DashboardId,
    format: Format,
    /// Whose days are meant, in place of the widgets' own.
    #[schema(required)]
    timezone: Option<ZoneName>,
    /// A time range for each widget whose table has the field, in place of its own.
    #[schema(required)]
    time_range: Option<TimeRange>,
    /// Filters for each widget whose table has all of their fields, beside its own.
    filters: Vec<Filter>,
    csv: Csv,
    /// When it is made by itself.
    #[schema(required)]
    schedule: Option<Schedule>,
    /// The users who get it by mail when it was made by itself.
    recipients: Vec<UserId>,
    /// The run that ended last.
    #[schema(required)]
    last_run: Option<LastRun>,
    /// The next three times of the schedule; none where there is none, or it is not enabled.
    next_runs: Vec<Timestamp>,
    created_by: UserId,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ReportView {
    /// The report as it is at this time.
    pub(crate) fn at(report: Report, now: Timestamp) -> Self {
        Self {
            next_runs: next_runs(&report, now),
            id: report.id,
            name: report.name,
            description: report.description,
            dashboard: report.dashboard,
            format: report.format,
            timezone: report.timezone,
            time_range: report.time_range,
            filters: report.filters,
            csv: report.csv,
            schedule: report.schedule,
            recipients: report.recipients,
            last_run: report.last_run,
            created_by: report.created_by,
            created_at: report.created_at,
            updated_at: report.updated_at,
        }
    }
}

fn next_runs(report: &Report, now: Timestamp) -> Vec<Timestamp> {
    report.schedule.as_ref().map(|schedule| schedule.next_runs(now)).unwrap_or_default()
}

/// The 200 for a report.
pub(crate) fn tagged(report: Versioned<Report>, now: Timestamp) -> Tagged<ReportView> {
    Tagged { tag: tag(&report, now), body: ReportView::at(report.entity, now) }
}

/// The tag of a report at this time: its next runs change by the time alone, and its last run without being a change of the report.
fn tag(report: &Versioned<Report>, now: Timestamp) -> Tag {
    let tag = report.tag();
    let next = next_runs(&report.entity, now).first().map_or(0, |next| next.as_second().unsigned_abs());
    Tag { side_changes: tag.side_changes.wrapping_add(next), ..tag }
}

/// `Ok` if the caller may change and delete the report.
pub(crate) fn check_may_write(caller: &Caller, report: &Report) -> Result<(), Error> {
    if report.created_by == caller.user().id {
        return Ok(());
    }
    let what = format!("Changing, deleting or sending report {} of user {}", report.id, report.created_by);
    caller.require(Permission::WriteAnyReports, &what)
}
