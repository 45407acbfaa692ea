//! Where something is on the web.

use std::fmt;

use shared::model::data_source::Networks;
use url::{Origin, Url};

use crate::web::Trouble;

/// The longest URL that is followed, in bytes.
const MAX_BYTES: usize = 8_000;

/// An `https://` URL of a host that data sources may be on, as far as it says itself. Shown as host and path.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Location(Url);

impl Location {
    /// Checks a URL. `what` is what named it.
    pub fn parse(text: &str, networks: &Networks, what: &str) -> Result<Self, Trouble> {
        Self::of(Url::parse(text).ok(), networks, what)
    }

    /// A URL that this one names, perhaps relative to itself.
    pub fn join(&self, text: &str, networks: &Networks, what: &str) -> Result<Self, Trouble> {
        Self::of(self.0.join(text).ok().filter(|_| text.len() <= MAX_BYTES), networks, what)
    }

    fn of(url: Option<Url>, networks: &Networks, what: &str) -> Result<Self, Trouble> {
        let refused = |why: &str| Err(Trouble::Lasting(format!("{what} {why}")));
        let Some(mut url) = url.filter(|url| url.as_str().len() <= MAX_BYTES) else {
            return refused("is no URL of at most 8000 bytes.");
        };
        let Some(host) = url.host_str().filter(|_| url.scheme() == "https") else {
            return refused("is no https:// URL: nothing is fetched without encryption.");
        };
        if networks.check_host(host).is_err() {
            return refused(&format!(
                "is on the host {host}, which is not on the public internet: loopback, private, link-local and metadata addresses \
                 are refused."
            ));
        }
        // Neither is sent.
        if url.set_username("").is_err() || url.set_password(None).is_err() {
            return refused("has no host.");
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The host, as it is looked up.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }

    /// Who is asked for it: credentials for one are sent to no other.
    pub fn origin(&self) -> Origin {
        self.0.origin()
    }

    /// What the request asks for.
    pub fn target(&self) -> String {
        match self.0.query() {
            Some(query) => format!("{}?{query}", self.0.path()),
            None => self.0.path().to_owned(),
        }
    }

    /// The value of the `Host` header.
    pub fn authority(&self) -> String {
        match self.0.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: String = self.0.path().chars().take(200).collect();
        write!(f, "{}{path}", self.authority())
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_checked_and_shows_no_query() {
        let networks = Networks::default();
        let location =
            Location::parse("https://user:secret@example.com:8443/a/b?key=secret#x", &networks, "It")
                .unwrap();
        assert_eq!(
            (location.to_string().as_str(), location.target().as_str()),
            ("example.com:8443/a/b", "/a/b?key=secret")
        );
        assert!(!format!("{location:?}").contains("secret"));
        assert_eq!(location.join("../c?d", &networks, "It").unwrap().target(), "/c?d");
        assert_eq!(location.join("https://other.example/", &networks, "It").unwrap().host(), "other.example");
        for bad in [
            "http://example.com/",
            "//127.0.0.1/",
            "https://localhost/",
            "https://[::1]/",
            "https://169.254.169.254/latest",
            "ftp://x.example/",
            "https://2130706433/",
            "https://",
        ] {
            let refused = location.join(bad, &networks, "The next page").unwrap_err().to_string();
            assert!(refused.starts_with("The next page is "), "{bad}: {refused}");
        }
        assert!(location.join(&"x".repeat(8_001), &networks, "It").is_err());
    }
}
