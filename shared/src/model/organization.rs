//! Organizations: the tenants.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OrganizationId;
use crate::store::{GetItem, Key, Store, StoreError, Write};
use crate::words;

words! {
    /// What an organization pays for.
    #[expect(missing_docs, reason = "the plans are named, not explained, by the API")]
    pub enum Plan {
        Free = "free",
        Starter = "starter",
        Professional = "professional",
        Enterprise = "enterprise",
    }
}

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organization {
    /// Its number.
    pub id: OrganizationId,
    /// Its name, for people.
    #[schema(examples("Acme Corp"))]
    pub name: String,
    /// Its plan.
    pub plan: Plan,
    /// How many AI credits are left.
    #[schema(examples(1347))]
    pub ai_credits_remaining: u64,
}

/// Makes an organization with the next free number.
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

/// The organization of that number.
pub async fn find(from: &impl GetItem, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    from.get(Key::organization(id)).await
}
