//! Putting the tables of an attempt into the bucket, and the data source onto them.

use shared::App;
use shared::model::data_source::data::Revision;
use shared::model::import::{ImportError, kept_warnings};
use shared::model::table::Table;
use shared::store::Job;
use shared::store::files::{TABLES, data_key, preview_part, rows_part};
use shared::store::jobs::MAX_DELAY;

use crate::Imported;
use crate::job::error::JobError;
use crate::job::failure;
use crate::job::publish::{self, Described, Published, superseded};
use crate::job::work::{Outcome, Work};

/// The largest description of all tables: what is answered to whoever asks for them must fit into an answer of Lambda's.
const TABLES_MAX_BYTES: usize = 5_000_000;

/// Puts the tables into the bucket, and the data source onto them. `read` is how much was read for them, in bytes, and `revision` what to
/// know that by.
pub(crate) async fn put(
    app: &App,
    work: &Work,
    imported: Imported,
    read: u64,
    revision: Option<Revision>,
) -> Result<Outcome, JobError> {
    let key = |part: &str| data_key(work.organization, work.source.id, &work.version(), part);
    let mut bytes = 0;
    for (index, written) in imported.tables.iter().enumerate() {
        let preview = serde_json::to_vec(&written.preview)?;
        bytes += preview.len() as u64 + written.parquet.metadata().map_err(JobError::Disk)?.len();
        app.files
            .put_file(key(&rows_part(index)), "application/vnd.apache.parquet", &written.parquet)
            .await?;
        app.files.put(key(&preview_part(index)), "application/json", preview).await?;
    }
    let tables = imported.tables.into_iter().map(|written| written.table).collect();
    finish(app, work, Described { tables, warnings: imported.warnings, bytes, revision }, read).await
}

/// Puts the data source onto tables whose rows stay where they are.
pub(crate) async fn put_catalog(
    app: &App,
    work: &Work,
    tables: Vec<Table>,
    warnings: Vec<String>,
) -> Result<Outcome, JobError> {
    finish(app, work, Described { tables, warnings, bytes: 0, revision: None }, 0).await
}

/// Puts what is said of the tables into the bucket, and the data source onto them.
async fn finish(app: &App, work: &Work, mut described: Described, read: u64) -> Result<Outcome, JobError> {
    let descriptions = serde_json::to_vec(&described.tables)?;
    if descriptions.len() > TABLES_MAX_BYTES {
        remove(app, work).await?;
        let reason = format!(
            "The description of all columns takes {} bytes, and may take {TABLES_MAX_BYTES}: there are too many columns, or their \
             names are too long.",
            descriptions.len()
        );
        return failure::fail(app, work, vec![ImportError::of_all(reason)], 1).await;
    }
    described.bytes += descriptions.len() as u64;
    described.warnings = kept_warnings(described.warnings);
    let (version, id) = (work.version(), work.source.id);
    let key = data_key(work.organization, id, &version, TABLES);
    app.files.put(key, "application/json", descriptions).await?;

    // First, so that what was there before is removed whatever happens to this process. Queries that read it are over by then.
    let sweep = Job::Sweep { organization: work.organization, data_source: id };
    app.jobs.send(sweep, MAX_DELAY).await?;
    match publish::publish(app, work, &described).await? {
        Published::Done { rows } => Ok(Outcome::Done { rows, bytes: read }),
        Published::Refused { errors, count, changes } => {
            remove(app, work).await?;
            failure::fail_with(app, work, errors, count, Some(changes)).await
        }
        Published::NoRoom(limit) => {
            remove(app, work).await?;
            failure::fail(app, work, vec![ImportError::of_all(limit.to_string())], 1).await
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

/// Removes what the attempt has written, which nothing points at.
async fn remove(app: &App, work: &Work) -> Result<(), JobError> {
    let prefix = data_key(work.organization, work.source.id, &work.version(), "");
    for key in app.files.list(&prefix).await? {
        app.files.delete(&key).await?;
    }
    Ok(())
}
