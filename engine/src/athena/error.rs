//! Why Athena does not answer, in words for whoever has set up the data source.

use aws_sdk_athena::error::{ProvideErrorMetadata, SdkError};

use crate::database::message;

/// Why Athena does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AthenaError {
    /// Nobody answers there.
    #[error("Athena cannot be reached in {0}.")]
    Unreachable(String),
    /// It does not say when it would answer.
    #[error("Athena takes no more calls now.")]
    Busy,
    /// There is nobody to act as.
    #[error(
        "The connection has neither a role nor keys, and this deployment does not ask Athena in its own name."
    )]
    Nobody,
    /// There is no secret to the key.
    #[error("The connection has an access_key_id, and no secret_access_key.")]
    NoSecret,
    /// The role does not let the API in.
    #[error("The role does not let the API in: {0}")]
    Role(String),
    /// The role would let anybody in whom the API acts for.
    #[error("The role can be assumed without an external ID, and so by any organization.")]
    OpenRole,
    /// AWS does not know the keys.
    #[error("AWS does not accept the keys: {0}")]
    Credentials(String),
    /// Whoever asks may not.
    #[error("AWS does not allow it: {0}")]
    Denied(String),
    /// There is no such workgroup.
    #[error("There is no workgroup {0:?} in the region.")]
    NoWorkgroup(String),
    /// The workgroup takes no queries.
    #[error("The workgroup {0:?} is disabled.")]
    DisabledWorkgroup(String),
    /// There is no such database, or no such catalog.
    #[error("There is no such database or catalog: {0}")]
    NoDatabase(String),
    /// There is no place for results.
    #[error("The workgroup does not say where results are put.")]
    NoOutput,
    /// It would read more than the workgroup allows.
    #[error("The query reads more than the workgroup allows, and was ended by Athena: {0}")]
    Cutoff(String),
    /// Somebody has ended it.
    #[error("The query was cancelled.")]
    Cancelled,
    /// It could not be done.
    #[error("Athena said: {0}")]
    Failed(String),
}

impl AthenaError {
    /// What would help.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => {
                "Check the region. Where the API runs on a developer's machine, there is no Athena; in a VPC it takes a NAT gateway or an \
                 interface endpoint."
            }
            Self::Busy => "Try again later, or have the quota of the account raised.",
            Self::Nobody => {
                "Set role_arn, or access_key_id and secret_access_key, or have the operator allow it by AthenaPolicyArn."
            }
            Self::NoSecret => "Send secret_access_key.",
            Self::Role(_) => {
                "Have its trust policy name the API's role and the connection's external_id, and the operator list the role in \
                 AthenaRoleArns."
            }
            Self::OpenRole => {
                "Add a condition to its trust policy: sts:ExternalId must be the connection's external_id."
            }
            Self::Credentials(_) => "Check access_key_id, and send secret_access_key again.",
            Self::Denied(_) => {
                "Allow the role or the keys to use the workgroup, to read the catalog in Glue and the data in S3, and to read and write \
                 where results are put."
            }
            Self::NoWorkgroup(_) => "Check workgroup and region.",
            Self::DisabledWorkgroup(_) => "Enable it, or name another workgroup.",
            Self::NoDatabase(_) => "Check database and catalog.",
            Self::NoOutput => {
                "Set the query result location of the workgroup, or have Athena manage results."
            }
            Self::Cutoff(_) => {
                "Take a shorter time range, add filters on partition columns, or raise the workgroup's limit of bytes scanned."
            }
            Self::Cancelled => "Ask again.",
            Self::Failed(_) => {
                "Ask for the statement by /api/analytics/explain/, and try it in Athena; if a table has changed, import the catalog again."
            }
        }
    }

    /// What a call's failure means.
    pub(super) fn of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>, region: &str) -> Self {
        let SdkError::ServiceError(service) = error else { return Self::Unreachable(region.to_owned()) };
        let error = service.err();
        let said = error.message().unwrap_or_default();
        let told = || message(said);
        match error.code().unwrap_or_default() {
            "TooManyRequestsException" | "ThrottlingException" | "Throttling" => Self::Busy,
            "AccessDeniedException" | "AccessDenied" => Self::Denied(told()),
            "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "InvalidClientTokenId"
            | "IncompleteSignature"
            | "MissingAuthenticationTokenException"
            | "ExpiredTokenException" => Self::Credentials(told()),
            _ => Self::of_reason(said),
        }
    }

    /// What the reason means that is given for a refusal, or for a query's end.
    pub(super) fn of_reason(reason: &str) -> Self {
        let has = |part: &str| reason.contains(part);
        let told = || message(if reason.is_empty() { "it failed" } else { reason });
        if has("Bytes scanned limit was exceeded") {
            Self::Cutoff(told())
        } else if has("No output location provided") || has("output location is required") {
            Self::NoOutput
        } else if has("WorkGroup") && has("not found") {
            Self::NoWorkgroup(reason.split_whitespace().nth(1).unwrap_or_default().to_owned())
        } else if has("EntityNotFoundException") || has("SCHEMA_NOT_FOUND") || has("CATALOG_NOT_FOUND") {
            Self::NoDatabase(told())
        } else if has("Access Denied") || has("AccessDenied") || has("Insufficient permissions") {
            Self::Denied(told())
        } else {
            Self::Failed(told())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_apart() {
        let of = |reason: &str| AthenaError::of_reason(reason);
        assert!(matches!(of("Query cancelled! : Bytes scanned limit was exceeded"), AthenaError::Cutoff(_)));
        let no_output = "No output location provided. An output location is required either through the Workgroup result configuration \
                         setting or as an API input.";
        assert_eq!(of(no_output), AthenaError::NoOutput);
        assert_eq!(of("WorkGroup wg is not found."), AthenaError::NoWorkgroup("wg".to_owned()));
        assert_eq!(of(""), AthenaError::Failed("it failed.".to_owned()));
        assert_eq!(of("line 1:8: x"), AthenaError::Failed("line 1:8: x.".to_owned()));
    }
}
