//! Fetching over HTTPS from hosts that customers name.
//!
//! A host is looked up once for a connection, what its name leads to is checked, and that is connected to. Whoever answers is not
//! trusted: each step has a time of its own, redirects are checked as the first URL was, and what is said of a URL to anybody is its host
//! and path, as there may be secrets in the rest.

mod answer;
mod client;
mod connect;
mod greet;
mod location;
mod patience;
mod refusal;
mod retry;
mod trouble;
mod trust;

pub use answer::Answer;
pub use client::Client;
pub use greet::greet;
pub use location::Location;
pub use patience::Patience;
pub use retry::{Download, Page};
pub use trouble::Trouble;
pub use trust::Trust;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use tokio_rustls::rustls;

/// How hosts of customers are reached. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Web {
    /// Whose certificates are trusted.
    pub trust: Trust,
    /// How long each step may take.
    pub patience: Patience,
    /// How to wait before something is tried again.
    pub sleep: SharedAsyncSleep,
}

impl Web {
    /// Hosts with certificates that browsers trust.
    pub fn public() -> Result<Self, rustls::Error> {
        let sleep = SharedAsyncSleep::new(TokioSleep::new());
        Ok(Self { trust: Trust::public()?, patience: Patience::default(), sleep })
    }
}
