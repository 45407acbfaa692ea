//! Passwords: Argon2id at OWASP's minimum, off the async threads.
//!
//! Parameters: 19 MiB, two passes, one lane
//! ([OWASP Password Storage Cheat Sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id)).

use std::fmt;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use deserr::Deserr;
use secrecy::{ExposeSecret, SecretString};
use utoipa::ToSchema;

use crate::base::{Error, Invalid};
use crate::model::user::PasswordHash;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Bounds what a client can make us hash.
const MAX_BYTES: usize = 1024;

/// A hash of a random password that nobody knows, with the present parameters. Checking against it makes an unknown
/// email cost the time of a wrong password.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cL+H8ehSQDgWJovEhuFlCw$5uzjK6art5YILQ18xYUe3ZzRcybeAjRGCPmvRz87ZDA";

/// A password as typed.
#[derive(Clone, Deserr, ToSchema)]
#[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, examples("your-password"))]
#[deserr(try_from(String) = Password::parse -> Invalid)]
pub struct Password(SecretString);

impl Password {
    /// Accepts any text of 1 to 1,024 bytes.
    pub fn parse(password: String) -> Result<Self, Invalid> {
        if password.is_empty() {
            return Err("Must not be empty.".into());
        }
        if password.len() > MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {MAX_BYTES} bytes.").into()));
        }
        Ok(Self(password.into()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

/// What a check found.
#[derive(Debug, PartialEq, Eq)]
pub enum Check {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed with parameters of the past: the new hash should replace the old one.
    RightWithNewHash(PasswordHash),
}

/// Hashes a password with a fresh salt.
pub async fn hash(password: Password) -> Result<PasswordHash, Error> {
    off_thread(move || hash_now(&password)).await
}

/// Checks a password against a user's hash, or against nobody's: which takes as long, and is never right.
pub async fn check(password: Password, hash: Option<PasswordHash>) -> Result<Check, Error> {
    off_thread(move || check_now(&password, hash.as_ref())).await
}

/// A hash takes some 15 ms of CPU: on a thread of its own it does not hold up other requests.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
}

fn hash_now(password: &Password) -> Result<PasswordHash, argon2::password_hash::Error> {
    let hash: phc::PasswordHash = argon2()?.hash_password(password.0.expose_secret().as_bytes())?;
    Ok(PasswordHash(hash.to_string()))
}

fn check_now(
    password: &Password,
    hash: Option<&PasswordHash>,
) -> Result<Check, argon2::password_hash::Error> {
    let parsed = phc::PasswordHash::new(hash.map_or(DUMMY_HASH, |hash| &hash.0))?;
    let verified = argon2()?.verify_password(password.0.expose_secret().as_bytes(), &parsed);
    match verified {
        Ok(()) if hash.is_none() => Ok(Check::Wrong),
        Ok(()) if is_current(&parsed) => Ok(Check::Right),
        Ok(()) => hash_now(password).map(Check::RightWithNewHash),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Check::Wrong),
        Err(error) => Err(error),
    }
}

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?))
}

fn params() -> Result<Params, argon2::password_hash::Error> {
    Ok(Params::new(MEMORY_KIB, PASSES, LANES, None)?)
}

fn is_current(hash: &phc::PasswordHash) -> bool {
    let current = params().is_ok_and(|params| {
        Params::try_from(hash).is_ok_and(|used| {
            (used.m_cost(), used.t_cost(), used.p_cost())
                == (params.m_cost(), params.t_cost(), params.p_cost())
        })
    });
    current && hash.algorithm == Algorithm::Argon2id.ident() && hash.version == Some(Version::V0x13.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(text.to_owned()).unwrap()
    }

    fn hash_with(password: &Password, params: Params) -> PasswordHash {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: phc::PasswordHash = argon2.hash_password(password.0.expose_secret().as_bytes()).unwrap();
        PasswordHash(hash.to_string())
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = hash_now(&password("correct horse")).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(check_now(&password("correct horse"), Some(&hash)).unwrap(), Check::Right);
        assert_eq!(check_now(&password("battery staple"), Some(&hash)).unwrap(), Check::Wrong);
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        assert_ne!(hash_now(&password("same")).unwrap(), hash_now(&password("same")).unwrap());
    }

    #[test]
    fn a_hash_with_past_parameters_is_replaced() {
        let past = hash_with(&password("old"), Params::new(8 * 1024, 1, 1, None).unwrap());
        let Check::RightWithNewHash(new) = check_now(&password("old"), Some(&past)).unwrap() else {
            panic!("not replaced");
        };
        assert_eq!(check_now(&password("old"), Some(&new)).unwrap(), Check::Right);
        assert_eq!(check_now(&password("new"), Some(&past)).unwrap(), Check::Wrong);
    }

    #[test]
    fn nobodys_hash_costs_what_a_users_does() {
        assert!(is_current(&phc::PasswordHash::new(DUMMY_HASH).unwrap()));
        assert_eq!(check_now(&password("anything"), None).unwrap(), Check::Wrong);
    }

    #[test]
    fn a_password_never_shows() {
        assert!(!format!("{:?}", password("hunter2")).contains("hunter2"));
        let hash = PasswordHash("$argon2id$secret".into());
        assert!(!format!("{hash:?}").contains("secret"));
    }

    #[test]
    fn length_is_bounded() {
        assert!(Password::parse(String::new()).is_err());
        assert!(Password::parse("x".repeat(MAX_BYTES)).is_ok());
        assert!(Password::parse("x".repeat(MAX_BYTES + 1)).is_err());
    }
}
