//! An attempt to do an import, and what comes of it.

use shared::base::OrganizationId;
use shared::model::import::Attempt;
use shared::model::{DataSource, Import};

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was nothing to do, for this reason.
    Nothing(&'static str),
    /// Another attempt has claimed the import meanwhile, and needs its file.
    TakenOver,
    /// The file is not fit to be imported.
    Failed {
        /// How large it is.
        bytes: u64,
    },
    /// Its tables are in place.
    Done {
        /// How many rows they have.
        rows: u64,
        /// How large the file is.
        bytes: u64,
    },
}

/// An attempt to do an import.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    /// Whose it is.
    pub(crate) organization: OrganizationId,
    /// The data source, as it was when the attempt began.
    pub(crate) source: DataSource,
    /// The import, claimed.
    pub(crate) import: Import,
    /// The attempt.
    pub(crate) attempt: Attempt,
}

impl Work {
    /// Names what the attempt writes.
    pub(crate) fn version(&self) -> String {
        format!("{}-{}", self.import.id, self.attempt.id)
    }
}
