//! Data sources as a collection.

use secrecy::SecretString;

use crate::base::{DataSourceId, Error, OrganizationId, Timestamp};
use crate::model::data_source::{DataSource, DataSourceSummary, connection};
use crate::store::item::attribute;
use crate::store::{Collection, Expect, Filter, Item, Key, Secrets, StoreError, Summary, Write};

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

/// A secret of a data source's connection, opened, if it is set.
pub async fn secret(
    secrets: &Secrets,
    organization: OrganizationId,
    source: &DataSource,
    name: &str,
) -> Result<Option<SecretString>, Error> {
    let Some(sealed) = &source.secrets else { return Ok(None) };
    let text = secrets.open(sealed, &connection::context(organization, source.id)).await?;
    Ok(connection::parse_secrets(&text)?.remove(name))
}

/// Tells a data source which of its schedule's times had the last import, if the data source is there. It is no change of it.
pub fn note_refreshed_for(
    organization: OrganizationId,
    id: DataSourceId,
    time: Timestamp,
) -> Result<Write, StoreError> {
    Ok(Write::Update {
        key: key(organization, id),
        set: Item::from([("refreshed_for".to_owned(), attribute(time)?)]),
        remove: Vec::new(),
        expect: Expect::Present,
    })
}

/// Lets other writes through only if the data source is there.
pub fn check_present(organization: OrganizationId, id: DataSourceId) -> Write {
    Write::Check(key(organization, id), Expect::Present)
}
