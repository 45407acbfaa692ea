//! Organizations: the tenants.

use serde::{Deserialize, Serialize};

use crate::base::{OrganizationId, Timestamp};
use crate::model::credits::{Balance, Credits};
use crate::model::plan::Plan;
use crate::model::storage::Storage;

/// A tenant, with what its plan is held against, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The organization's ID.
    pub id: OrganizationId,
    /// The organization's name, for people.
    pub name: String,
    /// The organization's plan.
    pub plan: Plan,
    /// How many AI credits the operator gives each month, where the plan has none of its own.
    #[serde(default)]
    pub credits_a_month: u64,
    /// How many users are active.
    #[serde(default)]
    pub users: u64,
    /// The ID of the user that was added last; 0 before the first.
    #[serde(default)]
    pub last_user_id: u64,
    /// The ledger of AI credits.
    #[serde(default)]
    pub credits: Credits,
    /// What is stored.
    #[serde(default)]
    pub storage: Storage,
}

impl Organization {
    /// How many AI credits each month has.
    pub fn allowance(&self) -> u64 {
        self.plan.limits().credits_a_month.unwrap_or(self.credits_a_month)
    }

    /// What there is of AI credits.
    pub fn balance(&self, now: Timestamp) -> Balance {
        self.credits.balance(self.allowance(), now)
    }
}
