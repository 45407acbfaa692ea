//! Collections of an organization's entities, counted exactly and paged in constant time.
//!
//! A create, a delete and a change of a filterable field write the entity and the [directory](super::directory) in one
//! transaction, conditioned on the directory's version: whatever fails, every entity is in its directory and nothing
//! else is. A writer that lost a race to another reads again and tries again, with jitter, within [`WRITE_DEADLINE`]: to
//! the client it is as if it had come later. A conflict is told only where the client's own request conflicts.
//!
//! Lists read summaries. Where entities are large, their summaries are items of their own, written along.

use std::fmt;
use std::future::{Future, ready};
use std::time::Duration;

use crate::base::{Code, Error, OrganizationId};
use crate::model::PlanLimit;
use crate::store::backoff::Backoff;
use crate::store::directory::{Directory, MAX_BYTES};
use crate::store::item::{self, Item};
use crate::store::versioned::Versioned;
pub use crate::store::versioned::entity_key;
use crate::store::{Collection, Expect, GetItem, Key, Parent, Store, StoreError, Summary, Write};

/// How long a write tries to get past others.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(3);

pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// Why a collection was not written. `R` is the caller's own reason to refuse.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError<R> {
    /// It has as many entities as it may have, in a sentence for the client.
    #[error("{0}")]
    Full(String),
    /// The organization's plan allows no more.
    #[error(transparent)]
    PlanLimit(#[from] PlanLimit),
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
    /// What the write [requires](Along::Required) is not so: the keys of what is not as it must be.
    #[error("what the write requires of {0:?} is not so")]
    Unmet(Vec<Key>),
    /// Others kept getting in between until the deadline.
    #[error("other writes kept getting in between")]
    Contended,
    /// The caller said no.
    #[error("refused")]
    Refused(R),
    /// The store failed; nothing was written, as far as it tells.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<R: Into<Error> + fmt::Debug> From<CollectionError<R>> for Error {
    fn from(error: CollectionError<R>) -> Self {
        match error {
            CollectionError::Full(reason) => Error::new(Code::Conflict, reason),
            CollectionError::PlanLimit(limit) => limit.into(),
            CollectionError::DirectoryFull { noun } => Error::new(
                Code::Conflict,
                format!(
                    "The index of the organization's {noun}s has reached its {} KB: delete some to make room.",
                    MAX_BYTES / 1024
                ),
            ),
            CollectionError::Missing { noun, id } => not_found(noun, id),
            CollectionError::Unmet(keys) => {
                Error::new(Code::Conflict, "Another request changed what this one relies on: read it again.")
                    .caused_by(format!("what the write requires of {keys:?} is not so"))
            }
            CollectionError::Contended => Error::unavailable("other writes kept getting in between"),
            CollectionError::Refused(refusal) => refusal.into(),
            CollectionError::Store(error) => error.into(),
        }
    }
}

/// The 404 for an id that is not there.
pub fn not_found(noun: &str, id: u64) -> Error {
    Error::new(Code::NotFound, format!("No {noun} with ID {id} was found."))
}

/// The directory of the collection that the summaries are of.
pub async fn directory<S: Summary>(
    from: &impl GetItem,
    parent: impl Into<Parent>,
) -> Result<Directory, StoreError> {
    Directory::from_item(from.get_item(Key::directory(parent, S::COLLECTION)).await?)
}

/// The summaries of these ids, in their order; those that are gone meanwhile are left out. At most 100.
pub async fn summaries<S: Summary>(
    store: &Store,
    parent: impl Into<Parent>,
    ids: &[u64],
) -> Result<Vec<S>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let parent = &parent.into();
    let keys: Vec<_> = ids.iter().map(|id| Key::entity(parent, S::SORT_KEY, *id)).collect();
    let items = store.get_many(&keys).await?;
    items.into_iter().flatten().map(item::read).collect()
}

/// The entity of that id, if there is one.
pub async fn find<E: Collection>(
    from: &impl GetItem,
    parent: impl Into<Parent>,
    id: u64,
) -> Result<Option<Versioned<E>>, StoreError> {
    from.get_item(entity_key::<E>(parent, id)).await?.map(Versioned::read).transpose()
}

/// The entity of that id, or the 404.
pub async fn get<E: Collection>(
    from: &impl GetItem,
    parent: impl Into<Parent>,
    id: u64,
) -> Result<Versioned<E>, Error> {
    find(from, parent, id).await?.ok_or_else(|| not_found(E::NOUN, id))
}

/// A write that goes along with an entity's own, in the same transaction.
#[derive(Debug)]
pub enum Along {
    /// Conditioned on what was read in this attempt. Where that has changed since, everything is read and decided again.
    IfUnchanged(Write),
    /// Conditioned on something that was not read. Where it is not so, nothing is written: [`CollectionError::Unmet`].
    Required(Write),
}

impl Along {
    /// The write.
    pub fn write(&self) -> &Write {
        match self {
            Self::IfUnchanged(write) | Self::Required(write) => write,
        }
    }
}

/// What collections within an entity belong to.
pub fn parent_of<P: Collection>(organization: OrganizationId, id: u64) -> Parent {
    Parent::entity(organization, P::Summary::COLLECTION, id)
}

/// What to do with an entity.
#[derive(Debug)]
pub enum Change<E> {
    /// Leave it as it is.
    Keep,
    /// Put this in its place.
    Replace(E, Vec<Along>),
}

/// Reads an entity, asks `change` what to put in its place, and does that to what was read or to nothing: when another
/// write gets in between, asks again. Returns the entity as it then is.
pub async fn modify<E: Collection, R>(
    store: &Store,
    parent: impl Into<Parent>,
    id: u64,
    mut change: impl FnMut(&Versioned<E>) -> Result<Change<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let change = |before: &Versioned<E>, _, (): &()| change(before);
    modify_entity(store, &parent.into(), id, &[], ready(Ok(())), change).await
}

/// Changes an entity as [`modify`] does. `change` is also given what `with` comes to, which is waited for beside the first read.
pub async fn modify_with<E: Collection, T, R>(
    store: &Store,
    parent: impl Into<Parent>,
    id: u64,
    with: impl Future<Output = Result<T, R>>,
    mut change: impl FnMut(&Versioned<E>, &T) -> Result<Change<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let change = |before: &Versioned<E>, _, with: &T| change(before, with);
    modify_entity(store, &parent.into(), id, &[], with, change).await
}

/// Changes an entity as [`modify`] does. `change` is also given the items at the keys `also`, read in the same round trip.
pub async fn modify_reading<E: Collection, R>(
    store: &Store,
    parent: impl Into<Parent>,
    id: u64,
    also: &[Key],
    mut change: impl FnMut(&Versioned<E>, Vec<Option<Item>>) -> Result<Change<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let change = |before: &Versioned<E>, items, (): &()| change(before, items);
    modify_entity(store, &parent.into(), id, also, ready(Ok(())), change).await
}

async fn modify_entity<E: Collection, T, R>(
    store: &Store,
    parent: &Parent,
    id: u64,
    also: &[Key],
    with: impl Future<Output = Result<T, R>>,
    mut change: impl FnMut(&Versioned<E>, Vec<Option<Item>>, &T) -> Result<Change<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let mut backoff = Backoff::new(FIRST_PAUSE, WRITE_DEADLINE);
    let keys = keys_of::<E>(parent, id, also);
    let (items, with) = read_beside(store, &keys, with).await?;
    let mut first = Some(items);
    loop {
        let items = match first.take() {
            Some(items) => items,
            None => store.get_many(&keys).await?,
        };
        let (before, mut directory, items) = entity_of::<E, R>(id, items)?;
        let (after, along) = match change(&before, items, &with).map_err(CollectionError::Refused)? {
            Change::Keep => return Ok(before),
            Change::Replace(entity, along) => (before.next(entity), along),
        };
        let mut writes = before.replace(parent, &after)?;
        let values = after.entity.filters();
        if values != before.entity.filters() {
            directory.insert(id, &values);
            writes.push(write_directory::<E, R>(parent, &directory)?);
        }
        if transact(store, writes, along, &mut backoff).await? {
            return Ok(after);
        }
    }
}

/// Deletes an entity, if `check` lets what was read go.
pub async fn delete<E: Collection, R>(
    store: &Store,
    parent: impl Into<Parent>,
    id: u64,
    mut check: impl FnMut(&Versioned<E>) -> Result<(), R>,
) -> Result<(), CollectionError<R>> {
    delete_reading(store, parent, id, &[], |entity, _| check(entity).map(|()| Vec::new())).await
}

/// Deletes an entity as [`delete`] does. `check` is also given the items at the keys `also`, read in the same round trip, and says
/// what to write along.
pub async fn delete_reading<E: Collection, R>(
    store: &Store,
    parent: impl Into<Parent>,
    id: u64,
    also: &[Key],
    mut check: impl FnMut(&Versioned<E>, Vec<Option<Item>>) -> Result<Vec<Along>, R>,
) -> Result<(), CollectionError<R>> {
    let parent = &parent.into();
    let mut backoff = Backoff::new(FIRST_PAUSE, WRITE_DEADLINE);
    let keys = keys_of::<E>(parent, id, also);
    loop {
        let (entity, mut directory, items) = entity_of::<E, R>(id, store.get_many(&keys).await?)?;
        let along = check(&entity, items).map_err(CollectionError::Refused)?;
        directory.remove(id);
        let mut writes = entity.delete(parent)?;
        writes.push(write_directory::<E, R>(parent, &directory)?);
        if transact(store, writes, along, &mut backoff).await? {
            return Ok(());
        }
    }
}

/// How many entities [`delete_all`] deletes at a time: a transaction takes 100 writes.
const DELETED_AT_ONCE: usize = 40;

/// Deletes all entities of a collection and its directory, once nobody adds to it any more.
pub async fn delete_all<E: Collection>(store: &Store, parent: impl Into<Parent>) -> Result<(), StoreError> {
    let parent = &parent.into();
    loop {
        let mut directory = directory::<E::Summary>(store, parent).await?;
        let (_, ids) = directory.select(&[], 0, DELETED_AT_ONCE);
        let key = Key::directory(parent, E::Summary::COLLECTION);
        let expect = directory.expect();
        let mut writes = Vec::new();
        for id in &ids {
            directory.remove(*id);
            writes.extend(delete_entity::<E>(parent, *id));
        }
        match (&expect, directory.is_empty(), directory.to_item()?) {
            (Expect::Absent, ..) => return Ok(()),
            (_, false, Some(item)) => writes.push(Write::Put(key, item, expect)),
            _ => writes.push(Write::Delete(key, expect)),
        }
        store.transact(writes).await?;
    }
}

/// The writes that delete an entity that must be there, whatever its version.
pub(super) fn delete_entity<E: Collection>(parent: &Parent, id: u64) -> Vec<Write> {
    let mut writes = vec![Write::Delete(entity_key::<E>(parent, id), Expect::Present)];
    if E::Summary::SORT_KEY != E::Summary::COLLECTION {
        writes.push(Write::Delete(Key::entity(parent, E::Summary::SORT_KEY, id), Expect::Present));
    }
    writes
}

/// Items, and what else comes at the same time.
pub(super) async fn read_beside<T, R>(
    store: &Store,
    keys: &[Key],
    with: impl Future<Output = Result<T, R>>,
) -> Result<(Vec<Option<Item>>, T), CollectionError<R>> {
    let items = async { Ok(store.get_many(keys).await?) };
    let with = async { with.await.map_err(CollectionError::Refused) };
    tokio::try_join!(items, with)
}

/// Where an entity, the directory of its collection and other items are.
fn keys_of<E: Collection>(parent: &Parent, id: u64, also: &[Key]) -> Vec<Key> {
    let own = [entity_key::<E>(parent, id), Key::directory(parent, E::Summary::COLLECTION)];
    own.into_iter().chain(also.iter().cloned()).collect()
}

/// An entity, the directory of its collection, and other items.
type ReadTogether<E> = (Versioned<E>, Directory, Vec<Option<Item>>);

/// What was read at [`keys_of`] an entity.
fn entity_of<E: Collection, R>(
    id: u64,
    items: Vec<Option<Item>>,
) -> Result<ReadTogether<E>, CollectionError<R>> {
    let mut items = items.into_iter();
    let item = items.next().flatten().ok_or(CollectionError::Missing { noun: E::NOUN, id })?;
    let directory = Directory::from_item(items.next().flatten())?;
    Ok((Versioned::read(item)?, directory, items.collect()))
}

/// Lets other writes through only if the collection of these summaries is as `directory` says.
pub fn check_directory<S: Summary>(parent: impl Into<Parent>, directory: &Directory) -> Write {
    Write::Check(Key::directory(parent, S::COLLECTION), directory.expect())
}

pub(super) fn write_directory<E: Collection, R>(
    parent: &Parent,
    directory: &Directory,
) -> Result<Write, CollectionError<R>> {
    let item = directory.to_item()?.ok_or(CollectionError::DirectoryFull { noun: E::NOUN })?;
    Ok(Write::Put(Key::directory(parent, E::Summary::COLLECTION), item, directory.expect()))
}

/// Writes all or nothing. `false`, after a pause, when another write got in between and everything is to be read again.
pub(super) async fn transact<R>(
    store: &Store,
    mut writes: Vec<Write>,
    along: Vec<Along>,
    backoff: &mut Backoff,
) -> Result<bool, CollectionError<R>> {
    let mut required = Vec::new();
    for along in along {
        let write = match along {
            Along::IfUnchanged(write) => write,
            Along::Required(write) => {
                required.push((writes.len(), write.key().cloned()));
                write
            }
        };
        writes.push(write);
    }
    match store.transact(writes).await {
        Ok(()) => return Ok(true),
        Err(StoreError::Condition(failed)) => {
            let unmet = required.into_iter().filter(|(position, _)| failed.contains(position));
            let unmet: Vec<_> = unmet.map(|(_, key)| key).collect();
            if !unmet.is_empty() {
                return Err(CollectionError::Unmet(unmet.into_iter().flatten().collect()));
            }
        }
        Err(StoreError::Conflict) => {}
        Err(error) => return Err(error.into()),
    }
    if backoff.pause().await { Ok(false) } else { Err(CollectionError::Contended) }
}
