//! Collections of an organization's entities, counted exactly and paged in constant time.
//!
//! A create, a delete and a change of a filterable field write the entity and the [directory](super::directory) in one
//! transaction, conditioned on the directory's version: whatever fails, every entity is in its directory and nothing
//! else is. Writers that get in each other's way try again, with jitter, within [`WRITE_DEADLINE`].
//!
//! Lists read rows. Where entities are large, their rows are items of their own, written along.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::directory::{Directory, Filter, MAX_BYTES};
use super::table::{self, Item};
use super::versioned::{Versioned, entity_key};
use super::{GetItem, Key, Store, StoreError, Write};
use crate::error::{Code, Error};
use crate::model::OrganizationId;

/// How long a write tries to get past others.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(3);

const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// An entity as lists show it.
pub trait Row: DeserializeOwned {
    /// The collection in keys.
    const COLLECTION: &'static str;
    /// What rows are kept as in keys: the collection, where they are read off the entities themselves.
    const KEPT_AS: &'static str;
}

/// An entity that is kept in a collection.
pub trait Collection: Serialize + DeserializeOwned {
    /// What lists show of it.
    type Row: Row;
    /// One entity, in sentences.
    const NOUN: &'static str;
    /// How many there may be in an organization, so that the directory stays within its item.
    const CAPACITY: u64;

    /// The entity's id.
    fn id(&self) -> u64;

    /// The values that lists can be filtered by.
    fn filters(&self) -> Vec<Filter>;

    /// The entity's row, where rows are items of their own.
    fn row(&self) -> Result<Option<Item>, StoreError> {
        Ok(None)
    }

    /// Counts changes that a version does not: those written on the side.
    fn side_changes(&self) -> u64 {
        0
    }
}

/// Why a collection was not written.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// It has as many entities as it may have.
    #[error("a collection may have {capacity} of {noun}")]
    Full {
        /// One entity, in sentences.
        noun: &'static str,
        /// The most there may be.
        capacity: u64,
    },
    /// Its directory has no room for another value, although it might have for another entity.
    #[error("the directory of {noun}s is full")]
    DirectoryFull {
        /// One entity, in sentences.
        noun: &'static str,
    },
    /// The entity is not there.
    #[error("no {noun} {id}")]
    Missing {
        /// One entity, in sentences.
        noun: &'static str,
        /// The id asked for.
        id: u64,
    },
    /// The conditions of writes that were to go along do not hold: their positions among those.
    #[error("conditions of writes {0:?} that went along do not hold")]
    Unmet(Vec<usize>),
    /// Others kept getting in between until the deadline.
    #[error("other writes kept getting in between")]
    Contended,
    /// The caller said no.
    #[error("refused")]
    Refused(Error),
    /// The store failed; nothing was written, as far as it tells.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Error> for CollectionError {
    fn from(refusal: Error) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CollectionError> for Error {
    fn from(error: CollectionError) -> Self {
        match error {
            CollectionError::Full { noun, capacity } => Error::new(
                Code::Conflict,
                format!("An organization may have {capacity} {noun}s: delete one to make room."),
            ),
            CollectionError::DirectoryFull { noun } => Error::new(
                Code::Conflict,
                format!(
                    "The index of the organization's {noun}s has reached its {} KB: delete some to make room.",
                    MAX_BYTES / 1024
                ),
            ),
            CollectionError::Missing { noun, id } => not_found(noun, id),
            CollectionError::Unmet(_) => {
                Error::new(Code::Conflict, "Another request changed what this one relies on: read it again.")
                    .caused_by(error)
            }
            CollectionError::Contended => Error::unavailable(error),
            CollectionError::Refused(refusal) => refusal,
            CollectionError::Store(error) => error.into(),
        }
    }
}

/// The 404 for an id that is not there.
pub fn not_found(noun: &str, id: u64) -> Error {
    Error::new(Code::NotFound, format!("No {noun} with ID {id} was found."))
}

/// The directory of the collection that the rows are of.
pub async fn directory<R: Row>(
    from: &impl GetItem,
    organization: OrganizationId,
) -> Result<Directory, StoreError> {
    Directory::from_item(from.get_item(Key::directory(organization, R::COLLECTION)).await?)
}

/// The rows of these ids, in their order; those that are gone meanwhile are left out. At most 100.
pub async fn rows<R: Row>(
    store: &Store,
    organization: OrganizationId,
    ids: &[u64],
) -> Result<Vec<R>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = ids.iter().map(|id| Key::entity(organization, R::KEPT_AS, *id)).collect();
    let items = store.get_many(&keys).await?;
    items.into_iter().flatten().map(table::read).collect()
}

/// The entity of that id, or the 404.
pub async fn get<E: Collection>(
    from: &impl GetItem,
    organization: OrganizationId,
    id: u64,
) -> Result<Versioned<E>, CollectionError> {
    let item = from.get_item(entity_key::<E>(organization, id)).await?;
    Versioned::read(item.ok_or(CollectionError::Missing { noun: E::NOUN, id })?)
        .map_err(CollectionError::from)
}

/// Adds the entity that `build` makes for the next id, along with other writes.
pub async fn create<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    mut build: impl FnMut(u64) -> Result<(E, Vec<Write>), CollectionError>,
) -> Result<Versioned<E>, CollectionError> {
    create_reading(store, organization, &[], |id, _| build(id)).await
}

/// Adds the entity that `build` makes for the next id of the one of id `from`, along with other writes.
pub async fn create_from<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    from: u64,
    mut build: impl FnMut(u64, Versioned<E>) -> Result<(E, Vec<Write>), CollectionError>,
) -> Result<Versioned<E>, CollectionError> {
    let keys = [entity_key::<E>(organization, from)];
    create_reading(store, organization, &keys, |id, items| {
        let original = items.into_iter().next().flatten().map(Versioned::read).transpose()?;
        build(id, original.ok_or(CollectionError::Missing { noun: E::NOUN, id: from })?)
    })
    .await
}

/// Reads the directory and, in the same round trip, the items at the keys `also`, for `build` to go by.
async fn create_reading<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    also: &[Key],
    mut build: impl FnMut(u64, Vec<Option<Item>>) -> Result<(E, Vec<Write>), CollectionError>,
) -> Result<Versioned<E>, CollectionError> {
    let mut keys = vec![Key::directory(organization, E::Row::COLLECTION)];
    keys.extend_from_slice(also);
    let mut patience = Patience::new();
    loop {
        let mut items = store.get_many(&keys).await?.into_iter();
        let mut directory = Directory::from_item(items.next().flatten())?;
        let full = CollectionError::Full { noun: E::NOUN, capacity: E::CAPACITY };
        if directory.len() >= E::CAPACITY {
            return Err(full);
        }
        let Some(id) = directory.next_id() else { return Err(full) };
        let (entity, others) = build(id, items.collect())?;
        directory.insert(id, &entity.filters());
        let created = Versioned::first(entity);
        let mut writes = vec![write_directory::<E>(organization, &directory)?];
        writes.extend(created.puts(organization)?);
        let own = writes.len();
        writes.extend(others);
        if patience.done(store.transact(writes).await, own).await?.is_some() {
            return Ok(created);
        }
    }
}

/// What to do with an entity, along with other writes.
#[derive(Debug)]
pub enum Change<E> {
    /// Leave it as it is.
    Keep,
    /// Put this in its place.
    Replace(E, Vec<Write>),
    /// Delete it.
    Delete(Vec<Write>),
}

/// Reads an entity, asks `change` what to do with it, and does that to what was read or to nothing: when another write
/// gets in between, asks again. Returns the entity as it then is, or as it was when deleted.
///
/// `change` is also given the items at the keys `also`, read in the same round trip.
pub async fn modify<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    id: u64,
    also: &[Key],
    mut change: impl FnMut(&Versioned<E>, Vec<Option<Item>>) -> Result<Change<E>, CollectionError>,
) -> Result<Versioned<E>, CollectionError> {
    let mut keys = vec![entity_key::<E>(organization, id), Key::directory(organization, E::Row::COLLECTION)];
    keys.extend_from_slice(also);
    let mut patience = Patience::new();
    loop {
        let mut items = store.get_many(&keys).await?.into_iter();
        let before = items.next().flatten().map(Versioned::<E>::read).transpose()?;
        let before = before.ok_or(CollectionError::Missing { noun: E::NOUN, id })?;
        let mut directory = Directory::from_item(items.next().flatten())?;

        let (mut writes, others, after) = match change(&before, items.collect())? {
            Change::Keep => return Ok(before),
            Change::Delete(others) => {
                directory.remove(id);
                let mut writes = before.deletes(organization)?;
                writes.push(write_directory::<E>(organization, &directory)?);
                (writes, others, before)
            }
            Change::Replace(entity, others) => {
                let values = entity.filters();
                let moved = values != before.entity.filters();
                let after = before.next(entity);
                let mut writes = before.replace(organization, &after)?;
                if moved {
                    directory.insert(id, &values);
                    writes.push(write_directory::<E>(organization, &directory)?);
                }
                (writes, others, after)
            }
        };
        let own = writes.len();
        writes.extend(others);
        if patience.done(store.transact(writes).await, own).await?.is_some() {
            return Ok(after);
        }
    }
}

/// Lets other writes through only if the collection of these rows is as `directory` says.
pub fn check_directory<R: Row>(organization: OrganizationId, directory: &Directory) -> Write {
    Write::Check(Key::directory(organization, R::COLLECTION), directory.expect())
}

fn write_directory<E: Collection>(
    organization: OrganizationId,
    directory: &Directory,
) -> Result<Write, CollectionError> {
    let item = directory.to_item()?.ok_or(CollectionError::DirectoryFull { noun: E::NOUN })?;
    Ok(Write::Put(Key::directory(organization, E::Row::COLLECTION), item, directory.expect()))
}

/// How long a writer goes on trying.
struct Patience {
    until: Instant,
    pause: Duration,
}

impl Patience {
    fn new() -> Self {
        Self { until: Instant::now() + WRITE_DEADLINE, pause: Duration::from_millis(2) }
    }

    /// `None`, after a pause, when the write is to be tried again: another got in between, or changed what one of the
    /// first `own` writes is conditioned on. Conditions of the others are for the caller to know about.
    async fn done(
        &mut self,
        written: Result<(), StoreError>,
        own: usize,
    ) -> Result<Option<()>, CollectionError> {
        match written {
            Ok(()) => return Ok(Some(())),
            Err(StoreError::Condition(failed)) => {
                let others: Vec<_> = failed.iter().filter_map(|position| position.checked_sub(own)).collect();
                if !others.is_empty() {
                    return Err(CollectionError::Unmet(others));
                }
            }
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        let pause = self.pause.mul_f64(fastrand::f64());
        if Instant::now() + pause > self.until {
            return Err(CollectionError::Contended);
        }
        tokio::time::sleep(pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(None)
    }
}
