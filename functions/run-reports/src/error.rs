//! Why a job was not done.

use std::io;

use engine::EngineError;
use shared::Error;
use shared::store::{CollectionError, StoreError};

/// Why a job was not done. It is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error("a message that is not ours")]
    Message(#[source] serde_json::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the function's own disk")]
    Disk(#[from] io::Error),
    #[error("the data cannot be read")]
    Engine(#[source] EngineError),
    #[error("mail cannot be sent now: {0}")]
    Mail(String),
    #[error("the report or its run was not written: {0}")]
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
