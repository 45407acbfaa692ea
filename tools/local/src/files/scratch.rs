//! A temporary folder for objects.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::data_dir::DataDir;

const PREFIX: &str = "claribi-files-";

/// How old a folder is at least that is taken for left behind: a new one has no lock at first.
const SETTLED_AFTER: Duration = Duration::from_mins(1);

/// A temporary folder, removed when dropped. What a process that was killed left behind, the next one removes.
#[derive(Debug)]
pub(super) struct Scratch {
    // Let go first: what is open cannot be removed everywhere.
    _lock: DataDir,
    folder: TempDir,
}

impl Scratch {
    pub(super) fn make() -> io::Result<Self> {
        remove_left_behind(&std::env::temp_dir());
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        let lock = DataDir::open(folder.path().to_owned()).map_err(|error| io::Error::other(error.0))?;
        Ok(Self { _lock: lock, folder })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn remove_left_behind(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let is_settled =
            modified.and_then(|modified| modified.elapsed().ok()).is_some_and(|age| age >= SETTLED_AFTER);
        if is_ours && is_settled && DataDir::is_left(&entry.path()) {
            // Where that fails, another process has removed it, or the next one will.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_what_was_left_behind_is_removed() {
        let parent = tempfile::tempdir().expect("a folder");
        let make = |name: &str, age: Duration| {
            let path = parent.path().join(name);
            let lock = DataDir::open(path.clone()).expect("a folder");
            let folder = File::open(&path).expect("a folder");
            folder.set_modified(SystemTime::now() - age).expect("its time is set");
            (path, lock)
        };
        let old = Duration::from_hours(1);
        let (left, lock) = make("claribi-files-left", old);
        drop(lock);
        let (held, _lock) = make("claribi-files-held", old);
        let (new, lock) = make("claribi-files-new", Duration::ZERO);
        drop(lock);
        let (other, lock) = make("other", old);
        drop(lock);
        remove_left_behind(parent.path());
        assert!(!left.exists());
        assert!(held.exists() && new.exists() && other.exists());
    }
}
