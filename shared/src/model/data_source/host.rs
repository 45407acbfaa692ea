//! Hosts that a data source is on, as its connection names them. Whether it may be there, [`Networks`](super::Networks) say.

use deserr::Deserr;
use serde::Serialize;
use url::{Host, Url};
use utoipa::ToSchema;

use crate::base::Invalid;

/// A host name or address.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 253, examples("db.example.com"))]
#[deserr(try_from(&String) = HostName::parse -> Invalid)]
pub struct HostName(String);

impl HostName {
    /// The longest name that DNS can carry (RFC 1035, section 2.3.4, less the lengths and the root).
    const MAX_BYTES: usize = 253;

    /// Accepts a name or an address.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {} bytes.", Self::MAX_BYTES).into()));
        }
        // Reads numbers the way that resolvers do: 127.1, 0x7f000001 and 2130706433 are all 127.0.0.1.
        let host = Host::parse(text.trim()).map_err(|_| "Must be a host name or an IP address.")?;
        Ok(Self(match host {
            Host::Ipv6(address) => address.to_string(),
            host => host.to_string(),
        }))
    }
}

/// An `https://` URL without credentials.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = "uri", max_length = 2000, pattern = "^https://", examples("https://api.example.com/v1"))]
#[deserr(try_from(&String) = HttpsUrl::parse -> Invalid)]
pub struct HttpsUrl(String);

impl HttpsUrl {
    const MAX_BYTES: usize = 2_000;

    /// Accepts an `https://` URL.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {} bytes.", Self::MAX_BYTES).into()));
        }
        let url = Url::parse(text.trim()).map_err(|_| "Must be a URL, like https://example.com/data.")?;
        if url.scheme() != "https" {
            return Err("Must begin with https://.".into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Must not have credentials in it: send them as token.".into());
        }
        url.host().ok_or("Must have a host.")?;
        Ok(Self(url.into()))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_accepted() {
        for host in [
            "db.example.com",
            "DB.Example.COM",
            "8.8.8.8",
            "[2606:4700::1111]",
            "xn--bcher-kva.example",
            "münchen.de",
        ] {
            assert!(HostName::parse(host).is_ok(), "{host}");
        }
        assert_eq!(HttpsUrl::parse("https://example.com/a?b=c").unwrap().0, "https://example.com/a?b=c");
    }

    /// Numbers are read the way that resolvers do, so that what is looked at is what would be connected to.
    #[test]
    fn addresses_are_written_in_one_way() {
        for (text, address) in [
            ("127.1", "127.0.0.1"),
            ("0x7f.0.0.1", "127.0.0.1"),
            ("2130706433", "127.0.0.1"),
            ("0177.0.0.1", "127.0.0.1"),
            ("%31%32%37.0.0.1", "127.0.0.1"),
            ("127。0。0。1", "127.0.0.1"),
            ("①②⑦.⓪.⓪.①", "127.0.0.1"),
            ("[::1]", "::1"),
            ("[::FFFF:127.0.0.1]", "::ffff:127.0.0.1"),
            ("LOCALHOST", "localhost"),
        ] {
            assert_eq!(HostName::parse(text).unwrap().0, address, "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for host in [
            "",
            " ",
            "a b",
            "a/b",
            "user@host.example",
            "host.example:5432",
            "::1",
            "127.0.0.256",
            "0x7f.1.2.3.4",
        ] {
            assert!(HostName::parse(host).is_err(), "{host}");
        }
    }

    #[test]
    fn a_name_has_at_most_253_bytes() {
        let name = |length: usize| format!("{}.com", "a.".repeat(length))[..].to_owned();
        assert!(HostName::parse(&format!("a{}", name(124))[..253]).is_ok());
        for length in [254, 500_000] {
            let reason = HostName::parse(&"a".repeat(length)).unwrap_err().to_string();
            assert_eq!(reason, "Must not be longer than 253 bytes.");
        }
    }

    #[test]
    fn urls_are_https_without_credentials() {
        for url in [
            "http://example.com",
            "ftp://example.com",
            "example.com",
            "https://user:pass@example.com",
            "https://user@example.com",
            "https://",
        ] {
            assert!(HttpsUrl::parse(url).is_err(), "{url}");
        }
        assert!(HttpsUrl::parse(&format!("https://example.com/{}", "x".repeat(2_000))).is_err());
    }
}
