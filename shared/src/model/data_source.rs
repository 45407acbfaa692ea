//! What others know of a data source: that it is there.

use super::{DataSourceId, OrganizationId};
use crate::store::{Expect, Key, Write};

/// The collection in keys.
pub const COLLECTION: &str = "DATASOURCE";

/// One data source, in sentences.
pub const NOUN: &str = "data source";

/// Lets other writes through only if the data source is there.
pub fn check_present(organization: OrganizationId, id: DataSourceId) -> Write {
    Write::Check(Key::entity(organization, COLLECTION, id.into()), Expect::Present)
}
