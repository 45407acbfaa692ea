//! Hosts that a data source may be on: those of the public internet.
//!
//! The API would connect from where it runs, which may reach what its users must not: itself, its network, and the cloud's
//! metadata service. What a name resolves to is checked when it is used; here, what it says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use deserr::Deserr;
use serde::Serialize;
use url::{Host, Url};
use utoipa::ToSchema;

use crate::base::Invalid;

const PRIVATE: &str = "Must be a host on the public internet: loopback, private, link-local and metadata addresses \
                       are refused.";

/// Names that stand for the machine itself or its surroundings (RFC 6761, RFC 6762, and what clouds use).
const LOCAL_SUFFIXES: [&str; 6] = ["localhost", "local", "internal", "localdomain", "home.arpa", "lan"];

/// A host name or address.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 253, examples("db.example.com"))]
#[deserr(try_from(&String) = HostName::parse -> Invalid)]
pub struct HostName(String);

impl HostName {
    /// The longest name that DNS can carry (RFC 1035, section 2.3.4, less the lengths and the root).
    const MAX_BYTES: usize = 253;

    /// Accepts a name or an address on the public internet.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {} bytes.", Self::MAX_BYTES).into()));
        }
        // Reads numbers the way that resolvers do: 127.1, 0x7f000001 and 2130706433 are all 127.0.0.1.
        let host = Host::parse(text.trim()).map_err(|_| "Must be a host name or an IP address.")?;
        check(&host)?;
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

    /// Accepts an `https://` URL of a host on the public internet.
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
        check(&url.host().ok_or("Must have a host.")?)?;
        Ok(Self(url.into()))
    }
}

fn check<S: AsRef<str>>(host: &Host<S>) -> Result<(), Invalid> {
    let is_public = match host {
        Host::Domain(name) => is_public_name(name.as_ref()),
        Host::Ipv4(address) => is_public(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(*address)),
    };
    if is_public { Ok(()) } else { Err(PRIVATE.into()) }
}

/// A name within a domain, and none of the surroundings'.
fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let is_within =
        |suffix: &str| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    name.contains('.') && !LOCAL_SUFFIXES.iter().any(|suffix| is_within(suffix))
}

/// Whether an address is globally reachable (the IANA special-purpose address registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => embedded_v4(address).map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || (a == 100 && (64..128).contains(&b)) // carriers' NAT (RFC 6598)
        || (a == 192 && b == 0 && c == 0) // protocol assignments (RFC 6890)
        || (a == 198 && (18..20).contains(&b)) // benchmarking (RFC 2544)
        || a >= 240; // reserved, broadcast
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Global unicast is 2000::/3, less documentation (2001:db8::/32, 3fff::/20) and Teredo and kin (2001::/23).
    let [first, second, ..] = address.segments();
    let is_global = first & 0xe000 == 0x2000;
    let is_special =
        first == 0x2001 && (second == 0x0db8 || second < 0x0200) || first == 0x3fff && second < 0x1000;
    is_global && !is_special
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (`64:ff9b::/96`) or tunnelled (6to4).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_are_accepted() {
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

    #[test]
    fn what_is_not_public_is_refused() {
        for host in [
            "",
            " ",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "db",
            "db.local",
            "metadata.google.internal",
            "instance-data.ec2.internal",
            "router.lan",
            "127.0.0.1",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
            "0177.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
            "[2001:db8::1]",
            "[ff02::1]",
            "a b",
            "a/b",
            "user@host.example",
            "host.example:5432",
            "::1",
            "%31%32%37.0.0.1",
            "127。0。0。1",
            "①②⑦.⓪.⓪.①",
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
    fn urls_are_https_without_credentials_on_public_hosts() {
        for url in [
            "http://example.com",
            "ftp://example.com",
            "example.com",
            "https://user:pass@example.com",
            "https://user@example.com",
            "https://localhost/",
            "https://127.0.0.1:8080/",
            "https://[::1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://",
        ] {
            assert!(HttpsUrl::parse(url).is_err(), "{url}");
        }
        assert!(HttpsUrl::parse(&format!("https://example.com/{}", "x".repeat(2_000))).is_err());
    }
}
