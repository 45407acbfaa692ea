//! Why something did not start.

/// Why it did not, in words for whoever typed the command.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);
