//! What the bucket's lifecycle rules remove on AWS, and what `s3s-fs` leaves behind.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::BASE64URL_NOPAD;

use super::BUCKET;

const INTERVAL: Duration = Duration::from_hours(1);

/// How long uploads are kept, whole ones and parts.
const UPLOAD_LIFETIME: Duration = Duration::from_hours(24);

/// How long objects are kept, by what their keys begin with. The others stay.
const LIFETIMES: [(&str, Duration); 3] = [
    ("uploads", UPLOAD_LIFETIME),
    ("results", Duration::from_hours(7 * 24)),
    ("reports", Duration::from_hours(91 * 24)),
];

/// Removes at once and every hour what has expired.
pub(super) async fn apply_hourly(root: PathBuf) {
    loop {
        let root = root.clone();
        let applied = tokio::task::spawn_blocking(move || apply(&root, SystemTime::now())).await;
        if let Ok(Err(error)) = applied {
            eprintln!("expired objects were not removed: {error}");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Removes what has expired by now.
pub(super) fn apply(root: &Path, now: SystemTime) -> io::Result<()> {
    let is_older = |entry: &DirEntry, lifetime: Duration| -> io::Result<bool> {
        let age = now.duration_since(entry.metadata()?.modified()?);
        Ok(age.is_ok_and(|age| age > lifetime))
    };
    let has_expired = |entry: &DirEntry| is_older(entry, UPLOAD_LIFETIME);
    let bucket = root.join(BUCKET);
    for (prefix, lifetime) in LIFETIMES {
        remove_files(&bucket.join(prefix), &|entry| is_older(entry, lifetime))?;
    }
    remove_empty_folders(&bucket, &has_expired)?;
    for entry in entries(root)? {
        let name = entry.file_name();
        let is_rest = match name.to_str().map_or(Beside::Other, Beside::of) {
            Beside::Upload => has_expired(&entry)?,
            Beside::Object { bucket, key } => !root.join(bucket).join(key).exists(),
            Beside::Other => false,
        };
        if is_rest {
            remove(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// What a file is that `s3s-fs` keeps beside the bucket.
#[derive(Debug, PartialEq, Eq)]
enum Beside {
    /// Of an upload in parts: its parts, or what it is for.
    Upload,
    /// Of an object: its digest, or what it was put with.
    Object { bucket: String, key: String },
    /// None of these.
    Other,
}

impl Beside {
    fn of(name: &str) -> Self {
        if name.starts_with(".upload-") || name.starts_with(".upload_id-") {
            return Self::Upload;
        }
        let Some((bucket, rest)) = name.strip_prefix(".bucket-").and_then(|rest| rest.split_once(".object-"))
        else {
            return Self::Other;
        };
        let Some((key, kind)) = rest.split_once('.') else { return Self::Other };
        match (kind, decode(bucket), decode(key)) {
            ("metadata.json" | "internal.json", Some(bucket), Some(key)) => Self::Object { bucket, key },
            (kind, ..) if kind.starts_with("upload-") => Self::Upload,
            _ => Self::Other,
        }
    }
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
}

type Condition<'a> = dyn Fn(&DirEntry) -> io::Result<bool> + 'a;

/// Removes the files of the folder, at any depth, of which the condition holds.
fn remove_files(folder: &Path, condition: &Condition<'_>) -> io::Result<()> {
    for entry in entries(folder)? {
        if entry.file_type()?.is_dir() {
            remove_files(&entry.path(), condition)?;
        } else if condition(&entry)? {
            remove(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// Removes the empty folders in the folder, at any depth, of which the condition holds: an object that was just put may be on
/// its way into a new one.
fn remove_empty_folders(folder: &Path, condition: &Condition<'_>) -> io::Result<()> {
    for entry in entries(folder)? {
        if entry.file_type()?.is_dir() {
            // Before anything in it is removed, which makes it new.
            let is_old = condition(&entry)?;
            remove_empty_folders(&entry.path(), condition)?;
            if is_old && entries(&entry.path())?.is_empty() {
                remove(fs::remove_dir(entry.path()))?;
            }
        }
    }
    Ok(())
}

/// What is in a folder; nothing if it is gone.
fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.collect(),
    }
}

/// What is gone already counts as removed, and a folder that something was put into is kept.
fn remove(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
            Ok(())
        }
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beside_the_bucket_is_told_by_its_name() {
        let object = |kind: &str| {
            let (bucket, key) = (BASE64URL_NOPAD.encode(b"files"), BASE64URL_NOPAD.encode(b"a/b.c"));
            Beside::of(&format!(".bucket-{bucket}.object-{key}.{kind}"))
        };
        let beside = Beside::Object { bucket: "files".to_owned(), key: "a/b.c".to_owned() };
        assert_eq!(object("internal.json"), beside);
        assert_eq!(object("metadata.json"), beside);
        assert_eq!(object("upload-123.metadata.json"), Beside::Upload);
        assert_eq!(Beside::of(".upload_id-123.part-1"), Beside::Upload);
        assert_eq!(Beside::of(".upload-123.json"), Beside::Upload);
        assert_eq!(Beside::of("claribi-files"), Beside::Other);
        assert_eq!(Beside::of(".tmp.1.internal.part"), Beside::Other);
    }

    #[test]
    fn objects_go_when_their_time_is_over_and_data_stays() {
        let root = tempfile::tempdir().expect("a folder");
        let put = |key: &str| {
            let path = root.path().join(key);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "x").expect("a file");
        };
        let object = |key: &str| {
            put(&format!("{BUCKET}/{key}"));
            let name = format!(
                ".bucket-{}.object-{}.internal.json",
                BASE64URL_NOPAD.encode(BUCKET.as_bytes()),
                BASE64URL_NOPAD.encode(key.as_bytes())
            );
            put(&name);
            name
        };
        let (upload, data) = (object("uploads/1/1/1"), object("data/1/1/1-a/0.parquet"));
        let (answer, report) = (object("results/1/1/1-a/b.arrow"), object("reports/1/1/1-a"));
        put(".upload_id-1.part-1");
        let exists = |name: &str| root.path().join(name).exists();

        apply(root.path(), SystemTime::now() + Duration::from_hours(23)).expect("applied");
        assert!(exists(&upload) && exists(&data) && exists(".upload_id-1.part-1"));

        apply(root.path(), SystemTime::now() + Duration::from_hours(25)).expect("applied");
        assert!(!exists(&upload) && !exists(".upload_id-1.part-1"));
        assert!(!exists("claribi-files/uploads"));
        assert!(exists(&data) && exists("claribi-files/data/1/1/1-a/0.parquet"));

        let days = |days: u64| SystemTime::now() + Duration::from_hours(days * 24 + 1);
        assert!(exists(&answer));
        apply(root.path(), days(7)).expect("applied");
        assert!(!exists(&answer) && exists(&report));
        apply(root.path(), days(91)).expect("applied");
        assert!(!exists(&report) && exists(&data));
    }
}
