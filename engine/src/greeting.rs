//! How what has data answers to who says hello.

use std::time::Duration;

/// How what has data answers to who says hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The server, as it calls itself, if it does.
    pub server: Option<String>,
    /// How long it takes to answer a question that needs no work.
    pub latency: Duration,
}
