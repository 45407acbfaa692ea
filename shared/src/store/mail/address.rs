//! Whom mail is from and to.

use url::Host;

use crate::base::error::Invalid;
use crate::base::{Email, Line};

/// The longest name of a mailbox, in characters.
const MAX_NAME: usize = 200;

/// A mailbox: an address, and perhaps the name of whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Whose it is.
    pub name: Option<String>,
    /// The address.
    pub address: Email,
}

impl From<Email> for Mailbox {
    fn from(address: Email) -> Self {
        Self { name: None, address }
    }
}

impl Mailbox {
    /// Reads `reports@example.com` and `Reports <reports@example.com>`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parts = text.trim().strip_suffix('>').and_then(|text| text.split_once('<'));
        let Some((name, address)) = parts else { return Email::parse(text).map(Self::from) };
        let name = name.trim().trim_matches('"').trim();
        let name = (!name.is_empty())
            .then(|| Line::<MAX_NAME>::parse(name))
            .transpose()?
            .map(|line| line.as_str().to_owned());
        Ok(Self { name, address: Email::parse(address)? })
    }

    /// The address as mail servers without extensions take it, and SES with them: in ASCII, the domain in punycode
    /// ([addresses](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html)).
    pub(super) fn for_smtp(&self) -> Result<String, Invalid> {
        let address = self.address.to_string();
        let parts = address.rsplit_once('@');
        let parts = parts.filter(|(local, _)| is_dot_atom(local)).and_then(|(local, domain)| {
            let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
            domain.split('.').all(is_label).then_some((local, domain))
        });
        match parts {
            Some((local, domain)) => Ok(format!("{local}@{domain}")),
            None => Err("the address is of a kind that mail cannot be sent to".into()),
        }
    }
}

/// What may stand before the `@` without quotes (RFC 5322, section 3.2.3).
fn is_dot_atom(local: &str) -> bool {
    let is_atom_text = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_text))
}

/// A part of a domain (RFC 1035, section 2.3.1, with digits first as well).
fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_smtp(address: &str) -> Option<String> {
        Mailbox::from(Email::parse(address).unwrap()).for_smtp().ok()
    }

    #[test]
    fn a_mailbox_may_have_a_name() {
        for (text, name, address) in [
            ("reports@example.com", None, "reports@example.com"),
            ("<reports@example.com>", None, "reports@example.com"),
            ("Reports <reports@example.com>", Some("Reports"), "reports@example.com"),
            (
                " \"Berichte, täglich\" <Reports@Example.com> ",
                Some("Berichte, täglich"),
                "reports@example.com",
            ),
        ] {
            let mailbox = Mailbox::parse(text).unwrap();
            assert_eq!((mailbox.name.as_deref(), mailbox.address.to_string().as_str()), (name, address));
        }
        for text in ["", "Reports", "Reports <>", "Re\nports <a@example.com>", "A <b <a@example.com>"] {
            assert!(Mailbox::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn addresses_are_made_ascii_or_refused() {
        assert_eq!(for_smtp("you+reports@example.com").as_deref(), Some("you+reports@example.com"));
        assert_eq!(for_smtp("you@bücher.example").as_deref(), Some("you@xn--bcher-kva.example"));
        for address in [
            "bücher@example.com",
            "a,b@example.com",
            "<x>@example.com",
            "\"x\"@example.com",
            "a@b@example.com",
            "a..b@example.com",
            ".a@example.com",
            "a@127.0.0.1",
            "a@[::1]",
            "a@example..com",
            "a@exa<mple.com",
            "a@example.com,b",
        ] {
            assert_eq!(for_smtp(address), None, "{address}");
        }
    }
}
