//! How long each step of fetching may take.

use std::time::Duration;

/// How long each step of fetching may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until there is a connection, TLS included.
    pub connect: Duration,
    /// Until an answer begins.
    pub answer: Duration,
    /// Until more of an answer comes.
    pub more: Duration,
    /// For everything: an attempt at an import has 15 minutes, and what was fetched is still to be read.
    pub all: Duration,
    /// The first pause before something is tried again; each further one is twice as long.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            more: Duration::from_secs(30),
            all: Duration::from_mins(5),
            pause: Duration::from_secs(1),
        }
    }
}
