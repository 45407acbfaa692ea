//! What the secret's versions hold, and how the next version comes from the last.
//!
//! ```json
//! {"jwt_signing_key": "…", "data_keys": {"1": "…"}}
//! ```
//!
//! Every version has all data keys of the one before, so that what they sealed stays readable.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{DataKeys, StoreError};

/// The least length of a signing key in bytes: that of HS256's hash (RFC 7518, section 3.2).
const SIGNING_KEY_MIN_BYTES: usize = 32;

/// A version of the secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretValue {
    jwt_signing_key: String,
    /// Texts of the data keys by version: the highest seals, all open. There is none before the first rotation of a
    /// secret that CloudFormation made, which can fill in one key only.
    #[serde(default)]
    data_keys: BTreeMap<u32, String>,
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue(data keys {:?})", self.data_keys.keys())
    }
}

impl SecretValue {
    /// A first version with random keys.
    pub fn generate() -> Result<Self, StoreError> {
        Ok(Self { jwt_signing_key: random_text()?, data_keys: BTreeMap::from([(1, random_text()?)]) })
    }

    /// The next version: another signing key, the same data keys, or a first one.
    pub fn rotated(&self) -> Result<Self, StoreError> {
        let mut data_keys = self.data_keys.clone();
        if data_keys.is_empty() {
            data_keys.insert(1, random_text()?);
        }
        Ok(Self { jwt_signing_key: random_text()?, data_keys })
    }

    /// The next version: the same signing key, and one more data key, which seals from then on.
    pub fn with_new_data_key(&self) -> Result<Self, StoreError> {
        let mut next = self.clone();
        let version = next.data_keys.last_key_value().map_or(1, |(version, _)| version + 1);
        next.data_keys.insert(version, random_text()?);
        Ok(next)
    }

    /// Whether this version opens all that `other` has sealed.
    pub fn opens_all_of(&self, other: &Self) -> bool {
        other.data_keys.iter().all(|(version, key)| self.data_keys.get(version) == Some(key))
    }

    /// Reads a version.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        // serde_json's message could quote the secret: only its position is kept.
        serde_json::from_str(text).map_err(|error| {
            let place = format!("{}:{}", error.line(), error.column());
            StoreError::unreadable(format!("the secret is not the JSON expected, at {place}"))
        })
    }

    /// The version as it is kept.
    pub fn to_json(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(StoreError::unreadable)
    }

    /// The keys, if they are long enough.
    pub fn keys(&self) -> Result<(SecretString, DataKeys), StoreError> {
        if self.jwt_signing_key.len() < SIGNING_KEY_MIN_BYTES {
            let reason = format!("jwt_signing_key is shorter than {SIGNING_KEY_MIN_BYTES} bytes");
            return Err(StoreError::unreadable(reason));
        }
        Ok((self.jwt_signing_key.clone().into(), DataKeys::new(&self.data_keys)?))
    }
}

/// 256 bits from the operating system, in 64 characters.
fn random_text() -> Result<String, StoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(StoreError::unreadable)?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_secret_has_another_signing_key_and_the_same_data_keys() {
        let before = SecretValue::generate().unwrap();
        let after = before.rotated().unwrap();
        assert_ne!(before.jwt_signing_key, after.jwt_signing_key);
        assert_eq!(before.data_keys, after.data_keys);
        assert!(after.opens_all_of(&before));
    }

    #[test]
    fn a_new_data_key_is_added_to_the_old_ones() {
        let before = SecretValue::generate().unwrap();
        let after = before.with_new_data_key().unwrap();
        assert_eq!(before.jwt_signing_key, after.jwt_signing_key);
        assert_eq!(after.data_keys.keys().collect::<Vec<_>>(), [&1, &2]);
        assert!(after.opens_all_of(&before) && !before.opens_all_of(&after));
    }

    #[test]
    fn a_secret_of_cloudformations_gets_its_data_key_at_the_first_rotation() {
        let made = SecretValue::parse(&format!(r#"{{"jwt_signing_key": "{}"}}"#, "x".repeat(64))).unwrap();
        assert!(made.keys().unwrap().1.seal(b"x", "").is_err());
        assert!(made.rotated().unwrap().keys().unwrap().1.seal(b"x", "").is_ok());
    }

    #[test]
    fn what_is_no_secret_is_refused_without_quoting_it() {
        let error = SecretValue::parse("hunter2").unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"));
        assert!(SecretValue::parse(r#"{"jwt_signing_key": "short"}"#).unwrap().keys().is_err());
        assert!(!format!("{:?}", SecretValue::generate().unwrap()).contains("jwt"));
    }
}
