//! Imports as collections, one within each data source.

use crate::base::{DataSourceId, OrganizationId, Timestamp};
use crate::model::{DataSource, Import};
use crate::store::{Collection, Directory, Filter, Parent, Summary, collection};

/// How many imports of a data source are kept: a create removes those before them.
pub const KEPT: u64 = 100;

/// How many a create removes: a transaction takes 100 writes.
const REMOVED_AT_ONCE: u64 = 20;

impl Summary for Import {
    const COLLECTION: &'static str = "IMPORT";
}

impl Collection for Import {
    type Summary = Self;
    const NOUN: &'static str = "import";
    /// More than are ever kept.
    const CAPACITY: u64 = 10 * KEPT;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        Vec::new()
    }

    fn ended(directory: &Directory, _now: Timestamp) -> Vec<u64> {
        // Room for the one that is being made.
        let too_many = (directory.len() + 1).saturating_sub(KEPT).min(REMOVED_AT_ONCE);
        let too_many = usize::try_from(too_many).unwrap_or(usize::MAX);
        directory.select(&[], 0, too_many).1
    }
}

/// What the imports of a data source belong to.
pub fn of(organization: OrganizationId, data_source: DataSourceId) -> Parent {
    collection::parent_of::<DataSource>(organization, data_source.into())
}
