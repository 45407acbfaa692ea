//! API keys as they are kept: what they may do and until when, but not the keys themselves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ApiKeyId, Name, UserId};
use crate::store::directory::Filter;
use crate::store::{Collection, Row};
use crate::words;

words! {
    /// Which of its user's permissions a key has.
    pub enum Scope {
        /// Those that safe methods (`GET`, `HEAD`) need.
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
    /// Its number.
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
    /// When it was last used, to within a minute. Written by `access::key_usage` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// How often it was used. Written by `access::key_usage` only.
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

impl Row for ApiKey {
    const COLLECTION: &'static str = "APIKEY";
    const KEPT_AS: &'static str = Self::COLLECTION;
}

impl Collection for ApiKey {
    type Row = Self;
    const NOUN: &'static str = "API key";
    /// Keys of 1,000 different users take about 30 KB of directory.
    const CAPACITY: u64 = 1_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        vec![created_by(self.created_by)]
    }

    fn side_changes(&self) -> u64 {
        self.usage_count
    }
}

/// Selects the keys of one user.
pub fn created_by(user: UserId) -> Filter {
    ("created_by", user.to_string())
}
