//! Hosts that data sources are on, looked up when they are connected to.
//!
//! A name can lead elsewhere from one look-up to the next. So it is looked up once, what it leads to is checked, and only what was
//! checked is connected to: nobody else may look it up again.

use std::net::{IpAddr, SocketAddr};

use crate::model::data_source::Networks;

/// Why a host is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// Nobody knows it.
    #[error("The host {0} is not known: its name leads nowhere.")]
    Unknown(String),
    /// It is none that a data source may be on.
    #[error(
        "The host {0} is not on the public internet: its name leads to a loopback, private, link-local or metadata address, and \
         such networks are refused unless whoever runs the API allows them."
    )]
    Refused(String),
}

/// The addresses of a host that data sources may be on: at least one. The host is a name or an address, without a port.
pub async fn look_up(networks: &Networks, host: &str, port: u16) -> Result<Vec<SocketAddr>, LookupError> {
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let found = match literal {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => resolve(host, port).await,
    };
    admitted(networks, host, found)
}

#[expect(clippy::disallowed_methods, reason = "what it finds is checked, and nothing else is connected to")]
async fn resolve(host: &str, port: u16) -> Vec<SocketAddr> {
    tokio::net::lookup_host((host, port)).await.map_or_else(|_| Vec::new(), Iterator::collect)
}

/// Those of a host's addresses that may be connected to.
fn admitted(networks: &Networks, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, LookupError> {
    if found.is_empty() {
        return Err(LookupError::Unknown(host.to_owned()));
    }
    let admitted: Vec<_> = found.into_iter().filter(|address| networks.admits(address.ip())).collect();
    if admitted.is_empty() { Err(LookupError::Refused(host.to_owned())) } else { Ok(admitted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_name_leads_to_is_checked_when_it_is_used() {
        let (none, loopback) = (Networks::default(), Networks::parse(Networks::LOOPBACK).unwrap());
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            let refused = look_up(&none, host, 443).await.unwrap_err();
            assert_eq!(refused, LookupError::Refused(host.to_owned()));
            let admitted = look_up(&loopback, host, 443).await.unwrap();
            assert!(admitted.iter().all(|address| address.ip().is_loopback() && address.port() == 443));
        }
        assert_eq!(look_up(&none, "8.8.8.8", 1).await.unwrap(), [SocketAddr::from(([8, 8, 8, 8], 1))]);
        let unknown = look_up(&loopback, "no-such-host.invalid", 443).await.unwrap_err();
        assert_eq!(unknown, LookupError::Unknown("no-such-host.invalid".to_owned()));
    }

    /// As names do whose owner wants the second of them to be tried, and those that have another one each time.
    #[test]
    fn of_a_name_that_leads_to_several_addresses_only_public_ones_are_left() {
        let found = |addresses: &[&str]| -> Vec<SocketAddr> {
            addresses.iter().map(|address| address.parse().unwrap()).collect()
        };
        let public = found(&["8.8.8.8:5432", "[2001:4860:4860::8888]:5432"]);
        let inside = [
            "127.0.0.1:5432",
            "10.0.0.7:5432",
            "169.254.169.254:5432",
            "100.64.0.1:5432",
            "[::ffff:10.0.0.7]:5432",
        ];
        let all = [found(&inside), Vec::clone(&public), found(&["[fd00:ec2::254]:5432"])].concat();
        assert_eq!(admitted(&Networks::default(), "db.example.com", all), Ok(public));
        let refused = admitted(&Networks::default(), "db.example.com", found(&inside));
        assert_eq!(refused, Err(LookupError::Refused("db.example.com".to_owned())));
    }
}
