//! Collections of an organization's entities, counted exactly and paged in constant time.
//!
//! A create, a delete and a change of a filterable field write the entity and the [directory](super::directory) in one
//! transaction, conditioned on the directory's version: whatever fails, every entity is in its directory and nothing
//! else is. Writers that get in each other's way try again, with jitter, within [`WRITE_DEADLINE`].

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::directory::{Directory, Filter};
use super::table::{self, Item, VERSION};
use super::{Key, Store, StoreError, Write};
use crate::error::{Code, Error};
use crate::model::OrganizationId;

/// How long a write tries to get past others.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(3);

const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// An entity that is kept in a collection.
pub trait Collection: Serialize + DeserializeOwned + Clone {
    /// The collection in keys.
    const NAME: &'static str;
    /// One entity, in sentences.
    const NOUN: &'static str;
    /// How many there may be in an organization, so that the directory stays within its item.
    const CAPACITY: u64;

    /// The entity's id.
    fn id(&self) -> u64;

    /// The values that lists can be filtered by, one per filterable field.
    fn filters(&self) -> Vec<Filter>;
}

/// An entity, and how many changes it has seen.
#[derive(Clone, Debug)]
pub struct Versioned<E> {
    /// The entity.
    pub entity: E,
    version: u64,
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
    /// The entity is not there.
    #[error("no {noun} {id}")]
    Missing {
        /// One entity, in sentences.
        noun: &'static str,
        /// The id asked for.
        id: u64,
    },
    /// Others kept getting in between until the deadline.
    #[error("other writes kept getting in between")]
    Contended,
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CollectionError> for Error {
    fn from(error: CollectionError) -> Self {
        match error {
            CollectionError::Full { noun, capacity } => Error::new(
                Code::Conflict,
                format!("An organization may have {capacity} {noun}s: delete one to make room."),
            ),
            CollectionError::Missing { noun, id } => not_found(noun, id),
            CollectionError::Contended => Error::unavailable(error),
            CollectionError::Store(error) => error.into(),
        }
    }
}

/// The 404 for an id that is not there.
pub fn not_found(noun: &str, id: u64) -> Error {
    Error::new(Code::NotFound, format!("No {noun} with ID {id} was found."))
}

/// The directory of a collection.
pub async fn directory<E: Collection>(
    store: &Store,
    organization: OrganizationId,
) -> Result<Directory, StoreError> {
    Directory::from_item(store.get_item(Key::directory(organization, E::NAME)).await?)
}

/// The entities of these ids, in their order; those that are gone meanwhile are left out. At most 100.
pub async fn rows<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    ids: &[u64],
) -> Result<Vec<E>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = ids.iter().map(|id| Key::entity(organization, E::NAME, *id)).collect();
    let items = store.get_many(&keys).await?;
    items.into_iter().flatten().map(table::read).collect()
}

/// The entity of that id.
pub async fn find<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    id: u64,
) -> Result<Option<Versioned<E>>, StoreError> {
    store.get_item(Key::entity(organization, E::NAME, id)).await?.map(Versioned::read).transpose()
}

/// Adds the entity that `build` makes for the next id, along with the writes that go with it.
pub async fn create<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    mut build: impl FnMut(u64) -> Result<(E, Vec<Write>), StoreError>,
) -> Result<E, CollectionError> {
    let mut patience = Patience::new();
    loop {
        let mut directory = directory::<E>(store, organization).await?;
        if directory.len() >= E::CAPACITY {
            return Err(full::<E>());
        }
        let id = directory.next_id().ok_or_else(full::<E>)?;
        let (entity, others) = build(id)?;
        directory.insert(id, &entity.filters());
        let directory = write_directory::<E>(organization, &directory)?.ok_or_else(full::<E>)?;

        let mut writes =
            vec![directory, Write::Create(Key::entity(organization, E::NAME, id), versioned(&entity, 1)?)];
        writes.extend(others);
        if patience.done(store.transact(writes).await, &[0]).await?.is_some() {
            return Ok(entity);
        }
    }
}

/// What to do with an entity.
#[derive(Debug)]
pub enum Change<E> {
    /// Leave it as it is.
    Keep,
    /// Put this in its place.
    Replace(E),
    /// Delete it.
    Delete,
}

/// Reads an entity, asks `change` what to do with it, and does that to what was read or to nothing: when another write
/// gets in between, asks again. Returns the entity as `change` left it, or as it was when deleted.
pub async fn modify<E: Collection>(
    store: &Store,
    organization: OrganizationId,
    id: u64,
    mut change: impl FnMut(&E) -> Result<Change<E>, Error>,
) -> Result<E, Error> {
    let mut patience = Patience::new();
    loop {
        let found = find::<E>(store, organization, id).await?;
        let before = found.ok_or(CollectionError::Missing { noun: E::NOUN, id })?;
        let (write, directory, after) = match change(&before.entity)? {
            Change::Keep => return Ok(before.entity),
            Change::Delete => {
                let mut directory = directory::<E>(store, organization).await?;
                directory.remove(id);
                (before.delete(organization), Some(directory), before.entity)
            }
            Change::Replace(after) => {
                let values = after.filters();
                let directory = if values == before.entity.filters() {
                    None
                } else {
                    let mut directory = directory::<E>(store, organization).await?;
                    directory.insert(id, &values);
                    Some(directory)
                };
                (before.replace(organization, &after)?, directory, after)
            }
        };
        let mut writes = vec![write];
        if let Some(directory) = directory {
            writes.push(write_directory::<E>(organization, &directory)?.ok_or_else(full::<E>)?);
        }
        if patience.done(store.transact(writes).await, &[0, 1]).await?.is_some() {
            return Ok(after);
        }
    }
}

fn full<E: Collection>() -> CollectionError {
    CollectionError::Full { noun: E::NOUN, capacity: E::CAPACITY }
}

impl<E: Collection> Versioned<E> {
    fn read(item: Item) -> Result<Self, StoreError> {
        let version = item.get(VERSION).and_then(|version| version.as_n().ok()?.parse().ok());
        let version = version.ok_or_else(|| StoreError::unreadable("an entity without a version"))?;
        Ok(Self { entity: table::read(item)?, version })
    }

    /// The write that puts `after` in its place.
    pub fn replace(&self, organization: OrganizationId, after: &E) -> Result<Write, StoreError> {
        let (set, remove) = difference(&table::item(&self.entity)?, versioned(after, self.version + 1)?);
        Ok(Write::Update { key: self.key(organization), set, remove, version: Some(self.version) })
    }

    fn delete(&self, organization: OrganizationId) -> Write {
        Write::Delete(self.key(organization), Some(self.version))
    }

    fn key(&self, organization: OrganizationId) -> Key {
        Key::entity(organization, E::NAME, self.entity.id())
    }
}

fn write_directory<E: Collection>(
    organization: OrganizationId,
    directory: &Directory,
) -> Result<Option<Write>, StoreError> {
    let key = Key::directory(organization, E::NAME);
    Ok(directory.to_item()?.map(|item| match directory.version() {
        0 => Write::Create(key, item),
        version => Write::Replace(key, item, version),
    }))
}

fn versioned<E: Collection>(entity: &E, version: u64) -> Result<Item, StoreError> {
    let mut item = table::item(entity)?;
    item.insert(VERSION.to_owned(), table::attribute(version)?);
    Ok(item)
}

/// What to set and to remove to get from one item to the other. Attributes that neither has are left alone, so that
/// what is written on the side, such as a key's last use, is not undone.
fn difference(before: &Item, after: Item) -> (Item, Vec<String>) {
    let remove = before.keys().filter(|name| !after.contains_key(*name)).cloned().collect();
    let set: HashMap<_, _> =
        after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect();
    (set, remove)
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
    /// writes `at` these positions is conditioned on.
    async fn done(
        &mut self,
        written: Result<(), StoreError>,
        at: &[usize],
    ) -> Result<Option<()>, CollectionError> {
        match written {
            Ok(()) => Ok(Some(())),
            Err(StoreError::Condition(failed)) if failed.iter().any(|position| at.contains(position)) => {
                self.wait().await
            }
            Err(StoreError::Conflict) => self.wait().await,
            Err(error) => Err(error.into()),
        }
    }

    async fn wait<T>(&mut self) -> Result<Option<T>, CollectionError> {
        let pause = self.pause.mul_f64(fastrand::f64());
        if Instant::now() + pause > self.until {
            return Err(CollectionError::Contended);
        }
        tokio::time::sleep(pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(None)
    }
}
