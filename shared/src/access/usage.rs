//! What an instance has seen being used and has not written yet: by API keys, and by organizations on each day.

use crate::access::api_key::Location;
use crate::access::tally::{Count, Tally};
use crate::base::{OrganizationId, Timestamp};
use crate::model::{ApiKey, Counts, Day};
use crate::store::{AddError, Key, Store, Summary as _};

/// What was used and is not written yet.
#[derive(Debug, Default)]
pub struct Usage {
    keys: Tally<KeyUses>,
    organizations: Tally<Counts>,
}

impl Usage {
    /// Counts a use of an admitted key.
    pub(super) fn count_key(&self, key: Location, now: Timestamp) {
        self.keys.add(key, KeyUses { uses: 1, last_used_at: now });
    }

    /// Counts what an organization has used now.
    pub fn count(&self, organization: OrganizationId, counts: Counts, now: Timestamp) {
        self.organizations.add((organization, Day::of(now)), counts);
    }

    /// Writes what has waited for a minute; a part, if that is much.
    pub async fn write_due(&self, store: &Store, now: Timestamp) {
        tokio::join!(self.keys.write_due(store, now), self.organizations.write_due(store, now));
    }

    /// Writes all, before a process ends or is put to sleep.
    pub async fn write_all(&self, store: &Store, now: Timestamp) {
        tokio::join!(self.keys.write_all(store, now), self.organizations.write_all(store, now));
    }
}

#[derive(Clone, Copy, Debug)]
struct KeyUses {
    uses: u64,
    last_used_at: Timestamp,
}

impl Count for KeyUses {
    type Name = Location;
    const NOUN: &'static str = "uses of a key";

    fn add(&mut self, other: Self) {
        self.uses += other.uses;
        self.last_used_at = self.last_used_at.max(other.last_used_at);
    }

    async fn write(self, store: &Store, key: Location) -> Result<(), AddError> {
        let key = Key::entity(key.organization, ApiKey::COLLECTION, key.id.into());
        store.add_key_uses(key, self.uses, self.last_used_at).await
    }
}

impl Count for Counts {
    type Name = (OrganizationId, Day);
    const NOUN: &'static str = "counts of an organization";

    fn add(&mut self, other: Self) {
        Counts::add(self, &other);
    }

    async fn write(self, store: &Store, (organization, day): (OrganizationId, Day)) -> Result<(), AddError> {
        store.add_usage(organization, day, &self).await
    }
}
