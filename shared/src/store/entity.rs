//! What is kept in collections.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::Timestamp;
use crate::store::{Directory, Filter, Item, StoreError};

/// An entity as lists show it.
pub trait Summary: DeserializeOwned {
    /// What the sort keys of the collection's entities, and the name of its directory, begin with.
    const COLLECTION: &'static str;
    /// What the sort keys of summaries begin with: as those of entities, unless summaries are items of their own.
    const SORT_KEY: &'static str = Self::COLLECTION;
}

/// An entity that is kept in a collection.
pub trait Collection: Serialize + DeserializeOwned {
    /// What lists show of it.
    type Summary: Summary;
    /// One entity, in sentences.
    const NOUN: &'static str;
    /// How many there may be in an organization, so that the directory stays within its item.
    const CAPACITY: u64;

    /// The entity's id.
    fn id(&self) -> u64;

    /// The values that lists can be filtered by, and whatever else the directory is to tell of all entities.
    fn filters(&self) -> Vec<Filter>;

    /// The entity's summary, where summaries are items of their own.
    fn summary(&self) -> Result<Option<Item>, StoreError> {
        Ok(None)
    }

    /// Counts changes that a version does not: those written on the side.
    fn side_changes(&self) -> u64 {
        0
    }

    /// The entities that have ended: a create removes them. Some of them, if there are many.
    fn ended(_directory: &Directory, _now: Timestamp) -> Vec<u64> {
        Vec::new()
    }

    /// Why there is no room for this entity beside those in the directory, in a sentence for its sender.
    fn refusal(&self, directory: &Directory, _now: Timestamp) -> Option<String> {
        (directory.len() >= Self::CAPACITY).then(|| {
            format!("An organization may have {} {}s: delete one to make room.", Self::CAPACITY, Self::NOUN)
        })
    }
}
