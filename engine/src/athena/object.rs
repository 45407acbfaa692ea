//! The rows of an execution from the object that Athena puts them in: a thousand are a page, and an object has them all. Who may ask for
//! pages may read the object, too: Athena
//! [asks S3 for it](https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html) as whoever asks Athena.

use std::time::Duration;

use shared::model::data_source::bucket::BucketName;
use shared::store::buckets::BucketError;
use tokio::time::timeout;

use super::client::Client;
use super::csv::{Malformed, Rows};
use crate::groups::Groups;
use crate::sql::{Reply, Statement, UnexpectedReply};

/// How long S3 may take until it begins to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Where the rows of an execution are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    bucket: BucketName,
    key: String,
}

/// Why they are not read there.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    /// They have more bytes than may be held.
    #[error("the rows have more than {0} bytes")]
    TooLarge(usize),
    #[error(transparent)]
    Bucket(#[from] BucketError),
    #[error("S3 does not answer")]
    Silent,
    #[error("S3 ended its answer before it was complete")]
    Broken,
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error(transparent)]
    Unexpected(#[from] UnexpectedReply),
}

impl Place {
    /// The place of that name, `s3://bucket/key.csv`; None for what is none, or has no rows that are written so.
    pub(super) fn of(location: &str) -> Option<Self> {
        let (bucket, key) = location.strip_prefix("s3://")?.split_once('/')?;
        let bucket = BucketName::parse(bucket).ok()?;
        key.ends_with(".csv").then(|| Self { bucket, key: key.to_owned() })
    }
}

/// The groups that the rows of an execution are.
pub(super) async fn read(
    client: &Client,
    place: &Place,
    statement: &Statement,
    most_bytes: usize,
) -> Result<Groups, Unread> {
    let bucket = client.bucket(&place.bucket);
    let answer = timeout(PATIENCE, bucket.read(&place.key)).await;
    let mut body = answer.map_err(|_| Unread::Silent)??;
    let (mut rows, mut reply) = (Rows::default(), Reply::to(statement));
    let mut width = None;
    let mut add = |rows: &Rows| {
        // The first row names the columns.
        let is_heading = width.is_none();
        if *width.get_or_insert(rows.width()) != rows.width() {
            return Err(Unread::Malformed(Malformed));
        }
        if is_heading {
            return Ok(());
        }
        let bytes = reply.push(rows.values().map(|value| value.map_err(Unread::from)))?;
        if bytes > most_bytes { Err(Unread::TooLarge(most_bytes)) } else { Ok(()) }
    };
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|_| Unread::Broken)?;
        let mut bytes = &bytes[..];
        while rows.read(&mut bytes)? {
            add(&rows)?;
        }
    }
    if rows.end()? {
        add(&rows)?;
    }
    Ok(reply.groups())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_objects_of_buckets() {
        let place = Place::of("s3://results-of.ours/a/b c/5f0a.csv").unwrap();
        assert_eq!((place.bucket.as_str(), place.key.as_str()), ("results-of.ours", "a/b c/5f0a.csv"));
        for none in [
            "",
            "s3://results",
            "s3://results/x.txt",
            "https://results/x.csv",
            "s3://evil.example:80/x.csv",
            "s3:///x.csv",
            "s3://u@evil.example/x.csv",
        ] {
            assert_eq!(Place::of(none), None, "{none}");
        }
    }
}
