//! API keys as they are presented: `claribi_sk_live_` and 96 characters.
//!
//! The 96 characters are 60 bytes in Crockford's base 32, lower case: digits and letters without `i`, `l`, `o` and `u`.
//!
//! | bytes | |
//! |---|---|
//! | 8 + 8 + 8 | organization, user and key number: where to look, so that all reads are known before any I/O |
//! | 32 | the secret, from the operating system |
//! | 4 | CRC-32 of the prefix and all of the above |
//!
//! A changed character changes at most five neighbouring bits, which a CRC-32 always notices: a typo is refused before
//! any I/O, and secret scanners can tell a key from a look-alike.

use std::fmt;
use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::base::{ApiKeyId, Code, Error, OrganizationId, UserId};
use crate::model::api_key::SecretDigest;

const SECRET_BYTES: usize = 32;
const PAYLOAD_BYTES: usize = 24 + SECRET_BYTES;
const TEXT_BYTES: usize = (PAYLOAD_BYTES + 4) * 8 / 5;

static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut alphabet = Specification::new();
    alphabet.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    alphabet.encoding().expect("32 different ASCII symbols make a base 32")
});

/// Which deployment a key is for, as its prefix shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Keys begin with `claribi_sk_live_`.
    Production,
    /// Any other; keys begin with `claribi_sk_test_`.
    Test,
}

impl Stage {
    /// The stage of that name: `production`, or a test stage.
    pub fn of(name: &str) -> Self {
        if name == "production" { Self::Production } else { Self::Test }
    }

    /// What its keys begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Production => "claribi_sk_live_",
            Self::Test => "claribi_sk_test_",
        }
    }
}

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The organization.
    pub organization: OrganizationId,
    /// The key's user.
    pub user: UserId,
    /// The key's number.
    pub id: ApiKeyId,
}

/// A key that has the form of one. Whether it is one is still to be seen.
#[derive(Clone)]
pub struct PresentedKey {
    /// Where it says that it is kept.
    pub location: Location,
    secret_digest: SecretDigest,
    fingerprint: [u8; 32],
}

impl fmt::Debug for PresentedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedKey").field("location", &self.location).finish_non_exhaustive()
    }
}

impl PresentedKey {
    /// Reads a key of this stage.
    pub fn parse(stage: Stage, text: &SecretString) -> Result<Self, Error> {
        let text = text.expose_secret();
        let Some(encoded) = text.strip_prefix(stage.prefix()) else {
            return Err(refused(&format!("Keys of this API begin with {}.", stage.prefix())));
        };
        let malformed = || refused("It is not a complete key: copy it exactly as it was shown.");
        if encoded.len() != TEXT_BYTES {
            return Err(malformed());
        }
        let bytes = CROCKFORD.decode(encoded.as_bytes()).map_err(|_| malformed())?;
        let (payload, checksum) = bytes.split_at_checked(PAYLOAD_BYTES).ok_or_else(malformed)?;
        if checksum != self::checksum(stage, payload) {
            return Err(malformed());
        }
        let (location, secret) = payload.split_at_checked(24).ok_or_else(malformed)?;
        let (numbers, _) = location.as_chunks::<8>();
        let &[organization, user, id] = numbers else { return Err(malformed()) };
        let location = Location {
            organization: u64::from_be_bytes(organization).into(),
            user: u64::from_be_bytes(user).into(),
            id: u64::from_be_bytes(id).into(),
        };
        Ok(Self { location, secret_digest: digest(secret), fingerprint: Sha256::digest(text).into() })
    }

    /// Whether its secret is the one that was digested, compared in constant time.
    pub fn matches(&self, digest: &SecretDigest) -> bool {
        self.secret_digest.0.ct_eq(&digest.0).into()
    }

    /// What its secret is checked against.
    pub fn secret_digest(&self) -> &SecretDigest {
        &self.secret_digest
    }

    /// A digest of all of it, which names what it spends. A forged key has another than the key that it imitates.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }
}

/// Makes a key to be kept at `location`, and what it is checked against.
pub fn mint(stage: Stage, location: Location) -> Result<(SecretString, SecretDigest), getrandom::Error> {
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret)?;
    Ok((encode(stage, location, &secret), digest(&secret)))
}

fn encode(stage: Stage, location: Location, secret: &[u8; SECRET_BYTES]) -> SecretString {
    let mut bytes = Vec::with_capacity(PAYLOAD_BYTES + 4);
    bytes.extend(u64::from(location.organization).to_be_bytes());
    bytes.extend(u64::from(location.user).to_be_bytes());
    bytes.extend(u64::from(location.id).to_be_bytes());
    bytes.extend(secret);
    bytes.extend(checksum(stage, &bytes));
    format!("{}{}", stage.prefix(), CROCKFORD.encode(&bytes)).into()
}

fn checksum(stage: Stage, payload: &[u8]) -> [u8; 4] {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(stage.prefix().as_bytes());
    checksum.update(payload);
    checksum.finalize().to_be_bytes()
}

fn digest(secret: &[u8]) -> SecretDigest {
    SecretDigest(Sha256::digest(secret).to_vec())
}

fn refused(reason: &str) -> Error {
    Error::new(Code::InvalidApiKey, format!("The API key was refused. {reason}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn location(organization: u64, user: u64, id: u64) -> Location {
        Location { organization: organization.into(), user: user.into(), id: id.into() }
    }

    proptest! {
        #[test]
        fn a_key_says_where_it_is_kept(organization: u64, user: u64, id: u64, secret: [u8; 32], live: bool) {
            let stage = if live { Stage::Production } else { Stage::Test };
            let key = encode(stage, location(organization, user, id), &secret);
            prop_assert_eq!(key.expose_secret().len(), 16 + TEXT_BYTES);
            let presented = PresentedKey::parse(stage, &key).unwrap();
            prop_assert_eq!(presented.location, location(organization, user, id));
            prop_assert!(presented.matches(&digest(&secret)));
        }

        #[test]
        fn any_other_character_is_noticed(
            user: u64, id: u64, secret: [u8; 32], at in 0..16 + TEXT_BYTES, other in any::<char>(),
        ) {
            let key = encode(Stage::Test, location(1, user, id), &secret);
            let mut characters: Vec<char> = key.expose_secret().chars().collect();
            prop_assume!(characters[at] != other);
            characters[at] = other;
            let altered: String = characters.into_iter().collect();
            let refusal = PresentedKey::parse(Stage::Test, &altered.into()).unwrap_err();
            prop_assert_eq!(refusal.code(), Code::InvalidApiKey);
        }

        #[test]
        fn any_other_length_is_noticed(secret: [u8; 32], cut in 1..112_usize, added in "[0-9a-z]{1,8}") {
            let key = encode(Stage::Test, location(1, 2, 3), &secret).expose_secret().to_owned();
            prop_assert!(PresentedKey::parse(Stage::Test, &key[..key.len() - cut].to_owned().into()).is_err());
            prop_assert!(PresentedKey::parse(Stage::Test, &(key + &added).into()).is_err());
        }
    }

    #[test]
    fn every_neighbour_in_the_alphabet_is_noticed() {
        let key = encode(Stage::Test, location(1, 2, 3), &[7; 32]).expose_secret().to_owned();
        for at in 16..key.len() {
            for symbol in
                "0123456789abcdefghjkmnpqrstvwxyz".chars().filter(|symbol| !key[at..].starts_with(*symbol))
            {
                let altered = format!("{}{symbol}{}", &key[..at], &key[at + 1..]);
                assert!(PresentedKey::parse(Stage::Test, &altered.into()).is_err(), "{at} {symbol}");
            }
        }
    }

    #[test]
    fn a_key_of_another_stage_is_told_so() {
        let key = encode(Stage::Production, location(1, 2, 3), &[7; 32]);
        let refusal = PresentedKey::parse(Stage::Test, &key).unwrap_err();
        assert!(format!("{refusal:?}").contains("begin with claribi_sk_test_"));
    }

    #[test]
    fn a_key_never_shows() {
        let key = encode(Stage::Test, location(1, 2, 3), &[7; 32]);
        let presented = PresentedKey::parse(Stage::Test, &key).unwrap();
        assert!(!format!("{presented:?} {key:?}").contains(&key.expose_secret()[60..]));
    }
}
