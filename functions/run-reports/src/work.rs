//! An attempt at a run, and what comes of it.

use shared::base::OrganizationId;
use shared::model::import::Attempt;
use shared::model::{Report, Run};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was nothing to do, for this reason.
    Nothing(&'static str),
    /// Its file was made.
    Done {
        /// How many rows are in it.
        rows: u64,
        /// How large it is.
        bytes: u64,
    },
    /// It has failed, which is written down.
    Failed,
    /// Its file was there; mails were sent.
    Delivered,
}

/// An attempt at a run.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    /// Whose it is.
    pub(crate) organization: OrganizationId,
    /// The report, as it was when the attempt began.
    pub(crate) report: Report,
    /// The run, claimed.
    pub(crate) run: Run,
    /// The attempt.
    pub(crate) attempt: Attempt,
}
