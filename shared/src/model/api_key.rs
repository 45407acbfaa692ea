//! API keys as they are stored: what they may do and until when, but not the keys themselves.

use serde::{Deserialize, Serialize};

use crate::base::{ApiKeyId, Name, Timestamp, UserId};
use crate::string_enum;

string_enum! {
    /// Which of its user's permissions a key has.
    pub enum Scope {
        /// Those that only reading needs.
        ReadOnly = "read_only",
        /// All, but managing keys.
        ReadWrite = "read_write",
    }
}

/// The SHA-256 digest of a key's secret.
///
/// Not Argon2, as for passwords: that makes guessing slow, and a secret of 256 uniform bits cannot be guessed. It
/// would make every request slow instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretDigest(#[serde(with = "serde_bytes")] pub Vec<u8>);

/// An API key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApiKey {
    /// The key's ID.
    pub id: ApiKeyId,
    /// What its user calls it.
    pub name: Name,
    /// What it may do.
    pub scope: Scope,
    /// Whose it is: it has their permissions, and ends with them.
    pub created_by: UserId,
    /// What its secret is checked against.
    pub secret_digest: SecretDigest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The key that replaces it, if it was rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated_to: Option<ApiKeyId>,
    /// The key that it replaces, if it was made by a rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ApiKeyId>,
    /// When it was last used, to within a minute. Written by `access::usage` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// How often it was used. Written by `access::usage` only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub usage_count: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ApiKey {
    /// Whether it has stopped working.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}
