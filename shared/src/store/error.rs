//! What can go wrong with a call to AWS, sorted by what the caller can do about it.

use std::error::Error as StdError;
use std::io;

use aws_sdk_dynamodb::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::base::{Code, Error, SealError};

type Cause = Box<dyn StdError + Send + Sync>;

/// A call to AWS that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition of the write did not hold; nothing was written. In a transaction, the positions of the writes
    /// whose conditions failed.
    #[error("the condition of write {0:?} does not hold")]
    Condition(Vec<usize>),
    /// Another write got in between; nothing was written, and trying again is right.
    #[error("another write got in between")]
    Conflict,
    /// Throttled, timed out, or failed on the other side: trying again later may help.
    #[error("a dependency is unavailable")]
    Unavailable(#[source] Cause),
    /// Refused for good: a missing table or permission, an item that cannot be read, a bug.
    #[error("a dependency refused the call")]
    Refused(#[source] Cause),
}

impl StoreError {
    /// An item that is not what its key says it is.
    pub fn unreadable(cause: impl Into<Cause>) -> Self {
        Self::Refused(cause.into())
    }
}

/// Error codes that mean "later": documented for
/// [DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html),
/// [Secrets Manager](https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html),
/// [S3](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html) and
/// [SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html).
const TRANSIENT: &[&str] = &[
    "InternalError",
    "InternalServerError",
    "InternalServiceError",
    "InternalFailure",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestTimeout",
    "ReplicatedWriteConflictException",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TransactionInProgressException",
];

/// Error codes of DynamoDB's that refuse a call for being one too many, before anything is done.
const THROTTLES: &[&str] =
    &["ProvisionedThroughputExceededException", "RequestLimitExceeded", "Throttling", "ThrottlingException"];

/// Whether a call that failed certainly did nothing: it was throttled, or there was no connection to make it on.
pub(super) fn was_not_applied<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match error {
        SdkError::ServiceError(service) => service.err().code().is_some_and(|code| THROTTLES.contains(&code)),
        SdkError::DispatchFailure(failure) => {
            failure.as_connector_error().is_some_and(|error| never_connected(error))
        }
        _ => false,
    }
}

/// Whether an error says that there was no connection to make a call on.
pub(super) fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref::<io::Error>())
        .is_some_and(|io| {
            matches!(
                io.kind(),
                io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::HostUnreachable
                    | io::ErrorKind::NetworkUnreachable
            )
        })
}

impl<E> From<SdkError<E, HttpResponse>> for StoreError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let SdkError::ServiceError(service) = &error else {
            return match error {
                SdkError::ConstructionFailure(_) => Self::Refused(error.into()),
                // Timed out, never connected, or an answer that is not one.
                _ => Self::Unavailable(error.into()),
            };
        };
        let server_side = service.raw().status().is_server_error();
        match service.err().code() {
            Some("ConditionalCheckFailedException") => Self::Condition(vec![0]),
            Some("TransactionConflictException") => Self::Conflict,
            Some(code) if TRANSIENT.contains(&code) => Self::Unavailable(error.into()),
            _ if server_side => Self::Unavailable(error.into()),
            _ => Self::Refused(error.into()),
        }
    }
}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Conflict => Error::unavailable(error),
            StoreError::Condition(_) => {
                Error::new(Code::Conflict, "Another request changed it meanwhile: read it again.")
                    .caused_by(error)
            }
            StoreError::Refused(_) => Error::internal(error),
        }
    }
}
