//! What rests encrypted: AES-256-GCM, with keys from the secret, each named by its version.
//!
//! The context (which organization, which entity) is authenticated along, so that sealed data moved to another place
//! does not open there.

use std::collections::BTreeMap;
use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::error::Error;

/// The standard's nonce (NIST SP 800-38D, section 8.2). Random ones may seal 2^32 messages with one key.
const NONCE_BYTES: usize = 12;

/// The least length of a data key's text in bytes.
const KEY_MIN_BYTES: usize = 32;

/// Encrypted data, and the version of the key that opens it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    key: u32,
    #[serde(with = "serde_bytes")]
    data: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes, key {})", self.data.len(), self.key)
    }
}

/// Why something was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// There is no key to seal with.
    #[error("there is no data key")]
    NoKey,
    /// It was sealed with a key that is not among these: perhaps a newer one.
    #[error("data was sealed with key {0}, which is not known")]
    UnknownKey(u32),
    /// It was altered, or moved from its place, or is not as it must be.
    #[error("{0}")]
    Unreadable(String),
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Error::internal(error)
    }
}

/// The keys that data is sealed with: the newest seals, all open.
#[derive(Clone, Default)]
pub struct DataKeys(BTreeMap<u32, Aes256Gcm>);

impl fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl DataKeys {
    /// Keys from their texts by version. A text is hashed to the 256 bits of its key, so it may be of any form, but must
    /// be as hard to guess.
    pub(crate) fn new(texts: &BTreeMap<u32, String>) -> Result<Self, SealError> {
        let mut keys = BTreeMap::new();
        for (version, text) in texts {
            if text.len() < KEY_MIN_BYTES {
                let reason = format!("data key {version} is shorter than {KEY_MIN_BYTES} bytes");
                return Err(SealError::Unreadable(reason));
            }
            keys.insert(*version, Aes256Gcm::new(&Sha256::digest(text)));
        }
        Ok(Self(keys))
    }

    /// Whether there is a key of that version.
    pub fn has(&self, version: u32) -> bool {
        self.0.contains_key(&version)
    }

    /// Seals `data` for `context`.
    pub fn seal(&self, data: &[u8], context: &str) -> Result<Sealed, SealError> {
        let (key, cipher) = self.0.last_key_value().ok_or(SealError::NoKey)?;
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| SealError::Unreadable(error.to_string()))?;
        let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: data, aad: context.as_bytes() });
        let sealed = sealed.map_err(|_| SealError::Unreadable("data could not be sealed".to_owned()))?;
        Ok(Sealed { key: *key, data: [&nonce[..], &sealed].concat() })
    }

    /// Opens what was sealed for `context`.
    pub fn open(&self, sealed: &Sealed, context: &str) -> Result<Vec<u8>, SealError> {
        let unreadable =
            || SealError::Unreadable(format!("what data key {} sealed does not open", sealed.key));
        let cipher = self.0.get(&sealed.key).ok_or(SealError::UnknownKey(sealed.key))?;
        let (nonce, data) = sealed.data.split_first_chunk::<NONCE_BYTES>().ok_or_else(unreadable)?;
        let opened = cipher.decrypt(&Nonce::from(*nonce), Payload { msg: data, aad: context.as_bytes() });
        opened.map_err(|_| unreadable())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(versions: &[u32]) -> DataKeys {
        let texts = versions.iter().map(|version| (*version, format!("{version:040}"))).collect();
        DataKeys::new(&texts).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let sealed = keys(&[1]).seal(b"hunter2", "1/7").unwrap();
        assert!(!sealed.data.windows(7).any(|window| window == b"hunter2"));
        assert_eq!(keys(&[1]).open(&sealed, "1/7").unwrap(), b"hunter2");
        assert!(keys(&[1]).open(&sealed, "1/8").is_err());
        assert!(keys(&[2]).open(&sealed, "1/7").is_err());
        for index in 0..sealed.data.len() {
            let mut altered = sealed.clone();
            altered.data[index] ^= 1;
            assert!(keys(&[1]).open(&altered, "1/7").is_err());
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let old = keys(&[1]).seal(b"x", "").unwrap();
        let both = keys(&[1, 2]);
        assert_eq!(both.open(&old, "").unwrap(), b"x");
        assert_eq!(both.seal(b"x", "").unwrap().key, 2);
    }

    #[test]
    fn short_keys_and_no_keys_are_refused() {
        assert!(DataKeys::new(&BTreeMap::from([(1, "short".to_owned())])).is_err());
        assert!(DataKeys::default().seal(b"x", "").is_err());
    }
}
