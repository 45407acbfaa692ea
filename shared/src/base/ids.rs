//! Identifiers: positive integers, counted from 1 in each organization and never reused.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = u64, minimum = 1)]
        pub struct $name(u64);

        impl From<u64> for $name {
            fn from(id: u64) -> Self {
                Self(id)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// Names an organization across the deployment. First parameter of whatever touches a tenant's data.
    OrganizationId
    /// Names a user within their organization.
    UserId
    /// Names an API key within its organization.
    ApiKeyId
    /// Names a data source within its organization.
    DataSourceId
    /// Names a dashboard within its organization.
    DashboardId
    /// Names an import within its data source.
    ImportId
    /// Names a report within its organization.
    ReportId
    /// Names a run within its report.
    RunId
}
