//! Where connections lead, and what of them must not be sent elsewhere.

use serde_json::{Map, Value};

use super::database::SslMode;

/// The settings that say where a connection leads, and as whom. Secrets that were given for one place must not be sent
/// to another.
const DESTINATION: [&str; 10] = [
    "host",
    "port",
    "url",
    "bucket",
    "region",
    "username",
    "access_key_id",
    "role_arn",
    "workgroup",
    "catalog",
];

/// Whether the second connection leads to another place, or acts as somebody else there.
pub fn leads_elsewhere(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    DESTINATION.iter().any(|name| before.get(*name) != after.get(*name))
}

/// The setting that says who is trusted to be there.
const TRUST: &str = "ca_certificate";

/// Whether the second connection would send the first one's secrets to another place, or less protected.
pub fn exposes_secrets(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let trusts_others = before.get(TRUST) != after.get(TRUST);
    let protection = |settings: &Map<String, Value>| {
        settings
            .get("ssl_mode")
            .and_then(|mode| mode.as_str()?.parse::<SslMode>().ok())
            .map(SslMode::protection)
    };
    leads_elsewhere(before, after) || trusts_others || protection(after) < protection(before)
}
