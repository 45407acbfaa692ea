//! The folder that data is kept in, held by one process at a time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::start_error::StartError;

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
        make_private(&path.join(LOCK)).map_err(unusable)?;
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

    /// Whether a process held the folder, and does no more.
    pub(crate) fn is_left(path: &Path) -> bool {
        File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
    }

    /// Where a file of that name belongs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Makes a file that only its owner can read, unless it is there; one that is there is closed to others.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OWNER_ONLY);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(OWNER_ONLY))?;
    drop(file);
    Ok(())
}

/// Makes a folder that only its owner can look into, unless it is there; one that is there is closed to others.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(OWNER_ONLY_FOLDER))?;
    Ok(())
}

/// Puts a file that only its owner can read in place of the one that is there, if any. Whenever the process ends, there is the
/// old content or the new one.
pub(crate) fn replace_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut next = path.as_os_str().to_owned();
    next.push(NEXT_SUFFIX);
    let next = PathBuf::from(next);
    make_private(&next)?;
    let mut file = File::options().write(true).truncate(true).open(&next)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(next, path)
}

/// What the name of a file ends in that is still being written.
pub(crate) const NEXT_SUFFIX: &str = ".next";

/// To be read and written by the owner, and by nobody else.
#[cfg(unix)]
const OWNER_ONLY: u32 = 0o600;
#[cfg(unix)]
const OWNER_ONLY_FOLDER: u32 = 0o700;
