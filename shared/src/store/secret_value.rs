//! What the secret's versions hold, and how the next version comes from the last.
//!
//! ```json
//! {"jwt_signing_key": "…", "previous_jwt_signing_key": "…", "data_keys": {"1": "…"}}
//! ```
//!
//! Every version has all data keys of the one before, so that what they sealed stays readable, and the signing key before its own,
//! so that tokens signed with that one stay good. A signing key is known by a digest of itself: a version that only adds a data key
//! changes nothing about tokens.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::DataKeys;
use crate::store::StoreError;

/// The least length of a signing key in bytes: that of HS256's hash (RFC 7518, section 3.2).
const SIGNING_KEY_MIN_BYTES: usize = 32;

/// A version of the secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretValue {
    jwt_signing_key: String,
    /// The signing key before the last rotation. There is none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_jwt_signing_key: Option<String>,
    /// Texts of the data keys by version: the highest seals, all open. CloudFormation can make up one text only, the signing key:
    /// where there are none, the first is [derived](SecretValue::data_keys) from it.
    #[serde(default)]
    data_keys: BTreeMap<u32, String>,
}

/// A key that signs tokens, and the id that tokens name it by.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// The `kid` of tokens signed with the key: a digest of the key.
    pub id: String,
    /// The key itself.
    pub secret: SecretString,
}

/// The keys that tokens may be signed with at present.
#[derive(Debug, Clone)]
pub struct SigningKeys {
    /// Signs new tokens.
    pub current: SigningKey,
    /// Still verifies tokens signed before the last rotation.
    pub previous: Option<SigningKey>,
}

impl SigningKeys {
    /// The key of that id, if it is one of them.
    pub fn find(&self, id: &str) -> Option<&SigningKey> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|key| key.id == id)
    }
}

impl SigningKey {
    fn new(text: &str) -> Result<Self, StoreError> {
        if text.len() < SIGNING_KEY_MIN_BYTES {
            let reason = format!("a signing key is shorter than {SIGNING_KEY_MIN_BYTES} bytes");
            return Err(StoreError::unreadable(reason));
        }
        // A key of that length cannot be found by its digest.
        let digest = Sha256::digest(format!("claribi signing key {text}"));
        Ok(Self { id: data_encoding::HEXLOWER.encode(&digest[..8]), secret: text.to_owned().into() })
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue(data keys {:?})", self.data_keys.keys())
    }
}

impl SecretValue {
    /// A first version with random keys.
    pub fn generate() -> Result<Self, StoreError> {
        let data_keys = BTreeMap::from([(1, random_text()?)]);
        Ok(Self { jwt_signing_key: random_text()?, previous_jwt_signing_key: None, data_keys })
    }

    /// The next version: another signing key, the same data keys.
    pub fn rotated(&self) -> Result<Self, StoreError> {
        Ok(Self {
            jwt_signing_key: random_text()?,
            previous_jwt_signing_key: Some(self.jwt_signing_key.clone()),
            data_keys: self.data_keys(),
        })
    }

    /// The next version: the same signing keys, and one more data key, which seals from then on.
    pub fn with_new_data_key(&self) -> Result<Self, StoreError> {
        let mut data_keys = self.data_keys();
        let version = data_keys.last_key_value().map_or(1, |(version, _)| version + 1);
        data_keys.insert(version, random_text()?);
        Ok(Self { data_keys, ..self.clone() })
    }

    /// Whether this version may take the place of `current`: it opens all that was sealed, and verifies the tokens of today.
    pub fn may_follow(&self, current: &Self) -> bool {
        let opens =
            current.data_keys().iter().all(|(version, key)| self.data_keys().get(version) == Some(key));
        let signing_keys = [Some(&self.jwt_signing_key), self.previous_jwt_signing_key.as_ref()];
        opens && signing_keys.contains(&Some(&current.jwt_signing_key))
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
    pub fn keys(&self) -> Result<(SigningKeys, DataKeys), StoreError> {
        let current = SigningKey::new(&self.jwt_signing_key)?;
        let previous = self.previous_jwt_signing_key.as_deref().map(SigningKey::new).transpose()?;
        Ok((SigningKeys { current, previous }, DataKeys::new(&self.data_keys())?))
    }

    /// The data keys. Where none is kept yet, the first is an HMAC under the signing key; the first rotation writes it down, since
    /// the signing key is then another.
    fn data_keys(&self) -> BTreeMap<u32, String> {
        if !self.data_keys.is_empty() {
            return self.data_keys.clone();
        }
        let key = self.jwt_signing_key.as_bytes();
        let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        let derived = mac.chain_update("claribi data key 1").finalize().into_bytes();
        BTreeMap::from([(1, data_encoding::HEXLOWER.encode(&derived))])
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

    fn kid(value: &SecretValue) -> String {
        value.keys().unwrap().0.current.id
    }

    #[test]
    fn a_rotated_secret_has_another_signing_key_and_knows_the_last() {
        let before = SecretValue::generate().unwrap();
        let after = before.rotated().unwrap();
        assert_ne!(kid(&before), kid(&after));
        assert_eq!(before.data_keys, after.data_keys);
        assert!(after.may_follow(&before) && !before.may_follow(&after));
        let (signing, _) = after.keys().unwrap();
        assert!(signing.find(&kid(&before)).is_some() && signing.find(&kid(&after)).is_some());
        let (signing, _) = after.rotated().unwrap().keys().unwrap();
        assert!(signing.find(&kid(&before)).is_none(), "two rotations end the tokens of before");
    }

    #[test]
    fn a_new_data_key_is_added_to_the_old_ones_and_changes_nothing_about_tokens() {
        let first = SecretValue::generate().unwrap();
        let before = first.rotated().unwrap();
        let after = before.with_new_data_key().unwrap().with_new_data_key().unwrap();
        assert_eq!(after.data_keys.keys().collect::<Vec<_>>(), [&1, &2, &3]);
        assert!(after.may_follow(&before) && !before.may_follow(&after));
        let (signing, _) = after.keys().unwrap();
        assert_eq!(signing.current.id, kid(&before));
        assert_eq!(signing.previous.unwrap().id, kid(&first));
    }

    #[test]
    fn a_secret_of_cloudformations_has_a_data_key_that_every_later_version_keeps() {
        let made = SecretValue::parse(&format!(r#"{{"jwt_signing_key": "{}"}}"#, "x".repeat(64))).unwrap();
        let sealed = made.keys().unwrap().1.seal(b"x", "").unwrap();
        for later in [made.rotated().unwrap(), made.with_new_data_key().unwrap().rotated().unwrap()] {
            assert!(later.keys().unwrap().1.open(&sealed, "").is_ok());
        }
        assert!(made.rotated().unwrap().may_follow(&made));
    }

    #[test]
    fn what_is_no_secret_is_refused_without_quoting_it() {
        let error = SecretValue::parse("hunter2").unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"));
        assert!(SecretValue::parse(r#"{"jwt_signing_key": "short"}"#).unwrap().keys().is_err());
        assert!(!format!("{:?}", SecretValue::generate().unwrap()).contains("jwt"));
    }
}
