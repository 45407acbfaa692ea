//! Every key of the `entities` table is made here, so that its layout can be read in one place.
//!
//! | pk | sk | item |
//! |---|---|---|
//! | `ORG#1` | `ORG` | an organization, with its plan and what that is held against |
//! | `ORG#1` | `USER#1` | one of its users |
//! | `ORG#1` | `APIKEY#1` | one of its API keys |
//! | `ORG#1` | `DATASOURCE#1` | one of its data sources |
//! | `ORG#1` | `DASHBOARD#1`, `DASHBOARDROW#1` | one of its dashboards, and what lists show of it |
//! | `ORG#1` | `DATASOURCE#1#IMPORT#1` | one of a data source's imports |
//! | `ORG#1` | `REPORT#1` | one of its reports |
//! | `ORG#1` | `REPORT#1#RUN#1` | one of a report's runs |
//! | `ORG#1` | `DIRECTORY#APIKEY`, `DIRECTORY#DATASOURCE#1#IMPORT`, … | which there are of a collection |
//! | `EMAIL#you@example.com` | `EMAIL` | whose email it is: unique across organizations, found at sign-in |
//! | `SEQUENCE` | `ORG` | the number the last organization got |
//!
//! The organization comes first in every key of a tenant's data: a lookup by a foreign id finds nothing, by
//! construction.

use crate::base::{Email, OrganizationId, UserId};

/// Where an item is: partition key and sort key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

/// What a collection belongs to: an organization, or one of its entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    organization: OrganizationId,
    /// What the sort keys of its collections begin with.
    prefix: String,
}

impl From<OrganizationId> for Parent {
    fn from(organization: OrganizationId) -> Self {
        Self { organization, prefix: String::new() }
    }
}

impl From<&Parent> for Parent {
    fn from(parent: &Parent) -> Self {
        parent.clone()
    }
}

impl Parent {
    /// An entity of a collection of the organization's.
    pub fn entity(organization: OrganizationId, collection: &str, id: u64) -> Self {
        Self { organization, prefix: format!("{collection}#{id}#") }
    }

    /// The organization.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }
}

impl Key {
    /// An organization.
    pub fn organization(id: OrganizationId) -> Self {
        Self { pk: format!("ORG#{id}"), sk: "ORG".to_owned() }
    }

    /// A user of an organization.
    pub fn user(organization: OrganizationId, id: UserId) -> Self {
        Self { pk: format!("ORG#{organization}"), sk: format!("USER#{id}") }
    }

    /// An entity of a collection.
    pub fn entity(parent: impl Into<Parent>, collection: &str, id: u64) -> Self {
        let Parent { organization, prefix } = parent.into();
        Self { pk: format!("ORG#{organization}"), sk: format!("{prefix}{collection}#{id}") }
    }

    /// The directory of a collection.
    pub fn directory(parent: impl Into<Parent>, collection: &str) -> Self {
        let Parent { organization, prefix } = parent.into();
        Self { pk: format!("ORG#{organization}"), sk: format!("DIRECTORY#{prefix}{collection}") }
    }

    /// Whose email it is.
    pub fn email(email: &Email) -> Self {
        Self { pk: format!("EMAIL#{email}"), sk: "EMAIL".to_owned() }
    }

    /// The sequence that numbers organizations.
    pub fn organization_sequence() -> Self {
        Self { pk: "SEQUENCE".to_owned(), sk: "ORG".to_owned() }
    }
}
