//! A message, its file, and how it is handed out.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use s3s::crypto::{Checksum as _, Md5};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::base::Timestamp;
use uuid::Uuid;

use super::REGION;
use crate::data_dir::NEXT_SUFFIX;

const EXTENSION: &str = "json";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: Uuid,
    pub(super) body: String,
    pub(super) sent_at: Timestamp,
    /// When it may be handed out.
    pub(super) due_at: Timestamp,
    /// How often it was handed out.
    pub(super) receives: u32,
}

impl Message {
    /// The event that Lambda makes of it: [its structure](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).
    pub(super) fn to_event(&self, queue_arn: &str) -> Value {
        let sent_at = (self.sent_at.as_second() * 1_000).to_string();
        json!({ "Records": [{
            "messageId": self.id,
            "receiptHandle": self.id,
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": self.receives.to_string(),
                "SentTimestamp": sent_at,
                "SenderId": "local",
                "ApproximateFirstReceiveTimestamp": sent_at,
            },
            "messageAttributes": {},
            "md5OfBody": md5(&self.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": queue_arn,
            "awsRegion": REGION,
        }] })
    }
}

/// The digest by which clients see that a message arrived as it was sent.
pub(super) fn md5(body: &str) -> String {
    data_encoding::HEXLOWER.encode(&Md5::checksum(body.as_bytes()))
}

/// The file of a message.
pub(super) fn path(folder: &Path, id: Uuid) -> PathBuf {
    folder.join(id.to_string()).with_extension(EXTENSION)
}

/// Reads the messages in a folder, and removes those that were not written to their end.
pub(super) fn read_all(folder: &Path) -> io::Result<BTreeMap<Uuid, Message>> {
    let mut messages = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_str().is_some_and(|path| path.ends_with(NEXT_SUFFIX)) {
            fs::remove_file(path)?;
        } else if path.extension() == Some(OsStr::new(EXTENSION)) {
            let unreadable = |error| io::Error::other(format!("{}: {error}", path.display()));
            let message: Message = serde_json::from_slice(&fs::read(&path)?).map_err(unreadable)?;
            messages.insert(message.id, message);
        }
    }
    Ok(messages)
}
