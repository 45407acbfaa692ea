//! An entity with the number of its version, and the writes that change that version and no other.

use std::collections::HashMap;

use crate::http::Tag;
use crate::store::item::{self, Item, VERSION};
use crate::store::{Collection, Expect, Key, Parent, StoreError, Summary, Write};

/// An entity, and how many changes it has seen.
#[derive(Clone, Debug)]
pub struct Versioned<E> {
    /// The entity.
    pub entity: E,
    /// The number of its version, from 1.
    pub version: u64,
}

impl<E> Versioned<E> {
    /// The first version of an entity.
    pub fn first(entity: E) -> Self {
        Self { entity, version: 1 }
    }

    /// The next version, with this in its place.
    pub fn next(&self, entity: E) -> Self {
        Self { entity, version: self.version + 1 }
    }
}

impl<E: Collection> Versioned<E> {
    /// The tag that clients know this version by.
    pub fn tag(&self) -> Tag {
        Tag { version: self.version, side_changes: self.entity.side_changes() }
    }

    /// Reads it from its item.
    pub fn read(item: Item) -> Result<Self, StoreError> {
        let version = item.get(VERSION).and_then(|version| version.as_n().ok()?.parse().ok());
        let version = version.ok_or_else(|| StoreError::unreadable("an entity without a version"))?;
        Ok(Self { entity: item::read(item)?, version })
    }

    fn item(&self) -> Result<Item, StoreError> {
        let mut item = item::item(&self.entity)?;
        item.insert(VERSION.to_owned(), item::attribute(self.version)?);
        Ok(item)
    }

    fn key(&self, parent: &Parent) -> Key {
        entity_key::<E>(parent, self.entity.id())
    }

    fn summary_key(&self, parent: &Parent) -> Key {
        Key::entity(parent, E::Summary::SORT_KEY, self.entity.id())
    }

    /// The writes that put it where nothing is.
    pub(super) fn put(&self, parent: &Parent) -> Result<Vec<Write>, StoreError> {
        let mut writes = vec![Write::Put(self.key(parent), self.item()?, Expect::Absent)];
        let summary = self.entity.summary()?;
        writes.extend(summary.map(|item| Write::Put(self.summary_key(parent), item, Expect::Absent)));
        Ok(writes)
    }

    /// The writes that put `after` in its place, if it has not been changed or deleted.
    pub fn replace(&self, parent: &Parent, after: &Self) -> Result<Vec<Write>, StoreError> {
        let (set, remove) = difference(&self.item()?, after.item()?);
        let key = self.key(parent);
        let mut writes = vec![Write::Update { key, set, remove, expect: Expect::Version(self.version) }];
        let summary = after.entity.summary()?;
        writes.extend(summary.map(|item| Write::Put(self.summary_key(parent), item, Expect::Present)));
        Ok(writes)
    }

    /// Lets other writes through only if it has not been changed or deleted.
    pub fn check_unchanged(&self, parent: impl Into<Parent>) -> Write {
        Write::Check(self.key(&parent.into()), Expect::Version(self.version))
    }

    /// The writes that remove it.
    pub(super) fn delete(&self, parent: &Parent) -> Result<Vec<Write>, StoreError> {
        let mut writes = vec![Write::Delete(self.key(parent), Expect::Version(self.version))];
        let summary = self.entity.summary()?;
        writes.extend(summary.map(|_| Write::Delete(self.summary_key(parent), Expect::Present)));
        Ok(writes)
    }
}

/// Where an entity is.
pub fn entity_key<E: Collection>(parent: impl Into<Parent>, id: u64) -> Key {
    Key::entity(parent, E::Summary::COLLECTION, id)
}

/// What to set and to remove to get from one item to the other. Attributes that neither has are left alone, so that
/// what is written on the side, such as a key's last use, is not undone.
fn difference(before: &Item, after: Item) -> (Item, Vec<String>) {
    let remove = before.keys().filter(|name| !after.contains_key(*name)).cloned().collect();
    let set: HashMap<_, _> =
        after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect();
    (set, remove)
}
