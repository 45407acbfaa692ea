//! Why nothing was fetched.

use std::io;
use std::time::Duration;

/// Why nothing was fetched: but for our own disk, in words for whoever made the data source.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It is no use to try again.
    #[error("{0}")]
    Lasting(String),
    /// It may be over soon: after this time, if that was said.
    #[error("{reason}")]
    Passing {
        /// What it is.
        reason: String,
        /// When it is over.
        after: Option<Duration>,
    },
    /// It is larger than there is room for. Whoever knows how much that was says so.
    #[error("too large")]
    TooLarge,
    /// It is not their fault.
    #[error("the function's own disk")]
    Disk(#[from] io::Error),
}

impl Trouble {
    /// What may be over soon.
    pub fn passing(reason: String) -> Self {
        Self::Passing { reason, after: None }
    }
}
