//! Reports: a dashboard as a file, made at set times or when somebody asks.

pub mod cron;
pub mod run;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use cron::Cron;
pub use run::Run;

use crate::base::{DashboardId, Description, Fields, Name, ReportId, RunId, Timestamp, UserId};
use crate::model::dashboard::Viewer;
use crate::model::json_text;
use crate::model::query::{Filter, TimeRange, ZoneName};
use crate::string_enum;

/// How many users a report may be mailed to.
pub const MAX_RECIPIENTS: usize = 50;

/// How large all filters of a report may be as JSON, so that a page of reports fits an answer.
pub const MAX_FILTERS_BYTES: usize = 16_384;

/// How many of the next times are told.
const NEXT_RUNS: usize = 3;

string_enum! {
    /// What kind of file a report is.
    #[schema(as = ReportFormat)]
    pub enum Format {
        /// A document for reading and printing.
        Pdf = "pdf",
        /// A spreadsheet.
        Xlsx = "xlsx",
        /// Rows as text: one file, or a ZIP with one for each widget.
        Csv = "csv",
    }
}

/// When a report is made by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(as = ReportSchedule, examples(json!({ "cron": "0 8 * * MON", "timezone": "Europe/Berlin", "enabled": true })))]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Schedule {
    /// At what minutes, hours and days.
    pub cron: Cron,
    /// Whose clock is meant.
    pub timezone: ZoneName,
    /// Whether it is in force.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    pub enabled: bool,
}

impl Schedule {
    /// The next times after that one; none where it is not in force.
    pub fn next_runs(&self, now: Timestamp) -> Vec<Timestamp> {
        let next = |after: &Timestamp| self.cron.next_after(*after, self.timezone.zone());
        let first = if self.enabled { next(&now) } else { None };
        std::iter::successors(first, next).take(NEXT_RUNS).collect()
    }
}

/// How rows are written as CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(as = CsvOptions)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Csv {
    /// Whether cells that spreadsheets would take for formulas are quoted.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    pub escape_formulas: bool,
    /// Whether a byte order mark comes first, by which Excel knows UTF-8.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    pub byte_order_mark: bool,
}

impl Default for Csv {
    fn default() -> Self {
        Self { escape_formulas: true, byte_order_mark: false }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastRun {
    /// The run's ID.
    pub id: RunId,
    /// Whether it is done or failed.
    pub status: run::Status,
    /// When it ended.
    pub finished_at: Timestamp,
}

/// A report as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The report's ID.
    pub id: ReportId,
    /// The report's name.
    pub name: Name,
    /// What it is about.
    pub description: Description,
    /// The dashboard that it shows.
    pub dashboard: DashboardId,
    /// What kind of file it is.
    pub format: Format,
    /// Whose days are meant, in place of the widgets' own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<ZoneName>,
    /// A time range for each widget that has the field, in place of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_range: Option<TimeRange>,
    /// Filters for each widget that has the fields, beside its own.
    #[serde(with = "json_text")]
    pub filters: Vec<Filter>,
    /// How rows are written as CSV.
    pub csv: Csv,
    /// When it is made by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Who gets it by mail when it was made by itself.
    pub recipients: Vec<UserId>,
    /// The run that ended last. Written on the side: it is no change of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<LastRun>,
    /// The last of the schedule's times that has a run. Written on the side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Report {
    /// What it shows of its dashboard.
    pub fn viewer(&self) -> Viewer<'_> {
        Viewer {
            filters: &self.filters,
            time_range: self.time_range.as_ref(),
            timezone: self.timezone.as_ref(),
        }
    }

    /// The schedule, while it is in force.
    pub fn active_schedule(&self) -> Option<&Schedule> {
        self.schedule.as_ref().filter(|schedule| schedule.enabled)
    }

    /// In whose time its own times are told.
    pub fn zone(&self) -> ZoneName {
        let of_schedule = || self.schedule.as_ref().map(|schedule| schedule.timezone.clone());
        self.timezone.clone().or_else(of_schedule).unwrap_or_else(ZoneName::utc)
    }
}
