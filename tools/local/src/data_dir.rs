//! The folder that data is kept in, held by one process at a time.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::stores::StartError;

const LOCK: &str = "lock";

/// A folder that this process holds until it drops this.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder where there is none, and takes it.
    pub fn open(path: PathBuf) -> Result<Self, StartError> {
        let shown = path.display();
        let unusable = |error| StartError(format!("The data folder {shown} cannot be used: {error}."));
        fs::create_dir_all(&path).map_err(unusable)?;
        let lock = File::create(path.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StartError(format!(
                    "The data folder {shown} is in use by another claribi. Stop that one, or choose another folder \
                     with --data-dir, or none with --in-memory."
                )));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        Ok(Self { path, _lock: lock })
    }

    /// Whether a process holds the folder.
    pub fn is_taken(path: &Path) -> bool {
        File::open(path.join(LOCK)).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Where a file of that name belongs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}
