//! What each role may do: the contract's table, as data.

use crate::model::Role::{self, Administrator, Analyst, Member, Owner};

/// Declares [`Permission`] from its table, so that a permission cannot be without its row.
macro_rules! permissions {
    ($($variant:ident $name:literal $roles:expr, $by:ident, $doc:literal;)+) => {
        /// Something that a route needs its caller to be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission {
            $(#[doc = $doc] $variant,)+
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &[Permission] = &[$(Permission::$variant),+];

            /// The permission as errors and documents name it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The roles that have it.
            pub fn roles(self) -> &'static [Role] {
                match self { $(Self::$variant => &$roles,)+ }
            }

            /// Whether it can be used with an API key, or takes a user who has signed in.
            pub fn credentials(self) -> Credentials {
                match self { $(Self::$variant => Credentials::$by,)+ }
            }
        }
    };
}

/// The credentials that a permission can be used with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// An access token or an API key.
    Any,
    /// An access token: a key must not make or unmake keys.
    TokenOnly,
}

const EVERYBODY: [Role; 5] = Role::ALL;

permissions! {
    ViewAccount         "account:view"             EVERYBODY, Any, "See who one is, and one's organization.";
    ReadDataSources     "data_sources:read"        EVERYBODY, Any, "Read data sources.";
    ReadDashboards      "dashboards:read"          EVERYBODY, Any, "Read dashboards.";
    ReadReports         "reports:read"             EVERYBODY, Any, "Read reports.";
    WriteOwnDashboards  "dashboards:write_own"     [Owner, Administrator, Analyst], Any, "Create dashboards; change and delete one's own.";
    WriteOwnReports     "reports:write_own"        [Owner, Administrator, Analyst, Member], Any, "Create reports; change and delete one's own.";
    WriteAnyDashboards  "dashboards:write_any"     [Owner, Administrator], Any, "Change and delete anybody's dashboards.";
    WriteAnyReports     "reports:write_any"        [Owner, Administrator], Any, "Change and delete anybody's reports.";
    WriteFileSources    "data_sources:write_files" [Owner, Administrator, Analyst], Any, "Create, change and delete data sources that are files.";
    WriteDataSources    "data_sources:write"       [Owner, Administrator], Any, "Create, change and delete any data sources.";
    QueryAnalytics      "analytics:query"          [Owner, Administrator, Analyst, Member], Any, "Run analytics queries.";
    ManageOwnApiKeys    "api_keys:own"             EVERYBODY, TokenOnly, "Make, see, change and revoke one's own API keys.";
    ManageAnyApiKeys    "api_keys:any"             [Owner, Administrator], TokenOnly, "See and revoke everybody's API keys.";
    ManageUsers         "users:manage"             [Owner, Administrator], Any, "Manage users.";
    ReadUsage           "usage:read"               [Owner, Administrator], Any, "See what the organization has used, and what its plan leaves.";
    ManageBilling       "billing:manage"           [Owner], Any, "Manage billing.";
    TransferOwnership   "ownership:transfer"       [Owner], Any, "Hand the organization to another owner.";
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without credentials.
    Public,
    /// Whoever has the permission.
    Requires(Permission),
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Self {
        Self::Requires(permission)
    }
}
