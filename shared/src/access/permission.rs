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
            pub fn bearer(self) -> Bearer {
                match self { $(Self::$variant => Bearer::$by,)+ }
            }
        }
    };
}

/// What a permission can be used with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// An access token or an API key.
    Anything,
    /// An access token: a key must not make or unmake keys.
    TokenOnly,
}

const EVERYBODY: [Role; 5] = Role::ALL;

permissions! {
    ViewAccount         "account:view"             EVERYBODY, Anything, "See who one is, and one's organization.";
    ReadDataSources     "data_sources:read"        EVERYBODY, Anything, "Read data sources.";
    ReadDashboards      "dashboards:read"          EVERYBODY, Anything, "Read dashboards.";
    ReadReports         "reports:read"             EVERYBODY, Anything, "Read reports.";
    WriteOwnDashboards  "dashboards:write_own"     [Owner, Administrator, Analyst], Anything, "Create dashboards; change and delete one's own.";
    WriteOwnReports     "reports:write_own"        [Owner, Administrator, Analyst, Member], Anything, "Create reports; change and delete one's own.";
    WriteAnyDashboards  "dashboards:write_any"     [Owner, Administrator], Anything, "Change and delete anybody's dashboards.";
    WriteAnyReports     "reports:write_any"        [Owner, Administrator], Anything, "Change and delete anybody's reports.";
    WriteFileSources    "data_sources:write_files" [Owner, Administrator, Analyst], Anything, "Create, change and delete data sources that are files.";
    WriteDataSources    "data_sources:write"       [Owner, Administrator], Anything, "Create, change and delete any data sources.";
    QueryAnalytics      "analytics:query"          [Owner, Administrator, Analyst, Member], Anything, "Run analytics queries.";
    ManageOwnApiKeys    "api_keys:own"             EVERYBODY, TokenOnly, "Make, see, change and revoke one's own API keys.";
    ManageAnyApiKeys    "api_keys:any"             [Owner, Administrator], TokenOnly, "See and revoke everybody's API keys.";
    ManageUsers         "users:manage"             [Owner, Administrator], Anything, "Manage users.";
    ManageBilling       "billing:manage"           [Owner], Anything, "Manage billing.";
    TransferOwnership   "ownership:transfer"       [Owner], Anything, "Hand the organization to another owner.";
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
