//! Reading what is on the disk, on a thread of its own: it is all work and no waiting.

use std::path::Path;

use shared::model::data_source::{Engine, FileOptions};

use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::work::Work;
use crate::{ImportFailure, Limits};

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
    let read = tokio::task::spawn_blocking(move || {
        crate::import(&file, engine, &options, &folder, &Limits::default())
    });
    // It catches what panics within it.
    let read = read.await.map_err(|error| JobError::Reading(error.to_string()))?;
    match read {
        Ok(imported) => Ok(Fetched::Tables { imported, bytes }),
        Err(ImportFailure::Rejected { errors, count }) => Ok(Fetched::Mistakes { errors, count }),
        Err(ImportFailure::Internal(error)) => Err(JobError::Reading(error.to_string())),
    }
}
