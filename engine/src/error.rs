//! Why a query has no answer.

use arrow::error::ArrowError;
use datafusion_common::DataFusionError;

use crate::file::ReadError;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// `fill` would add more than so many rows.
    #[error("fill would add more than {0} rows")]
    Overfilled(usize),
    /// It needs more memory than queries may take.
    #[error("the query needs too much memory: {0}")]
    TooLarge(String),
    /// It took too long.
    #[error("the query took too long")]
    Timeout,
    /// The data could not be read.
    #[error("the data could not be read: {0}")]
    Unreadable(#[source] ReadError),
    /// Something is wrong with the engine.
    #[error("{0}")]
    Internal(String),
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
