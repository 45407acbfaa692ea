//! What an organization has used on a day.

use serde::{Deserialize, Serialize};

use crate::model::month::Month;

/// How many months are told: the current one and the twelve before.
pub const KEPT_MONTHS: i64 = 13;

/// Counts, of a day or of what is not written yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Requests that were admitted.
    pub requests: u64,
    /// Queries that were answered.
    pub queries: u64,
    /// Those of them whose answer was there already.
    pub cached: u64,
    /// Rows that queries went through.
    pub rows_scanned: u64,
    /// Bytes of the columns that queries went through.
    pub bytes_scanned: u64,
    /// Imports that ended, done or failed.
    pub imports: u64,
    /// Runs of reports that ended, done or failed.
    pub report_runs: u64,
    /// AI credits that were spent.
    pub credits: u64,
}

impl Counts {
    /// Each count with its name, as it is stored.
    pub fn named(&self) -> [(&'static str, u64); 8] {
        [
            ("requests", self.requests),
            ("queries", self.queries),
            ("cached", self.cached),
            ("rows_scanned", self.rows_scanned),
            ("bytes_scanned", self.bytes_scanned),
            ("imports", self.imports),
            ("report_runs", self.report_runs),
            ("credits", self.credits),
        ]
    }

    /// The sum of all.
    pub fn total<'a>(counts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut total = Self::default();
        for counts in counts {
            total.add(counts);
        }
        total
    }

    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.queries += other.queries;
        self.cached += other.cached;
        self.rows_scanned += other.rows_scanned;
        self.bytes_scanned += other.bytes_scanned;
        self.imports += other.imports;
        self.report_runs += other.report_runs;
        self.credits += other.credits;
    }
}

/// Whether a month can be told while it is that one.
pub fn is_told(month: Month, current: Month) -> bool {
    (first_told(current)..=current).contains(&month)
}

/// The first month that is told.
pub fn first_told(current: Month) -> Month {
    current.plus_months(1 - KEPT_MONTHS)
}
