//! Adding entities to [collections](super::collection): each under the next id, counted, and written with its directory.

use std::future::{Future, ready};

use crate::base::{OrganizationId, Timestamp};
use crate::model::{Plan, PlanLimit};
use crate::store::backoff::Backoff;
use crate::store::collection::{
    Along, CollectionError, FIRST_PAUSE, WRITE_DEADLINE, delete_entity, entity_key, parent_of, read_beside,
    transact, write_directory,
};
use crate::store::{Collection, Directory, Expect, Item, Key, Parent, Store, Summary, Versioned, Write};

/// An entity to add, and what to write along with it.
#[derive(Debug)]
pub struct New<E> {
    /// The entity, under the id that it was given.
    pub entity: E,
    /// What is written along.
    pub along: Vec<Along>,
    /// What becomes of the entity that it was made from, if that changes.
    pub original: Option<E>,
    /// The plan's own limit, asked with how many entities there are: the directory is written on the condition that it is as it was then.
    pub limit: Option<(Plan, PlanCheck)>,
}

/// Whether a plan allows one more than there are.
pub type PlanCheck = fn(Plan, u64) -> Result<(), PlanLimit>;

impl<E> New<E> {
    /// The entity, and nothing along.
    pub fn of(entity: E) -> Self {
        Self { entity, along: Vec::new(), original: None, limit: None }
    }
}

/// Adds the entity that `build` makes for the next id. `build` is also given what `with` comes to, which is waited for beside the first
/// read, and the items at the keys `also`.
pub(crate) async fn create_with<E: Collection, T, R>(
    store: &Store,
    parent: impl Into<Parent>,
    also: &[Key],
    now: Timestamp,
    with: impl Future<Output = Result<T, R>>,
    mut build: impl FnMut(u64, Vec<Option<Item>>, &T) -> Result<New<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let build = |id, _: Option<&Versioned<E>>, items, with: &T| {
        build(id, items, with).map_err(CollectionError::Refused)
    };
    create_reading(store, &parent.into(), None, also, now, with, build).await
}

/// Adds the entity that `build` makes for the next id of the one of id `original`.
pub(crate) async fn create_from<E: Collection, R>(
    store: &Store,
    parent: impl Into<Parent>,
    original: u64,
    now: Timestamp,
    mut build: impl FnMut(u64, &Versioned<E>) -> Result<New<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let build = |id, original: Option<&Versioned<E>>, _, (): &()| {
        let original = original.expect("create_reading gives the original that it was asked for");
        build(id, original).map_err(CollectionError::Refused)
    };
    create_reading(store, &parent.into(), Some(original), &[], now, ready(Ok(())), build).await
}

/// Adds the entity that `build` makes for the next id to a collection of an entity `P`, if that is there. `build` is also given the
/// items at the keys `also`, read in the same round trip.
pub async fn create_within<P: Collection, E: Collection, R>(
    store: &Store,
    organization: OrganizationId,
    within: u64,
    also: &[Key],
    now: Timestamp,
    build: impl FnMut(u64, &Versioned<P>, Vec<Option<Item>>) -> Result<New<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    create_within_with(store, organization, within, also, now, ready(Ok(())), build).await
}

/// Adds an entity as [`create_within`] does, and nothing unless `with` comes to `Ok`, which is waited for beside the first read.
pub(crate) async fn create_within_with<P: Collection, E: Collection, R>(
    store: &Store,
    organization: OrganizationId,
    within: u64,
    also: &[Key],
    now: Timestamp,
    with: impl Future<Output = Result<(), R>>,
    mut build: impl FnMut(u64, &Versioned<P>, Vec<Option<Item>>) -> Result<New<E>, R>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let key = entity_key::<P>(organization, within);
    let mut keys = vec![key.clone()];
    keys.extend_from_slice(also);
    let build = |id, _: Option<&Versioned<E>>, items: Vec<Option<Item>>, (): &()| {
        let mut items = items.into_iter();
        let item = items.next().flatten();
        let parent = Versioned::read(item.ok_or(CollectionError::Missing { noun: P::NOUN, id: within })?)?;
        let mut new = build(id, &parent, items.collect()).map_err(CollectionError::Refused)?;
        // It may be deleted meanwhile. A transaction takes one write to an item.
        if !new.along.iter().any(|along| along.write().key() == Some(&key)) {
            new.along.push(Along::IfUnchanged(Write::Check(key.clone(), Expect::Present)));
        }
        Ok(new)
    };
    create_reading(store, &parent_of::<P>(organization, within), None, &keys, now, with, build).await
}

/// Reads the directory and, in the same round trip, the original and other items, for `build` to go by.
async fn create_reading<E: Collection, T, R>(
    store: &Store,
    parent: &Parent,
    original: Option<u64>,
    also: &[Key],
    now: Timestamp,
    with: impl Future<Output = Result<T, R>>,
    mut build: impl FnMut(u64, Option<&Versioned<E>>, Vec<Option<Item>>, &T) -> Result<New<E>, CollectionError<R>>,
) -> Result<Versioned<E>, CollectionError<R>> {
    let mut keys = vec![Key::directory(parent, E::Summary::COLLECTION)];
    keys.extend(original.map(|id| entity_key::<E>(parent, id)));
    keys.extend_from_slice(also);
    let mut backoff = Backoff::new(FIRST_PAUSE, WRITE_DEADLINE);
    let (items, with) = read_beside(store, &keys, with).await?;
    let mut first = Some(items);
    loop {
        let items = match first.take() {
            Some(items) => items,
            None => store.get_many(&keys).await?,
        };
        let mut items = items.into_iter();
        let mut directory = Directory::from_item(items.next().flatten())?;
        let original = match original {
            None => None,
            Some(id) => {
                let item = items.next().flatten();
                let item = item.ok_or(CollectionError::Missing { noun: E::NOUN, id })?;
                Some(Versioned::<E>::read(item)?)
            }
        };
        let mut writes = remove_ended::<E>(parent, &mut directory, now, original.as_ref());
        let full = || {
            CollectionError::Full(format!("An organization has had all the {}s that it can have.", E::NOUN))
        };
        let id = directory.next_id().ok_or_else(full)?;
        let New { entity, along, original: replaced, limit } =
            build(id, original.as_ref(), items.collect(), &with)?;
        if let Some((plan, check)) = limit {
            check(plan, directory.len())?;
        }
        if let (Some(before), Some(after)) = (&original, replaced) {
            directory.insert(before.entity.id(), &after.filters());
            writes.extend(before.replace(parent, &before.next(after))?);
        }
        if let Some(reason) = entity.refusal(&directory, now) {
            return Err(CollectionError::Full(reason));
        }
        directory.insert(id, &entity.filters());
        let created = Versioned::first(entity);
        writes.extend(created.put(parent)?);
        writes.push(write_directory::<E, R>(parent, &directory)?);
        if transact(store, writes, along, &mut backoff).await? {
            return Ok(created);
        }
    }
}

/// Takes what has ended out of the directory, but for the original that is being read, and returns the writes that delete it.
fn remove_ended<E: Collection>(
    parent: &Parent,
    directory: &mut Directory,
    now: Timestamp,
    original: Option<&Versioned<E>>,
) -> Vec<Write> {
    let mut writes = Vec::new();
    for id in E::ended(directory, now) {
        if original.is_some_and(|original| original.entity.id() == id) {
            continue;
        }
        directory.remove(id);
        writes.extend(delete_entity::<E>(parent, id));
    }
    writes
}
