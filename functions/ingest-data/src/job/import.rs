//! Doing an import: what is there becomes tables that the data source points at.

use shared::App;
use shared::base::{DataSourceId, ImportId, OrganizationId};
use shared::model::Import;
use shared::model::import::ImportError;
use shared::service::scratch;
use shared::store::files::upload_key;
use shared::store::{collection, imports};

use crate::job::claim::{Claimed, claim, release};
use crate::job::error::JobError;
use crate::job::failure;
use crate::job::fetch::{self, Fetched};
use crate::job::put::{put, put_catalog};
use crate::job::task::Upload;
use crate::job::work::{ImportPlace, Outcome, Work};
use crate::job::{log, unchanged};
use crate::outside::Outside;

/// Imports the file that has arrived.
pub(crate) async fn import_file(app: &App, outside: &Outside, upload: &Upload) -> Result<(), JobError> {
    let Upload { place, version } = upload;
    let outcome =
        log::logged(app, *place, import(app, outside, *place, Begun::ByFile(version.clone()))).await?;
    if outcome != Outcome::TakenOver {
        app.files.delete(&upload_key(place.organization, place.data_source, place.import)).await?;
    }
    Ok(())
}

/// Does an import that needs no file.
pub(crate) async fn import_now(app: &App, outside: &Outside, place: ImportPlace) -> Result<(), JobError> {
    log::logged(app, place, import(app, outside, place, Begun::ByMessage)).await.map(drop)
}

/// Does the imports of a data source after one that need no file. One that cannot be done keeps no other from it.
pub(crate) async fn import_after(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    data_source: DataSourceId,
    after: ImportId,
) -> Result<(), JobError> {
    let directory =
        collection::directory::<Import>(&app.store, imports::of(organization, data_source)).await?;
    let (_, ids) = directory.select(&[], 0, usize::MAX);
    let mut result = Ok(());
    for id in ids.into_iter().filter(|id| *id > u64::from(after)) {
        let place = ImportPlace { organization, data_source, import: id.into() };
        if let Err(error) = Box::pin(import_now(app, outside, place)).await {
            result = Err(error);
        }
    }
    result
}

/// What has an import done.
enum Begun {
    /// Its file has arrived: in this version of the object, if the bucket has versions.
    ByFile(Option<String>),
    /// Our own message.
    ByMessage,
}

/// Does an import.
async fn import(app: &App, outside: &Outside, place: ImportPlace, begun: Begun) -> Result<Outcome, JobError> {
    let work = match claim(app, place, matches!(begun, Begun::ByFile(_))).await? {
        Claimed::Work(work) => work,
        Claimed::Lapsed => return failure::lapse(app, place).await,
        Claimed::Over(why) => return Ok(Outcome::Nothing(why)),
    };
    let version = match begun {
        Begun::ByFile(version) => version,
        Begun::ByMessage => None,
    };
    // What an import awaits is so deeply nested that the compiler would give up on its layout.
    let outcome = Box::pin(attempt(app, outside, &work, version)).await;
    // A file's message comes back alone.
    if outcome.is_err() && !work.import.needs_file() {
        release(app, &work).await;
    }
    outcome
}

async fn attempt(
    app: &App,
    outside: &Outside,
    work: &Work,
    version: Option<String>,
) -> Result<Outcome, JobError> {
    let folder = tempfile::Builder::new().prefix(scratch::PREFIX).tempdir().map_err(JobError::Disk)?;
    match fetch::fetch(app, outside, work, version, folder.path()).await? {
        Fetched::Tables { imported, bytes, revision } => put(app, work, imported, bytes, revision).await,
        Fetched::Catalog { tables, warnings } => put_catalog(app, work, tables, warnings).await,
        Fetched::Unchanged { bytes } => unchanged::keep(app, work, bytes).await,
        Fetched::Mistakes { errors, count } => failure::fail(app, work, errors, count).await,
        Fetched::Refused(reason) => failure::fail(app, work, vec![ImportError::of_all(reason)], 1).await,
    }
}
