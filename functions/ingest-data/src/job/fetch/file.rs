//! A file that was sent.

use std::path::Path;

use shared::App;
use shared::store::files::upload_key;

use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::fetch::read::read;
use crate::job::work::Work;

const GONE: &str = "The file is not there any more: it is kept for a day. Make another import.";

/// Takes the file, in that version where the bucket has versions, from our own bucket, and reads it.
pub(crate) async fn fetch(
    app: &App,
    work: &Work,
    version: Option<String>,
    folder: &Path,
) -> Result<Fetched, JobError> {
    let key = upload_key(work.organization, work.source.id, work.import.id);
    let file = folder.join("file");
    let Some(received) = app.files.download(key, version, &file).await? else {
        return Ok(Fetched::Refused(GONE.to_owned()));
    };
    let expected = work.import.size_bytes.unwrap_or(received);
    if received != expected {
        return Err(JobError::Truncated { expected, received });
    }
    read(work, work.source.engine, &file, folder, received).await
}
