//! Data sources as a collection.

use crate::base::{DataSourceId, OrganizationId};
use crate::model::data_source::{DataSource, DataSourceSummary};
use crate::store::{Collection, Expect, Filter, Key, Summary, Write};

impl Summary for DataSourceSummary {
    const COLLECTION: &'static str = "DATASOURCE";
}

impl Collection for DataSource {
    type Summary = DataSourceSummary;
    const NOUN: &'static str = "data source";
    /// A status and a type each: at most 64 KB of directory.
    const CAPACITY: u64 = 10_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        vec![Filter::new("status", self.status.as_str()), Filter::new("type", self.source_type.as_str())]
    }
}

/// Where a data source is.
pub fn key(organization: OrganizationId, id: DataSourceId) -> Key {
    Key::entity(organization, DataSourceSummary::COLLECTION, id.into())
}

/// Lets other writes through only if the data source is there.
pub fn check_present(organization: OrganizationId, id: DataSourceId) -> Write {
    Write::Check(key(organization, id), Expect::Present)
}
