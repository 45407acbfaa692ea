//! How Athena is reached: which workgroup, and as whom.
//!
//! A source that has keys acts as whoever these are of. One that has a role assumes it with an external ID that the API makes of the
//! organization and the source: whoever lets the API assume a role names that ID in the role's trust policy, so that no other
//! organization can have it assumed ([the confused deputy](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)). One
//! that has neither acts as the API's own role, which only the operator of a deployment allows.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{DataSourceId, Invalid, OrganizationId};

/// The external ID that a source assumes roles with: no other source has it, in any organization.
pub fn external_id(organization: OrganizationId, source: DataSourceId) -> String {
    format!("claribi-organization-{organization}-data-source-{source}")
}

/// A setting whose characters are known.
macro_rules! pattern {
    ($(#[$meta:meta])* $name:ident, $pattern:literal, $least:tt..=$most:tt, $is_fit:expr, $reason:literal) => {
        $(#[$meta])*
        #[derive(Serialize, Deserr, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, pattern = $pattern, min_length = $least, max_length = $most)]
        #[deserr(try_from(&String) = $name::parse -> Invalid)]
        pub(super) struct $name(String);

        impl $name {
            fn parse(text: &str) -> Result<Self, Invalid> {
                let is_fit: fn(&str) -> bool = $is_fit;
                if ($least..=$most).contains(&text.len()) && is_fit(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err($reason.into())
                }
            }
        }
    };
}

impl Default for Workgroup {
    fn default() -> Self {
        Self("primary".to_owned())
    }
}

pattern!(
    /// A workgroup's name.
    Workgroup,
    "^[A-Za-z0-9._-]{1,128}$",
    1..=128,
    |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)),
    "Must be the name of a workgroup: 1 to 128 letters, digits, dots, underscores and hyphens."
);

impl Default for Catalog {
    fn default() -> Self {
        Self("AwsDataCatalog".to_owned())
    }
}

pattern!(
    /// A data catalog's name.
    Catalog,
    "^[A-Za-z0-9_@-]{1,255}$",
    1..=255,
    |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_@-".contains(&byte)),
    "Must be the name of a data catalog: 1 to 255 letters, digits, underscores, at signs and hyphens."
);

pattern!(
    /// A role of IAM.
    RoleArn,
    "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,576}$",
    20..=640,
    |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return false };
        let is_of = |text: &str, more: &[u8]| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        partition.strip_prefix("aws").is_some_and(|rest| {
            rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        }) && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && resource
                .strip_prefix("role/")
                .is_some_and(|name| (1..=576).contains(&name.len()) && is_of(name, b"+=,.@_/-"))
    },
    "Must be the ARN of a role, such as arn:aws:iam::123456789012:role/claribi."
);

pattern!(
    /// The ID of an access key.
    AccessKeyId,
    "^[A-Z0-9]{16,128}$",
    16..=128,
    |text| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
    "Must be the ID of an access key: 16 to 128 capital letters and digits."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_roles() {
        assert!(RoleArn::parse("arn:aws:iam::123456789012:role/team/claribi").is_ok());
        assert!(RoleArn::parse("arn:aws-us-gov:iam::123456789012:role/claribi").is_ok());
        for other in [
            "arn:aws:iam::123456789012:user/claribi",
            "arn:aws:iam::12345678901:role/claribi",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role/a&b=c",
        ] {
            assert!(RoleArn::parse(other).is_err(), "{other}");
        }
    }
}
