//! Why a query has no answer.

use std::time::Duration;

use arrow::error::ArrowError;
use datafusion_common::DataFusionError;
use shared::Error;
use shared::base::{Code, Fields};

use crate::database::SourceError;
use crate::file::ReadError;
use crate::standing::StandingId;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// `fill` would add more than so many rows.
    #[error("fill would add more than {0} rows")]
    Overfilled(usize),
    /// It needs more memory than queries may take.
    #[error("the query needs too much memory: {0}")]
    TooLarge(String),
    /// It took longer than this.
    #[error("the query took longer than {} s", .0.as_secs())]
    Timeout(Duration),
    /// The data could not be read.
    #[error("the data could not be read: {0}")]
    Unreadable(#[source] ReadError),
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Source(#[from] SourceError),
    /// It goes on where the data is: whoever asks again goes on with it.
    #[error("the query is still running")]
    Running(StandingId),
    /// Something is wrong with the engine.
    #[error("{0}")]
    Internal(String),
}

impl EngineError {
    /// What a client is told. `path` is where the query is in what it sent, for names of fields.
    pub fn told(self, path: &str) -> Error {
        match self {
            Self::Overfilled(most) => {
                let mut fields = Fields::default();
                let reason = "take a shorter time range, a coarser grain or fewer dimensions";
                fields.add(format!("{path}.fill"), format!("Would add more than {most} rows: {reason}."));
                Error::validation(fields)
            }
            Self::TooLarge(_) => {
                let detail =
                    "The query makes more groups than there is memory for: add filters, or group by less.";
                Error::new(Code::BadRequest, detail).caused_by(self)
            }
            Self::Timeout(limit) => {
                let detail = format!(
                    "The query took longer than {} s and was ended: take a shorter time range, or add filters.",
                    limit.as_secs()
                );
                Error::new(Code::QueryTimeout, detail)
            }
            Self::Running(_) => Error::new(
                Code::QueryTimeout,
                "The query is still running where the data is: ask again later.",
            ),
            Self::Unreadable(_) => Error::unavailable(self),
            Self::Source(error) => error.into(),
            Self::Internal(_) => Error::internal(self),
        }
    }
}

impl From<ArrowError> for EngineError {
    fn from(error: ArrowError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<ReadError> for EngineError {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

impl From<DataFusionError> for EngineError {
    fn from(error: DataFusionError) -> Self {
        match error {
            DataFusionError::External(source) => match source.downcast::<ReadError>() {
                Ok(error) => Self::Unreadable(*error),
                Err(source) => Self::Internal(source.to_string()),
            },
            DataFusionError::Context(_, source) => Self::from(*source),
            error if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {
                Self::TooLarge(error.to_string())
            }
            error => Self::Internal(error.to_string()),
        }
    }
}
