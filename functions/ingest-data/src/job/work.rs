//! An attempt to do an import, and what comes of it.

use shared::base::{DataSourceId, ImportId, OrganizationId};
use shared::model::import::Attempt;
use shared::model::{DataSource, Import};

/// Where an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImportPlace {
    /// Whose it is.
    pub(crate) organization: OrganizationId,
    /// The data source that it is for.
    pub(crate) data_source: DataSourceId,
    /// The import.
    pub(crate) import: ImportId,
}

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was nothing to do, for this reason.
    Nothing(&'static str),
    /// Another attempt has claimed the import meanwhile, and does it.
    TakenOver,
    /// What is there is not fit to be imported, or cannot be reached.
    Failed {
        /// How much was to be read.
        bytes: u64,
    },
    /// Its tables are in place.
    Done {
        /// How many rows they have.
        rows: u64,
        /// How much was read.
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
