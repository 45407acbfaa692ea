//! What each role may do: the contract's table, as data.

use crate::model::Role;

/// Something that a route needs its caller to be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See who one is and which organization one belongs to.
    ViewAccount,
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

impl Permission {
    /// Every permission.
    pub const ALL: [Permission; 1] = [Permission::ViewAccount];

    /// The permission as errors and documents name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewAccount => "account:view",
        }
    }

    /// The roles that have it.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::ViewAccount => &Role::ALL,
        }
    }
}
