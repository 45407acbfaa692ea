//! The rows of an execution from the object that Athena puts them in: a thousand are a page, and an object has them all. Who may ask for
//! pages may read the object, too: Athena
//! [asks S3 for it](https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html) as whoever asks Athena.

use std::path::Path;
use std::time::Duration;

use shared::model::data_source::bucket::BucketName;
use shared::store::buckets::BucketError;
use tokio::time::timeout;

use super::ask::Asking;
use super::csv::{Malformed, Rows};
use super::error::AthenaError;
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
    Nobody(#[from] AthenaError),
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
        let is_csv = Path::new(key).extension().is_some_and(|extension| extension == "csv");
        is_csv.then(|| Self { bucket, key: key.to_owned() })
    }
}

/// The groups that the rows of an execution are.
pub(super) async fn read(
    asking: &Asking<'_>,
    place: &Place,
    statement: &Statement,
) -> Result<Groups, Unread> {
    let Asking { cloud, target, most_bytes, .. } = *asking;
    // As whom Athena is asked, and in its region.
    let bucket = cloud.bucket_as(target.credentials(cloud).await?, &place.bucket, &target.settings.region);
    let answer = timeout(PATIENCE, bucket.read(&place.key)).await;
    let mut body = answer.map_err(|_| Unread::Silent)??;
    let mut replying = Replying::to(statement, most_bytes);
    while let Some(bytes) = body.next().await {
        replying.read(&bytes.map_err(|_| Unread::Broken)?)?;
    }
    replying.groups()
}

/// What was read of an object so far.
struct Replying {
    rows: Rows,
    reply: Reply,
    /// How many values each row has, once the first row is there: it names the columns.
    width: Option<usize>,
    most_bytes: usize,
}

impl Replying {
    fn to(statement: &Statement, most_bytes: usize) -> Self {
        Self { rows: Rows::default(), reply: Reply::to(statement), width: None, most_bytes }
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<(), Unread> {
        while self.rows.read(&mut bytes)? {
            self.add()?;
        }
        // A row need not end.
        self.hold(self.rows.size())
    }

    /// Adds the row that is complete.
    fn add(&mut self) -> Result<(), Unread> {
        let width = self.rows.width();
        let Some(wanted) = self.width else {
            self.width = Some(width);
            return Ok(());
        };
        if width != wanted {
            return Err(Unread::Malformed(Malformed));
        }
        let size = self.reply.push(self.rows.values().map(|value| value.map_err(Unread::from)))?;
        self.hold(size)
    }

    fn hold(&self, size: usize) -> Result<(), Unread> {
        if size > self.most_bytes { Err(Unread::TooLarge(self.most_bytes)) } else { Ok(()) }
    }

    fn groups(mut self) -> Result<Groups, Unread> {
        if self.rows.end()? {
            self.add()?;
        }
        Ok(self.reply.groups())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sql::{self, Trino};

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

    /// What of a table with one column of texts is read of these pieces.
    fn read<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Result<usize, Unread> {
        let column = json!({ "name": "x", "type": "text", "nullable": true, "distinct_count": null, "min": null, "max": null });
        let table = json!({ "name": "lake.t", "kind": "table", "row_count": null, "columns": [column] });
        let statement = sql::first_rows(&serde_json::from_str(&table.to_string()).unwrap(), 100, &Trino);
        let mut replying = Replying::to(&statement, 1_000);
        for piece in pieces {
            replying.read(piece.as_bytes())?;
        }
        Ok(replying.groups()?.count)
    }

    #[test]
    fn no_more_is_held_than_may_be() {
        assert_eq!(read(["\"_col0\"\n\"a\"\n", "\"b", "c\"\n\n"]).unwrap(), 3);
        let row = format!("\"{}\"\n", "x".repeat(90));
        for (first, endless) in [("\"", "x"), ("\"", "\"\""), ("", &row)] {
            let pieces = ["\"_col0\"\n", first].into_iter().chain(std::iter::repeat(endless));
            let error = read(pieces).unwrap_err();
            assert!(matches!(error, Unread::TooLarge(1_000)), "{endless}: {error}");
        }
        let commas = read(std::iter::repeat(",")).unwrap_err();
        assert!(matches!(commas, Unread::TooLarge(1_000)), "{commas}");
        let nulls = std::iter::once("\"_col0\"\n").chain(std::iter::repeat("\n"));
        let error = read(nulls).unwrap_err();
        assert!(matches!(error, Unread::TooLarge(1_000)), "{error}");
    }
}
