//! Why a job was not done.

use std::io;

use shared::Error;
use shared::store::{CollectionError, StoreError};

use crate::job::task::UnknownMessage;

/// Why a job was not done. It is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error(transparent)]
    Message(#[from] UnknownMessage),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the bucket sent {received} of {expected} bytes")]
    Truncated { expected: u64, received: u64 },
    #[error("the data source was given other data meanwhile")]
    Moved,
    #[error("the function's own disk")]
    Disk(#[source] io::Error),
    #[error("the file could not be read for a reason of ours: {0}")]
    Reading(String),
    #[error("what was read could not be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the data source or its import was not written: {0}")]
    Collection(String),
}

impl<R: std::fmt::Debug> From<CollectionError<R>> for JobError {
    fn from(error: CollectionError<R>) -> Self {
        match error {
            CollectionError::Store(error) => Self::Store(error),
            error => Self::Collection(format!("{error:?}")),
        }
    }
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        Self::Collection(format!("{error:?}"))
    }
}
