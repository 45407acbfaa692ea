//! Organizations: the tenants.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::OrganizationId;
use crate::model::plan::Plan;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organization {
    /// The organization's ID.
    pub id: OrganizationId,
    /// The organization's name, for people.
    #[schema(examples("Acme Corp"))]
    pub name: String,
    /// The organization's plan.
    pub plan: Plan,
    /// How many AI credits are left.
    #[schema(examples(1347))]
    pub ai_credits_remaining: u64,
}
