//! Networks that data sources may be in: the public internet, and those that whoever deploys the API allows.
//!
//! The API connects from where it runs, which may reach what its users must not: itself, its network, and the cloud's metadata
//! service. What a connection says is checked when it is written; what a name leads to, whenever it is used
//! ([`store::hosts`](crate::store::hosts)).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::base::Invalid;

const PRIVATE: &str = "Must be a host on the public internet: loopback, private, link-local and metadata addresses \
                       are refused.";

/// Names that stand for the machine itself or its surroundings (RFC 6761, RFC 6762, and what clouds use).
const LOCAL_SUFFIXES: [&str; 6] = ["localhost", "local", "internal", "localdomain", "home.arpa", "lan"];

/// The networks that are allowed beside the public internet. The default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

/// A text that says no networks.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no network: write networks as in 10.0.0.0/16,fd00:1234::/32")]
pub struct NoNetwork(String);

impl Networks {
    /// Those of the machine itself: for a server that only its own developer uses.
    pub const LOOPBACK: &str = "127.0.0.0/8,::1/128";

    /// Reads networks with commas between them. Nothing is none.
    pub fn parse(text: &str) -> Result<Self, NoNetwork> {
        let network = |text: &str| -> Result<IpNet, NoNetwork> {
            let address = || text.parse::<IpAddr>().map(IpNet::from);
            text.parse().or_else(|_| address()).map_err(|_| NoNetwork(text.to_owned()))
        };
        let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
        texts.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a data source may be at the address.
    pub fn admits(&self, address: IpAddr) -> bool {
        let stands_for = match address {
            IpAddr::V6(address) => embedded_v4(address).map_or(IpAddr::V6(address), IpAddr::V4),
            IpAddr::V4(_) => address,
        };
        is_public(stands_for) || self.0.iter().any(|network| network.contains(&stands_for))
    }

    /// Refuses a host that says itself that it is not where data sources may be. A name that says nothing is let through: it is
    /// checked when it is used. So is any name where networks are allowed that have names of their own.
    pub fn check_host(&self, host: &str) -> Result<(), Invalid> {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        let is_admitted = match address {
            Ok(address) => self.admits(address),
            Err(_) => !self.0.is_empty() || is_public_name(host),
        };
        if is_admitted { Ok(()) } else { Err(PRIVATE.into()) }
    }
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
        IpAddr::V6(address) => is_public_v6(address),
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
    fn what_is_not_public_is_refused_unless_its_network_is_allowed() {
        let none = Networks::default();
        let some = Networks::parse("10.0.0.0/8, 192.168.7.9 ,fd00::/8,").unwrap();
        for (host, is_allowed) in [
            ("8.8.8.8", true),
            ("db.example.com", true),
            ("2606:4700::1111", true),
            ("[2606:4700::1111]", true),
        ] {
            assert_eq!(
                (none.check_host(host).is_ok(), some.check_host(host).is_ok()),
                (is_allowed, true),
                "{host}"
            );
        }
        for host in [
            "localhost",
            "localhost.",
            "a.localhost",
            "db",
            "db.local",
            "metadata.google.internal",
            "router.lan",
            "10.0.0.1",
            "10.255.255.255",
            "192.168.7.9",
            "::ffff:10.0.0.1",
            "[::ffff:10.0.0.1]",
            "64:ff9b::a00:1",
            "fd00:ec2::254",
        ] {
            assert_eq!(
                (none.check_host(host).is_ok(), some.check_host(host).is_ok()),
                (false, true),
                "{host}"
            );
        }
        for host in [
            "127.0.0.1",
            "0.0.0.0",
            "172.16.0.1",
            "192.168.7.8",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:169.254.169.254",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert_eq!(
                (none.check_host(host).is_ok(), some.check_host(host).is_ok()),
                (false, false),
                "{host}"
            );
        }
    }

    #[test]
    fn networks_are_written_with_commas_between_them() {
        assert_eq!(Networks::parse("").unwrap(), Networks::default());
        assert!(Networks::parse(Networks::LOOPBACK).unwrap().admits([127, 1, 2, 3].into()));
        for bad in ["x", "10.0.0.0/33", "10.0.0.0-10.0.0.9", "10.0.0.0/8;fd00::/8", "localhost"] {
            let error = Networks::parse(bad).unwrap_err().to_string();
            assert!(error.contains(bad), "{error}");
        }
    }
}
