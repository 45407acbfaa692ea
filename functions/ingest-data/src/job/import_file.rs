//! Importing a file: from the bucket to tables that the data source points at.
//!
//! Each attempt has a name of its own, and writes to a place of its own. The import says whose turn it is: only the attempt that has
//! claimed it last may publish or fail it. So whatever is done twice, at once or half, readers see the old data or the new.

use std::path::Path;

use shared::App;
use shared::base::ImportId;
use shared::model::data_source::FileOptions;
use shared::model::import::{Attempt, ImportError, Status};
use shared::model::{DataSource, Import};
use shared::store::collection::{self, Change};
use shared::store::files::{TABLES, data_key, preview_part, rows_part, upload_key};
use shared::store::jobs::MAX_DELAY;
use shared::store::{CollectionError, Job, Versioned, imports};
use uuid::Uuid;

use crate::job::error::JobError;
use crate::job::failure;
use crate::job::publish::{self, Published};
use crate::job::task::Upload;
use crate::job::work::{Outcome, Work};
use crate::{ImportFailure, Imported, Limits};

/// The largest description of all tables: what is answered to whoever asks for them must fit into an answer of Lambda's.
const TABLES_MAX_BYTES: usize = 5_000_000;

/// Imports the file that has arrived.
pub(crate) async fn import(app: &App, upload: &Upload) -> Result<Outcome, JobError> {
    let Upload { organization, data_source, import, version } = upload;
    let key = upload_key(*organization, *data_source, *import);
    let work = match claim(app, upload).await? {
        Claimed::Work(work) => work,
        Claimed::Over(why) => {
            app.files.delete(&key).await?;
            return Ok(Outcome::Nothing(why));
        }
    };
    let folder = tempfile::tempdir().map_err(JobError::Disk)?;
    let file = folder.path().join("file");
    let expected = work.import.size_bytes;
    let outcome = match app.files.download(key.clone(), version.clone(), &file).await? {
        None => failure::fail(app, &work, vec![ImportError::of_all(GONE)], 1).await?,
        Some(received) if received != expected => return Err(JobError::Truncated { expected, received }),
        Some(_) => match read(&work, &file, folder.path()).await? {
            Err((errors, count)) => failure::fail(app, &work, errors, count).await?,
            Ok(imported) => put(app, &work, imported).await?,
        },
    };
    if outcome != Outcome::TakenOver {
        app.files.delete(&key).await?;
    }
    Ok(outcome)
}

const GONE: &str = "The file is not there any more: it is kept for a day. Make another import.";

enum Claimed {
    Work(Box<Work>),
    /// There is nothing to do, for this reason.
    Over(&'static str),
}

/// Makes the import this attempt's own.
async fn claim(app: &App, upload: &Upload) -> Result<Claimed, JobError> {
    let Upload { organization, data_source, import, .. } = *upload;
    let now = app.clock.now();
    let attempt = Attempt { id: Uuid::new_v4().simple().to_string(), started_at: now };
    let source_key = [collection::entity_key::<DataSource>(organization, data_source.into())];
    let mut source = None;
    let claimed = collection::modify_reading::<Import, Refusal>(
        &app.store,
        imports::of(organization, data_source),
        import.into(),
        &source_key,
        |before, mut items| {
            let item = items.pop().flatten().ok_or(Refusal::Over("deleted"))?;
            source = Some(Versioned::<DataSource>::read(item).map_err(Refusal::Store)?.entity);
            // Whoever was told that it has failed must not find it done later.
            if before.entity.clone().at(now).is_finished() {
                return Err(Refusal::Over(if before.entity.is_finished() { "repeated" } else { "lapsed" }));
            }
            let attempt = Some(attempt.clone());
            Ok(Change::Replace(
                Import { status: Status::Running, attempt, ..before.entity.clone() },
                Vec::new(),
            ))
        },
    )
    .await;
    match (claimed, source) {
        (Ok(import), Some(source)) => {
            let import = import.entity;
            Ok(Claimed::Work(Box::new(Work { organization, source, import, attempt })))
        }
        (Err(CollectionError::Refused(Refusal::Over(why))), _) => Ok(Claimed::Over(why)),
        (Err(CollectionError::Missing { .. }), _) => Ok(Claimed::Over("removed")),
        (Err(CollectionError::Refused(Refusal::Store(error))), _) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
        (Ok(_), None) => Ok(Claimed::Over("deleted")),
    }
}

#[derive(Debug)]
enum Refusal {
    Over(&'static str),
    Store(shared::store::StoreError),
}

/// Reads the file, on a thread of its own: it is all work and no waiting.
async fn read(
    work: &Work,
    file: &Path,
    folder: &Path,
) -> Result<Result<Imported, (Vec<ImportError>, u64)>, JobError> {
    let options = FileOptions::of(&work.source.settings)?;
    let (engine, file, folder) = (work.source.engine, file.to_owned(), folder.to_owned());
    let read = tokio::task::spawn_blocking(move || {
        crate::import(&file, engine, &options, &folder, &Limits::default())
    });
    // It catches what panics within it.
    let read = read.await.map_err(|error| JobError::Reading(error.to_string()))?;
    match read {
        Ok(imported) => Ok(Ok(imported)),
        Err(ImportFailure::Rejected { errors, count }) => Ok(Err((errors, count))),
        Err(ImportFailure::Internal(error)) => Err(JobError::Reading(error.to_string())),
    }
}

/// Puts the tables into the bucket, and the data source onto them.
async fn put(app: &App, work: &Work, imported: Imported) -> Result<Outcome, JobError> {
    let descriptions: Vec<_> = imported.tables.iter().map(|written| &written.table).collect();
    let descriptions = serde_json::to_vec(&descriptions)?;
    if descriptions.len() > TABLES_MAX_BYTES {
        let reason = format!(
            "The description of all columns takes {} bytes, and may take {TABLES_MAX_BYTES}: there are too many columns, or their \
             names are too long.",
            descriptions.len()
        );
        return failure::fail(app, work, vec![ImportError::of_all(reason)], 1).await;
    }
    let (version, id) = (work.version(), work.source.id);
    let key = |part: &str| data_key(work.organization, id, &version, part);
    let mut bytes = descriptions.len() as u64;
    for (index, written) in imported.tables.iter().enumerate() {
        let preview = serde_json::to_vec(&written.preview)?;
        bytes += preview.len() as u64 + written.parquet.metadata().map_err(JobError::Disk)?.len();
        app.files
            .put_file(key(&rows_part(index)), "application/vnd.apache.parquet", &written.parquet)
            .await?;
        app.files.put(key(&preview_part(index)), "application/json", preview).await?;
    }
    app.files.put(key(TABLES), "application/json", descriptions).await?;

    // First, so that what was there before is removed whatever happens to this process. Queries that read it are over by then.
    let sweep = Job::Sweep { organization: work.organization, data_source: id };
    app.jobs.send(sweep, MAX_DELAY).await?;
    match publish::publish(app, work, &imported, bytes).await? {
        Published::Done { rows } => Ok(Outcome::Done { rows, bytes: work.import.size_bytes }),
        Published::Refused { errors, count, changes } => {
            remove(app, work).await?;
            failure::fail_with(app, work, errors, count, Some(changes)).await
        }
        Published::Superseded(by) => {
            remove(app, work).await?;
            let reason = superseded(by);
            failure::fail(app, work, vec![ImportError::of_all(reason)], 1).await
        }
        Published::Not(outcome) => {
            remove(app, work).await?;
            Ok(outcome)
        }
    }
}

fn superseded(by: ImportId) -> String {
    format!("Import {by}, which was made later, was done before this one.")
}

/// Removes what the attempt has written, which nothing points at.
async fn remove(app: &App, work: &Work) -> Result<(), JobError> {
    let prefix = data_key(work.organization, work.source.id, &work.version(), "");
    for key in app.files.list(&prefix).await? {
        app.files.delete(&key).await?;
    }
    Ok(())
}
