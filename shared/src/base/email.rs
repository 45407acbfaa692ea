//! Email addresses, as identities: compared without regard to case.

use std::fmt;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Invalid;

/// The longest address that SMTP can deliver to (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_BYTES: usize = 254;

/// An address, in lower case and without surrounding space.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, max_length = 254, pattern = "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]+@[^\\s@\\u0000-\\u001f\\u007f-\\u009f]+$", examples("you@example.com"))]
#[serde(try_from = "String")]
#[deserr(try_from(&String) = Email::parse -> Invalid)]
pub struct Email(String);

impl Email {
    /// Accepts `local@domain` of at most 254 bytes. Whether mail arrives there is nothing that syntax can tell, so
    /// no more is asked.
    pub fn parse(address: &str) -> Result<Self, Invalid> {
        let address = address.trim();
        if address.is_empty() {
            return Err("Must not be empty.".into());
        }
        if address.len() > MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {MAX_BYTES} bytes.").into()));
        }
        let parts = address.rsplit_once('@');
        let unfit = |c: char| c.is_control() || c.is_whitespace();
        match parts {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() && !address.contains(unfit) => {
                Ok(Self(address.to_lowercase()))
            }
            _ => Err("Must be an email address, like you@example.com.".into()),
        }
    }
}

impl TryFrom<String> for Email {
    type Error = Invalid;

    fn try_from(address: String) -> Result<Self, Invalid> {
        Self::parse(&address)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(address: &str) -> Result<String, Invalid> {
        Email::parse(address).map(|email| email.0)
    }

    #[test]
    fn case_and_surrounding_space_do_not_matter() {
        assert_eq!(parsed("  You@Example.COM\t").unwrap(), "you@example.com");
        assert_eq!(parsed("ÄRGER@EXAMPLE.COM").unwrap(), "ärger@example.com");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for address in
            ["", "  ", "you", "@example.com", "you@", "y ou@example.com", "you\0@example.com", "a\n@b"]
        {
            assert!(parsed(address).is_err(), "{address:?}");
        }
    }

    #[test]
    fn the_longest_address_is_254_bytes() {
        let domain = "@example.com";
        let longest = "a".repeat(MAX_BYTES - domain.len()) + domain;
        assert!(parsed(&longest).is_ok());
        assert!(parsed(&format!("a{longest}")).is_err());
    }
}
