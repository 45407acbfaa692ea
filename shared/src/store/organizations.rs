//! Organizations in the `entities` table.
//!
//! What is decided by an organization's plan, and by what there is already, is written on the condition that both are as they were read.
//! Where they are not, everything is read and decided again.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::base::OrganizationId;
use crate::model::credits::Credits;
use crate::model::storage::Storage;
use crate::model::{Organization, Plan};
use crate::store::backoff::Backoff;
use crate::store::collection::{FIRST_PAUSE, WRITE_DEADLINE};
use crate::store::item::{self, attribute};
use crate::store::{Expect, GetItem, Item, Key, Store, StoreError, Write};

/// How many organizations are read at a time.
const READ_AT_ONCE: usize = 100;

/// Makes an organization with the next free ID. `credits_a_month` are the AI credits of a plan that has none of its own.
pub async fn create(
    store: &Store,
    name: impl Into<String>,
    plan: Plan,
    credits_a_month: u64,
) -> Result<Organization, StoreError> {
    let id = store.next_in_sequence(Key::organization_sequence()).await?.into();
    let organization = Organization {
        id,
        name: name.into(),
        plan,
        credits_a_month,
        users: 0,
        last_user_id: 0,
        credits: Credits::default(),
        storage: Storage::default(),
    };
    store.transact(vec![Write::create(Key::organization(id), &organization)?]).await?;
    Ok(organization)
}

/// The organization of that ID.
pub async fn find(from: &impl GetItem, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    from.get(Key::organization(id)).await
}

/// All organizations, in the order of their IDs.
pub async fn all(store: &Store) -> Result<Vec<Organization>, StoreError> {
    let last = store.last_in_sequence(Key::organization_sequence()).await?;
    let keys: Vec<_> = (1..=last).map(|id| Key::organization(id.into())).collect();
    let mut organizations = Vec::new();
    for keys in keys.chunks(READ_AT_ONCE) {
        for item in store.get_many(keys).await?.into_iter().flatten() {
            organizations.push(item::read(item)?);
        }
    }
    Ok(organizations)
}

/// An organization as it was read, and the writes that hold only if it is still so.
#[derive(Clone, Debug)]
pub struct OrganizationRecord {
    /// The organization.
    pub organization: Organization,
    item: Item,
}

impl OrganizationRecord {
    /// Reads it from its item, which must be there.
    pub fn read(item: Option<Item>) -> Result<Self, StoreError> {
        let item = item.ok_or_else(|| StoreError::unreadable("an organization that is not there"))?;
        Ok(Self { organization: item::read(item.clone())?, item })
    }

    /// The organization of that ID, if there is one.
    pub async fn find(store: &Store, id: OrganizationId) -> Result<Option<Self>, StoreError> {
        let item = store.get_item(Key::organization(id)).await?;
        item.map(|item| Self::read(Some(item))).transpose()
    }

    /// Lets other writes through only if the plan is still the same.
    pub fn check_plan(&self) -> Write {
        Write::Check(self.key(), self.unchanged(&["plan"]))
    }

    /// Puts this in the place of what was stored, if that and the plan are still the same.
    pub fn set_storage(&self, storage: &Storage) -> Result<Write, StoreError> {
        Ok(self.set([("storage", attribute(storage)?)], &["plan"]))
    }

    /// Puts this in the place of the ledger of AI credits, if that and the plan are still the same.
    pub fn set_credits(&self, credits: &Credits) -> Result<Write, StoreError> {
        Ok(self.set([("credits", attribute(credits)?)], &["plan", "credits_a_month"]))
    }

    /// Counts the active users anew, if their count and the plan are still the same.
    pub fn set_users(&self, users: u64) -> Result<Write, StoreError> {
        Ok(self.set([("users", attribute(users)?)], &["plan"]))
    }

    /// Counts one active user more, who gets the next ID, if both counts and the plan are still the same.
    pub fn add_user(&self) -> Result<Write, StoreError> {
        let Organization { users, last_user_id, .. } = self.organization;
        let set = [("users", attribute(users + 1)?), ("last_user_id", attribute(last_user_id + 1)?)];
        Ok(self.set(set, &["plan"]))
    }

    fn key(&self) -> Key {
        Key::organization(self.organization.id)
    }

    fn set<const N: usize>(
        &self,
        set: [(&'static str, AttributeValue); N],
        decided_by: &[&'static str],
    ) -> Write {
        let names: Vec<_> = set.iter().map(|(name, _)| *name).chain(decided_by.iter().copied()).collect();
        Write::Update {
            key: self.key(),
            set: set.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            remove: Vec::new(),
            expect: self.unchanged(&names),
        }
    }

    fn unchanged(&self, names: &[&'static str]) -> Expect {
        Expect::Unchanged(names.iter().map(|name| (*name, self.item.get(*name).cloned())).collect())
    }
}

/// Gives an organization another plan, from its next request on. What it has beyond that plan stays, and grows no more.
pub async fn set_plan(
    store: &Store,
    id: OrganizationId,
    plan: Plan,
    credits_a_month: u64,
) -> Result<(), StoreError> {
    let attributes = Item::from([
        ("plan".to_owned(), attribute(plan)?),
        ("credits_a_month".to_owned(), attribute(credits_a_month)?),
    ]);
    store.set(Key::organization(id), attributes, None).await
}

/// Does what `decide` makes of an organization as it is: when another write gets in between, asks again. Where conditions fail that
/// `refusal` knows, by the positions of their writes, that is the end. `None` if there is no such organization.
pub(super) async fn modify<T, E: From<StoreError>>(
    store: &Store,
    id: OrganizationId,
    refusal: impl Fn(&[usize]) -> Option<E>,
    mut decide: impl FnMut(&OrganizationRecord) -> Result<(Vec<Write>, T), E>,
) -> Result<Option<T>, E> {
    let mut backoff = Backoff::new(FIRST_PAUSE, WRITE_DEADLINE);
    loop {
        let Some(record) = OrganizationRecord::find(store, id).await? else { return Ok(None) };
        let (writes, decided) = decide(&record)?;
        let error = match store.transact(writes).await {
            Ok(()) => return Ok(Some(decided)),
            Err(error) => error,
        };
        if let StoreError::Condition(failed) = &error
            && let Some(refusal) = refusal(failed)
        {
            return Err(refusal);
        }
        if !matches!(error, StoreError::Condition(_) | StoreError::Conflict) || !backoff.pause().await {
            return Err(error.into());
        }
    }
}
