//! Organizations in the `entities` table.

use crate::base::OrganizationId;
use crate::model::{Organization, Plan};
use crate::store::{GetItem, Key, Store, StoreError, Write};

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
