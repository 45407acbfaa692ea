//! Reading what is on the disk, on a thread of its own: it is all work and no waiting.

use std::path::{Path, PathBuf};

use shared::model::data_source::{Engine, FileOptions};

use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::work::Work;
use crate::{ImportFailure, Imported, Limits};

/// Reads a file of this engine into tables in the folder. `bytes` is how much was fetched for it.
pub(crate) async fn read(
    work: &Work,
    engine: Engine,
    file: &Path,
    folder: &Path,
    bytes: u64,
) -> Result<Fetched, JobError> {
    let options = FileOptions::of(&work.source.settings)?;
    let (file, folder) = (file.to_owned(), folder.to_owned());
    run(bytes, move || crate::import(&file, engine, &options, &folder, &Limits::default())).await
}

/// Reads files of this engine, each with what it is called, into one table in the folder.
pub(crate) async fn read_all(
    work: &Work,
    engine: Engine,
    files: Vec<(PathBuf, String)>,
    folder: &Path,
    bytes: u64,
) -> Result<Fetched, JobError> {
    let options = FileOptions::of(&work.source.settings)?;
    let folder = folder.to_owned();
    run(bytes, move || crate::import_all(&files, engine, &options, &folder, &Limits::default())).await
}

async fn run(
    bytes: u64,
    read: impl FnOnce() -> Result<Imported, ImportFailure> + Send + 'static,
) -> Result<Fetched, JobError> {
    let read = tokio::task::spawn_blocking(read);
    // It catches what panics within it.
    let read = read.await.map_err(|error| JobError::Reading(error.to_string()))?;
    match read {
        Ok(imported) => Ok(Fetched::Tables { imported, bytes, revision: None }),
        Err(ImportFailure::Rejected { errors, count }) => Ok(Fetched::Mistakes { errors, count }),
        Err(ImportFailure::Internal(error)) => Err(JobError::Reading(error.to_string())),
    }
}
