//! Organizations in the `entities` table.

use crate::base::OrganizationId;
use crate::model::{Organization, Plan};
use crate::store::{GetItem, Item, Key, Store, StoreError, Write, item};

/// Makes an organization with the next free ID.
pub async fn create(
    store: &Store,
    name: impl Into<String>,
    plan: Plan,
    ai_credits_remaining: u64,
) -> Result<Organization, StoreError> {
    let id = store.next_in_sequence(Key::organization_sequence()).await?.into();
    let organization = Organization { id, name: name.into(), plan, ai_credits_remaining };
    store.transact(vec![Write::create(Key::organization(id), &organization)?]).await?;
    Ok(organization)
}

/// The organization of that ID.
pub async fn find(from: &impl GetItem, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    from.get(Key::organization(id)).await
}

/// Reads an organization from its item, which must be there.
pub fn read(item: Option<Item>) -> Result<Organization, StoreError> {
    item::read(item.ok_or_else(|| StoreError::unreadable("an organization that is not there"))?)
}
