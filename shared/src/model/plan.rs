//! Plans: what an organization may have, as a table.
//!
//! What is beyond a plan is refused by the write that would make it: what it was decided by is a condition of that write. So requests that
//! race do not get past a limit together.

use std::fmt;

use crate::base::{Code, Error};
use crate::string_enum;

string_enum! {
    /// What an organization pays for.
    #[expect(missing_docs, reason = "the plans are named, not explained, by the API")]
    pub enum Plan {
        Trial = "trial",
        Starter = "starter",
        Professional = "professional",
        Enterprise = "enterprise",
        Unlimited = "unlimited",
    }
}

/// What a plan allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How large a file may be, in bytes.
    pub file_bytes: u64,
    /// How much may be stored, in bytes: the data of data sources and the files of reports. `None` for as much as there is.
    pub storage_bytes: Option<u64>,
    /// How many data sources there may be.
    pub data_sources: u64,
    /// How many users may be active.
    pub users: u64,
    /// How many AI credits there are each month. `None` for as many as the operator gives.
    pub credits_a_month: Option<u64>,
}

const MB: u64 = 1_000_000;
const GB: u64 = 1_000 * MB;

impl Plan {
    /// Every plan, the smallest first.
    pub const ALL: [Plan; 5] =
        [Plan::Trial, Plan::Starter, Plan::Professional, Plan::Enterprise, Plan::Unlimited];

    /// What it allows. 5 GB is what S3 takes in one piece
    /// ([PutObject](https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html)).
    pub const fn limits(self) -> Limits {
        let (file_bytes, storage_bytes, data_sources, users, credits_a_month) = match self {
            Self::Trial => (10 * MB, Some(GB), 5, 1, Some(50)),
            Self::Starter => (10 * MB, Some(5 * GB), 10, 3, Some(500)),
            Self::Professional => (100 * MB, Some(10 * GB), 15, 15, Some(1_500)),
            Self::Enterprise => (GB, Some(100 * GB), 25, 100, Some(5_000)),
            Self::Unlimited => (5 * GB, None, 10_000, 10_000, None),
        };
        Limits { file_bytes, storage_bytes, data_sources, users, credits_a_month }
    }

    /// Refuses a file of so many bytes, if it is larger than the plan allows.
    pub fn check_file(self, bytes: u64) -> Result<(), PlanLimit> {
        let limit = self.limits().file_bytes;
        if bytes <= limit {
            return Ok(());
        }
        Err(self.reached(format_args!(
            "The file has {bytes} bytes; the plan {} allows {limit} bytes a file. Send it in parts",
            self.as_str()
        )))
    }

    /// Refuses one data source more than the `count` that there are, if the plan allows no more.
    pub fn check_data_sources(self, count: u64) -> Result<(), PlanLimit> {
        let limit = self.limits().data_sources;
        if count < limit {
            return Ok(());
        }
        Err(self.reached(format_args!(
            "The plan {} allows {limit} data sources, and there are {count}. Delete one",
            self.as_str()
        )))
    }

    /// Refuses one active user more than the `count` that there are, if the plan allows no more.
    pub fn check_users(self, count: u64) -> Result<(), PlanLimit> {
        let limit = self.limits().users;
        if count < limit {
            return Ok(());
        }
        let noun = if limit == 1 { "user" } else { "users" };
        Err(self.reached(format_args!(
            "The plan {} allows {limit} active {noun}, and there are {count}. Deactivate one",
            self.as_str()
        )))
    }

    /// Refuses to store so many bytes beside the `used` ones, if the plan does not allow that.
    pub fn check_storage(self, used: u64, bytes: u64) -> Result<(), PlanLimit> {
        match self.limits().storage_bytes {
            Some(limit) if bytes > limit.saturating_sub(used) => Err(self.reached(format_args!(
                "The plan {} allows {limit} bytes of storage, and {used} are used; this takes {bytes} more. Delete data sources or \
                 reports",
                self.as_str()
            ))),
            _ => Ok(()),
        }
    }

    fn reached(self, what: fmt::Arguments<'_>) -> PlanLimit {
        let larger = if self == Self::Unlimited { "" } else { ", or ask for a larger plan" };
        PlanLimit(format!("{what}{larger}."))
    }
}

/// That a plan does not allow something: what it allows, what there is and what would help, in sentences for who asks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlanLimit(String);

impl PlanLimit {
    /// The reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl From<PlanLimit> for Error {
    fn from(PlanLimit(reason): PlanLimit) -> Self {
        Self::new(Code::PlanLimitReached, reason)
    }
}
