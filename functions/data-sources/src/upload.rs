//! Where and how the file of an import is sent.

use std::time::Duration;

use deserr::Deserr;
use serde::Serialize;
use shared::Error;
use shared::base::{Invalid, Timestamp};
use shared::model::import::UPLOAD_SECONDS;
use shared::store::Files;
use shared::store::files::UploadLink;
use utoipa::ToSchema;

/// The size of a file, in bytes.
#[derive(Clone, Copy, Debug, Deserr, ToSchema)]
#[schema(value_type = u64, minimum = 1, maximum = 5_000_000_000_u64)]
#[deserr(try_from(u64) = FileSize::parse -> Invalid)]
pub(crate) struct FileSize(pub(crate) u64);

impl FileSize {
    fn parse(bytes: u64) -> Result<Self, Invalid> {
        if bytes == 0 {
            Err("Must be 1 or more: an empty file has no table.".into())
        } else {
            Ok(Self(bytes))
        }
    }
}

/// Where and how the file is sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct Upload {
    /// `PUT`.
    #[schema(value_type = String, examples("PUT"))]
    method: &'static str,
    /// Where to. Whoever has it can send the file, and nothing else.
    #[schema(format = "uri")]
    url: String,
    /// The headers to send, as they are.
    #[schema(value_type = BTreeMap<String, String>)]
    headers: serde_json::Map<String, serde_json::Value>,
    /// Until when.
    expires_at: Timestamp,
}

impl Upload {
    /// A link for a file of that size.
    pub(crate) fn new(files: &Files, key: &str, size: FileSize, now: Timestamp) -> Result<Self, Error> {
        let good_for = Duration::from_secs(UPLOAD_SECONDS.unsigned_abs());
        let UploadLink { url, headers } = files.upload_link(key, size.0, good_for)?;
        let headers = headers.into_iter().map(|(name, value)| (name, value.into())).collect();
        Ok(Self { method: "PUT", url, headers, expires_at: now.plus_seconds(UPLOAD_SECONDS) })
    }
}
