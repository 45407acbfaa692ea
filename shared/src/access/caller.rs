//! Who is calling.

use std::sync::Arc;

use crate::access::permission::Permission;
use crate::base::{Code, Error, OrganizationId, UserId};
use crate::model::User;

/// Who is calling: admitted, and allowed what the route needs.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Admitted>);

#[derive(Debug)]
struct Admitted {
    organization: OrganizationId,
    user: User,
}

impl Caller {
    pub(super) fn new(organization: OrganizationId, user: User) -> Self {
        Self(Arc::new(Admitted { organization, user }))
    }

    /// The caller's organization.
    pub fn organization(&self) -> OrganizationId {
        self.0.organization
    }

    /// The caller.
    pub fn user(&self) -> &User {
        &self.0.user
    }

    /// Whether the caller's role has a permission beyond the one that the route needs.
    pub fn may(&self, permission: Permission) -> bool {
        permission.roles().contains(&self.0.user.role)
    }

    /// `Ok` if the caller's role has a permission beyond the one that the route needs. The refusal begins with what needs it:
    /// "Deleting dashboard 7 of user 3".
    pub fn require(&self, permission: Permission, what: &str) -> Result<(), Error> {
        if self.may(permission) {
            return Ok(());
        }
        let (needed, role) = (permission.as_str(), self.user().role.as_str());
        let detail = format!("{what} needs the permission {needed}, which the role {role} does not have.");
        Err(Error::new(Code::PermissionDenied, detail))
    }
}

/// Left in the response's extensions by admission, for the log line: who called.
#[derive(Clone, Copy, Debug)]
pub struct LoggedCaller {
    /// Their organization.
    pub organization: OrganizationId,
    /// The user, also where their key called.
    pub user: UserId,
    /// `token` or `api_key`.
    pub credential: &'static str,
}
