//! What an organization stores: the data of its data sources as it is now, and the files of its reports.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::model::expiring::Expiring;
use crate::model::month::Day;

/// For how many days the file of a report is stored after the day on which it was made: S3 removes it at the next midnight in UTC
/// (`ExpireReports` in `template.yaml`).
const REPORT_DAYS: i32 = 91;

/// How many bytes are stored, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storage {
    /// Of the current versions of data.
    data: u64,
    /// Of the files of reports, by when they go.
    reports: Expiring,
}

impl Storage {
    /// All that is stored, in bytes.
    pub fn used(&self, now: Timestamp) -> u64 {
        self.data.saturating_add(self.reports.sum(now))
    }

    /// What is stored beside `bytes` of a data source's data.
    pub fn used_beside(&self, bytes: u64, now: Timestamp) -> u64 {
        self.used(now).saturating_sub(bytes)
    }

    /// Puts so many bytes of data in the place of others.
    pub fn replace_data(&mut self, before: u64, after: u64) {
        self.data = self.data.saturating_sub(before).saturating_add(after);
    }

    /// Adds the file of a report that is made now.
    pub fn add_report(&mut self, bytes: u64, now: Timestamp) {
        self.reports.add(bytes, report_end(now), now);
    }

    /// Removes the file of a report that was made at that time.
    pub fn remove_report(&mut self, bytes: u64, made_at: Timestamp) {
        self.reports.remove(bytes, report_end(made_at));
    }
}

fn report_end(made_at: Timestamp) -> Timestamp {
    Day::of(made_at).plus_days(REPORT_DAYS).start()
}
