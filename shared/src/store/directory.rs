//! Which entities of a collection there are: the next id, the live ids, and the ids by value of each filterable
//! field, each set a Roaring bitmap, all in one item.
//!
//! DynamoDB can neither count nor skip: page 5,000 would cost reading what comes before it. With the directory, a
//! count is a popcount of an intersection and page N is a `select`: the same cost for every page, exact under filters.
//!
//! The price is the item's size, which each create and delete writes, in units of 1 KB. An id costs an eighth of a byte
//! per set where sets are dense, two bytes where they are sparse: 10,000 ids with one field of two values
//! are 15 KB, 100,000 are 33 KB. DynamoDB's limit is 400 KB; [`MAX_BYTES`] stays well inside it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use roaring::RoaringBitmap;

use crate::store::Expect;
use crate::store::StoreError;
use crate::store::item::{Item, VERSION};

/// The largest directory that is written.
pub const MAX_BYTES: usize = 350 * 1024;

const NEXT_ID: &str = "next_id";
const LIVE: &str = "live";

/// A field and one of its values: selects the entities that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The field's name.
    pub field: &'static str,
    /// The value.
    pub value: String,
}

impl Filter {
    /// Selects the entities whose `field` has this value.
    pub fn new(field: &'static str, value: impl fmt::Display) -> Self {
        Self { field, value: value.to_string() }
    }
}

/// The ids of a collection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directory {
    version: u64,
    last_id: u32,
    live: RoaringBitmap,
    by_value: BTreeMap<String, RoaringBitmap>,
}

impl Directory {
    /// What is at its key as long as nobody else writes it.
    pub(super) fn expect(&self) -> Expect {
        // There is no item before the first write.
        if self.version == 0 { Expect::Absent } else { Expect::Version(self.version) }
    }

    /// How many entities there are.
    pub fn len(&self) -> u64 {
        self.live.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// The entities that have all of the values, as their count and, in ascending order, the ids from `offset` on, at
    /// most `limit`.
    pub fn select(&self, filters: &[Filter], offset: u64, limit: usize) -> (u64, Vec<u64>) {
        let mut matching = std::borrow::Cow::Borrowed(&self.live);
        for filter in filters {
            match self.by_value.get(&attribute(filter)) {
                Some(ids) => *matching.to_mut() &= ids,
                None => return (0, Vec::new()),
            }
        }
        let first = u32::try_from(offset).ok().and_then(|offset| matching.select(offset));
        let ids = match first {
            None => Vec::new(),
            Some(first) => matching.range(first..).take(limit).map(u64::from).collect(),
        };
        (matching.len(), ids)
    }

    /// The entities that have the value.
    pub(super) fn with(&self, filter: &Filter) -> RoaringBitmap {
        self.by_value.get(&attribute(filter)).cloned().unwrap_or_default()
    }

    /// The values of a field that entities have, each with those entities.
    pub(super) fn values(&self, field: &str) -> impl Iterator<Item = (&str, &RoaringBitmap)> {
        self.by_value.iter().filter_map(move |(name, ids)| {
            let value = name.strip_prefix(field)?.strip_prefix('=')?;
            Some((value, ids))
        })
    }

    /// The id that was taken last; 0 if none was.
    pub fn last_id(&self) -> u64 {
        self.last_id.into()
    }

    /// Takes the next id. Ids are never reused, so a collection ends after 4,294,967,295 creates.
    pub(super) fn next_id(&mut self) -> Option<u64> {
        self.last_id = self.last_id.checked_add(1)?;
        Some(self.last_id.into())
    }

    /// Adds an entity, or changes its values.
    pub(super) fn insert(&mut self, id: u64, values: &[Filter]) {
        let Ok(id) = u32::try_from(id) else { return };
        self.remove_values(id);
        self.live.insert(id);
        for value in values {
            self.by_value.entry(attribute(value)).or_default().insert(id);
        }
    }

    /// Removes an entity.
    pub(super) fn remove(&mut self, id: u64) {
        let Ok(id) = u32::try_from(id) else { return };
        self.live.remove(id);
        self.remove_values(id);
    }

    fn remove_values(&mut self, id: u32) {
        self.by_value.retain(|_, ids| {
            ids.remove(id);
            !ids.is_empty()
        });
    }

    /// Reads a directory; a collection that never had an entity has none.
    pub fn from_item(item: Option<Item>) -> Result<Self, StoreError> {
        let Some(item) = item else { return Ok(Self::default()) };
        let mut directory = Self::default();
        for (name, value) in item {
            match (name.as_str(), value) {
                ("pk" | "sk", _) => {}
                (VERSION, AttributeValue::N(version)) => {
                    directory.version = version.parse().map_err(StoreError::unreadable)?;
                }
                (NEXT_ID, AttributeValue::N(next)) => {
                    let next: u32 = next.parse().map_err(StoreError::unreadable)?;
                    directory.last_id = next.saturating_sub(1);
                }
                (LIVE, AttributeValue::B(ids)) => directory.live = bitmap(&ids)?,
                (_, AttributeValue::B(ids)) => {
                    directory.by_value.insert(name, bitmap(&ids)?);
                }
                (name, _) => return Err(StoreError::unreadable(format!("{name} is no part of a directory"))),
            }
        }
        Ok(directory)
    }

    /// The item of the next version, or `None` if it would be larger than [`MAX_BYTES`].
    pub(super) fn to_item(&self) -> Result<Option<Item>, StoreError> {
        let mut item = Item::from([
            (VERSION.to_owned(), AttributeValue::N((self.version + 1).to_string())),
            (NEXT_ID.to_owned(), AttributeValue::N((u64::from(self.last_id) + 1).to_string())),
        ]);
        let mut size = 100;
        for (name, ids) in
            [(LIVE, &self.live)].into_iter().chain(self.by_value.iter().map(|(n, i)| (n.as_str(), i)))
        {
            let bytes = bytes(ids).map_err(StoreError::unreadable)?;
            size += name.len() + bytes.len();
            item.insert(name.to_owned(), AttributeValue::B(Blob::new(bytes)));
        }
        Ok((size <= MAX_BYTES).then_some(item))
    }
}

/// The attribute that holds the ids that have a value.
fn attribute(Filter { field, value }: &Filter) -> String {
    format!("{field}={value}")
}

fn bitmap(bytes: &Blob) -> Result<RoaringBitmap, StoreError> {
    RoaringBitmap::deserialize_from(bytes.as_ref()).map_err(StoreError::unreadable)
}

fn bytes(ids: &RoaringBitmap) -> io::Result<Vec<u8>> {
    let mut optimized = ids.clone();
    optimized.optimize();
    let mut bytes = Vec::with_capacity(optimized.serialized_size());
    optimized.serialize_into(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(value: &str) -> Filter {
        Filter::new("status", value)
    }

    fn filled(count: u64) -> Directory {
        let mut directory = Directory::default();
        for _ in 0..count {
            let id = directory.next_id().unwrap();
            directory.insert(id, &[status(if id.is_multiple_of(3) { "paused" } else { "active" })]);
        }
        directory
    }

    #[test]
    fn ids_count_from_one_and_are_never_reused() {
        let mut directory = Directory::default();
        assert_eq!(directory.next_id(), Some(1));
        directory.insert(1, &[]);
        directory.remove(1);
        let mut directory = Directory::from_item(directory.to_item().unwrap()).unwrap();
        assert_eq!(directory.next_id(), Some(2));
    }

    #[test]
    fn counts_and_pages_are_exact_under_filters() {
        let directory = filled(10);
        assert_eq!(directory.select(&[], 0, 3), (10, vec![1, 2, 3]));
        assert_eq!(directory.select(&[], 9, 3), (10, vec![10]));
        assert_eq!(directory.select(&[], 10, 3), (10, vec![]));
        assert_eq!(directory.select(&[status("paused")], 1, 5), (3, vec![6, 9]));
        assert_eq!(directory.select(&[status("error")], 0, 5), (0, vec![]));
        assert_eq!(directory.select(&[status("paused"), Filter::new("type", "x")], 0, 5), (0, vec![]));
        assert_eq!(directory.select(&[], u64::MAX, 5), (10, vec![]));
    }

    #[test]
    fn a_changed_value_leaves_the_old_one() {
        let mut directory = filled(3);
        directory.insert(3, &[status("active")]);
        assert_eq!(directory.select(&[status("paused")], 0, 5).0, 0);
        assert_eq!(directory.select(&[status("active")], 0, 5).1, [1, 2, 3]);
    }

    #[test]
    fn it_survives_its_item() {
        let directory = filled(1000);
        let restored = Directory::from_item(directory.to_item().unwrap()).unwrap();
        assert_eq!(restored, Directory { version: 1, ..directory });
    }

    #[test]
    fn it_stays_small_and_refuses_to_outgrow_an_item() {
        let size = |directory: &Directory| -> usize {
            let item = directory.to_item().unwrap().unwrap();
            item.values().filter_map(|value| value.as_b().ok()).map(|blob| blob.as_ref().len()).sum()
        };
        assert!(size(&filled(10_000)) < 16_000, "{}", size(&filled(10_000)));
        assert!(size(&filled(100_000)) < 34_000, "{}", size(&filled(100_000)));

        let mut sparse = Directory::default();
        for id in (0..u64::from(u32::MAX)).step_by(100_000) {
            sparse.insert(id, &[]);
        }
        assert_eq!(sparse.to_item().unwrap(), None);
    }
}
