//! Fetching over HTTPS from hosts that customers name.
//!
//! A host is looked up once for a connection, what its name leads to is checked, and that is connected to. Whoever answers is not
//! trusted: each step has a time of its own, redirects are checked as the first URL was, and what is said of a URL to anybody is its host
//! and path, as there may be secrets in the rest.

mod answer;
mod client;
mod connect;
mod location;
mod patience;
mod retry;
mod trouble;
mod trust;

pub use patience::Patience;
pub use trust::Trust;

pub(crate) use answer::Answer;
pub(crate) use client::Client;
pub(crate) use location::Location;
pub(crate) use retry::{Download, Page};
pub(crate) use trouble::Trouble;
