//! The objects of a bucket, as one table.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use shared::App;
use shared::model::data_source::Engine;
use shared::model::data_source::bucket::{BucketSettings, ObjectFormat};
use shared::model::data_source::data::Validators;
use shared::store::buckets::{Bucket, BucketError, Object};
use shared::store::data_sources;
use tokio::time::timeout;

use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::fetch::limits::room;
use crate::job::fetch::read::read_all;
use crate::job::fetch::revision::{Revisions, hex};
use crate::job::work::Work;

/// How many objects are read.
const MAX_OBJECTS: usize = 1_000;

/// How long fetching all of them may take: an attempt at an import has 15 minutes, and what was fetched is still to be read.
const LIMIT: Duration = Duration::from_mins(5);

/// Fetches the objects under the prefix, and reads them as one table.
pub(crate) async fn fetch(app: &App, work: &Work, folder: &Path) -> Result<Fetched, JobError> {
    let settings = BucketSettings::of(&work.source.settings)?;
    let room = room(app, work).await?;
    let Some(secret) =
        data_sources::secret(&app.secrets, work.organization, &work.source, "secret_access_key").await?
    else {
        return Ok(Fetched::Refused("connection.secret_access_key is not set.".to_owned()));
    };
    let revisions = Revisions::of(app, work).await?;
    let bucket = app.cloud.bucket(&settings, &secret);
    let fetching = objects(&bucket, &settings, room, &revisions, folder);
    let fetched = match timeout(LIMIT, fetching).await {
        Ok(Ok(fetched)) => fetched,
        Ok(Err(BucketError::Refused(reason))) => return Ok(Fetched::Refused(reason)),
        Ok(Err(BucketError::Disk(error))) => return Err(JobError::Disk(error)),
        Err(_) => {
            let limit = LIMIT.as_secs();
            return Ok(Fetched::Refused(format!("The objects could not be fetched within {limit} s.")));
        }
    };
    let Some(Objects { format, files, bytes, content, warning }) = fetched else {
        return Ok(Fetched::Unchanged { bytes: 0 });
    };
    let engine = match format {
        ObjectFormat::Csv => Engine::Csv,
        ObjectFormat::Ndjson => Engine::Json,
        ObjectFormat::Parquet => Engine::Parquet,
    };
    let mut read = read_all(work, engine, files, folder, bytes).await?;
    if let Fetched::Tables { imported, .. } = &mut read {
        imported.warnings.extend(warning);
    }
    Ok(read.of_revision(revisions.revision(content, Validators::default())))
}

/// Objects on the disk.
struct Objects {
    format: ObjectFormat,
    /// Each with its key.
    files: Vec<(PathBuf, String)>,
    bytes: u64,
    /// A digest of what they are.
    content: String,
    /// What was left out.
    warning: Option<String>,
}

/// Fetches the objects to read; `None` if they are those that were read last.
async fn objects(
    bucket: &Bucket,
    settings: &BucketSettings,
    room: u64,
    revisions: &Revisions,
    folder: &Path,
) -> Result<Option<Objects>, BucketError> {
    let listed = bucket.list(&settings.prefix).await?;
    let Chosen { format, objects, warning } = choose(listed, settings).map_err(BucketError::Refused)?;
    let bytes = objects.iter().map(|object| object.size).sum::<u64>();
    if bytes > room {
        return Err(BucketError::Refused(format!(
            "The objects have {bytes} bytes together; the plan allows {room}. Choose a prefix that fewer keys begin with."
        )));
    }
    let content = digest(&objects);
    if revisions.has(&content) {
        return Ok(None);
    }
    let files = download(bucket, objects, folder).await?;
    Ok(Some(Objects { format, files, bytes, content, warning }))
}

async fn download(
    bucket: &Bucket,
    objects: Vec<Object>,
    folder: &Path,
) -> Result<Vec<(PathBuf, String)>, BucketError> {
    let mut files = Vec::with_capacity(objects.len());
    for (number, object) in objects.into_iter().enumerate() {
        let path = folder.join(format!("object-{number}"));
        bucket.download(&object, &path).await?;
        files.push((path, object.key));
    }
    Ok(files)
}

/// The objects to read.
#[derive(Debug)]
struct Chosen {
    format: ObjectFormat,
    objects: Vec<Object>,
    warning: Option<String>,
}

/// Chooses those of one format. Why there are none to read, or what is wrong with them.
fn choose(listed: Vec<Object>, settings: &BucketSettings) -> Result<Chosen, String> {
    let place = if settings.prefix.is_empty() {
        "in the bucket".to_owned()
    } else {
        format!("under {:?}", settings.prefix)
    };
    // Folders are empty objects whose keys end in a slash.
    let full = listed.into_iter().filter(|object| object.size > 0 && !object.key.ends_with('/'));
    let (mut objects, mut others) = (Vec::new(), Vec::new());
    let mut first: Option<(ObjectFormat, String)> = None;
    for object in full {
        let format = ObjectFormat::of_key(&object.key);
        let format = format.filter(|format| settings.format.is_none_or(|only| only == *format));
        let Some(format) = format else {
            others.push(object.key);
            continue;
        };
        match &first {
            None => first = Some((format, object.key.clone())),
            Some((other, key)) if *other != format => {
                return Err(format!(
                    "There are objects of more than one kind {place}: {key:?} and {:?}. Name one with connection.format, or choose \
                     another prefix.",
                    object.key
                ));
            }
            Some(_) => {}
        }
        objects.push(object);
    }
    let compressed = if others.iter().any(|key| key.to_ascii_lowercase().ends_with(".gz")) {
        " Compressed objects are not read."
    } else {
        ""
    };
    let Some((format, _)) = first else {
        let endings = settings.format.map_or(".csv, .tsv, .ndjson, .jsonl, .json or .parquet", endings);
        return Err(format!(
            "There is no object {place} that has something in it and ends in {endings}.{compressed}"
        ));
    };
    if objects.len() > MAX_OBJECTS {
        let count = objects.len();
        return Err(format!(
            "There are {count} objects {place}, and at most {MAX_OBJECTS} are read. Choose another prefix, or put them together."
        ));
    }
    let warning = others.first().map(|key| {
        let (count, endings) = (others.len(), endings(format));
        format!("{count} objects that do not end in {endings} were left out, {key:?} first.{compressed}")
    });
    Ok(Chosen { format, objects, warning })
}

fn endings(format: ObjectFormat) -> &'static str {
    match format {
        ObjectFormat::Csv => ".csv or .tsv",
        ObjectFormat::Ndjson => ".ndjson, .jsonl or .json",
        ObjectFormat::Parquet => ".parquet",
    }
}

fn digest(objects: &[Object]) -> String {
    let mut digest = Sha256::new();
    for Object { key, size, revision } in objects {
        // Lengths first, so that nothing can be taken for something else.
        for text in [key.as_str(), revision] {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        digest.update(size.to_be_bytes());
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chosen(
        objects: &[(&str, u64)],
        format: Option<&str>,
    ) -> Result<(Vec<String>, Option<String>), String> {
        let settings = json!({
            "bucket": "exports", "region": "eu-central-1", "prefix": "a/", "access_key_id": "k", "format": format,
        });
        let settings = BucketSettings::of(settings.as_object().unwrap()).unwrap();
        let object = |(key, size): &(&str, u64)| Object {
            key: (*key).to_owned(),
            size: *size,
            revision: String::new(),
        };
        let Chosen { objects, warning, .. } = choose(objects.iter().map(object).collect(), &settings)?;
        Ok((objects.into_iter().map(|object| object.key).collect(), warning))
    }

    #[test]
    fn objects_of_one_kind_are_read_and_the_others_told() {
        let all = [("a/", 0), ("a/1.csv", 5), ("a/2.TSV", 5), ("a/empty.csv", 0), ("a/_SUCCESS", 0)];
        assert_eq!(chosen(&all, None).unwrap(), (vec!["a/1.csv".to_owned(), "a/2.TSV".to_owned()], None));
        let (_, warning) = chosen(&[("a/1.csv", 5), ("a/2.csv.gz", 5), ("a/note", 1)], None).unwrap();
        let expected = "2 objects that do not end in .csv or .tsv were left out, \"a/2.csv.gz\" first. Compressed objects are not read.";
        assert_eq!(warning.as_deref(), Some(expected));
        let mixed = [("a/1.csv", 5), ("a/2.parquet", 5)];
        let reason = chosen(&mixed, None).unwrap_err();
        assert!(
            reason.contains("more than one kind under \"a/\": \"a/1.csv\" and \"a/2.parquet\""),
            "{reason}"
        );
        assert_eq!(chosen(&mixed, Some("parquet")).unwrap().0, ["a/2.parquet"]);
        for (objects, format, why) in [
            (&[][..], None, "no object under \"a/\" that has something in it and ends in .csv, .tsv"),
            (&[("a/1.csv.gz", 5)], None, "Compressed objects are not read."),
            (&[("a/1.csv", 5)], Some("parquet"), "ends in .parquet."),
        ] {
            let reason = chosen(objects, format).unwrap_err();
            assert!(reason.contains(why), "{reason}");
        }
        let keys: Vec<_> = (0..1_001).map(|number| format!("a/{number}.csv")).collect();
        let many: Vec<_> = keys.iter().map(|key| (key.as_str(), 1)).collect();
        assert!(chosen(&many, None).unwrap_err().contains("1001 objects"));
    }
}
