//! Users: people who belong to one organization and sign in with an email.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{Email, Timestamp, UserId};
use crate::string_enum;

string_enum! {
    /// What a user may do: the permission table says what that is.
    pub enum Role {
        /// May do everything.
        Owner = "owner",
        /// May do everything but bill and hand over.
        Administrator = "administrator",
        /// Works with data.
        Analyst = "analyst",
        /// Asks questions of it.
        Member = "member",
        /// Looks at it.
        Viewer = "viewer",
    }
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Role; 5] = [Role::Owner, Role::Administrator, Role::Analyst, Role::Member, Role::Viewer];
}

string_enum! {
    /// Whether a user may sign in.
    pub enum Status {
        /// They may.
        Active = "active",
        /// They may not, and their tokens and keys are refused at once.
        Deactivated = "deactivated",
    }
}

/// A password's hash, as a PHC string (`$argon2id$v=19$…`). Only `access::password` makes and reads them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub(crate) String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([redacted])")
    }
}

/// A user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// The user's ID.
    pub id: UserId,
    /// What they sign in with.
    pub email: Email,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub status: Status,
    /// What their password is checked against.
    pub password_hash: PasswordHash,
    /// Counts password changes. A token carries the count it was issued under, so that a change ends all tokens
    /// issued before it, to the request and without comparing clocks.
    pub credentials_version: u64,
    /// When they were added.
    pub created_at: Timestamp,
}
