//! Telling that an import has failed: on the import, and on its data source.

use shared::App;
use shared::model::data_source::Status;
use shared::model::import::{Changes, ImportError};
use shared::model::{DataSource, Import};
use shared::store::collection::{self, Along, Change};
use shared::store::{CollectionError, StoreError, Versioned, imports};

use crate::job::error::JobError;
use crate::job::work::{ImportPlace, Outcome, Work};

/// Ends the attempt's import without any change to the data.
pub(crate) async fn fail(
    app: &App,
    work: &Work,
    errors: Vec<ImportError>,
    count: u64,
) -> Result<Outcome, JobError> {
    fail_with(app, work, errors, count, None).await
}

/// Ends it, and says what it would have changed.
pub(crate) async fn fail_with(
    app: &App,
    work: &Work,
    errors: Vec<ImportError>,
    count: u64,
    changes: Option<Changes>,
) -> Result<Outcome, JobError> {
    let now = app.clock.now();
    let place =
        ImportPlace { organization: work.organization, data_source: work.source.id, import: work.import.id };
    let bytes = work.import.size_bytes.unwrap_or_default();
    end(app, place, bytes, |import| {
        let mut import = Import { changes: changes.clone(), ..owned_entity(import, work)?.clone() };
        import.fail(errors.clone(), count, now);
        Ok(import)
    })
    .await
}

/// Ends an import that has failed by the time alone: until then, it is only shown so.
pub(crate) async fn lapse(app: &App, place: ImportPlace) -> Result<Outcome, JobError> {
    let now = app.clock.now();
    let lapsed = |import: &Import| {
        if import.has_lapsed(now) { Ok(import.clone().at(now)) } else { Err(Refusal::Lost) }
    };
    end(app, place, 0, lapsed).await
}

/// Ends an import as `ended` says, and tells its data source. `bytes` is how much was to be read for it.
async fn end(
    app: &App,
    place: ImportPlace,
    bytes: u64,
    ended: impl Fn(&Import) -> Result<Import, Refusal>,
) -> Result<Outcome, JobError> {
    let ImportPlace { organization, data_source, import: id } = place;
    let parent = imports::of(organization, data_source);
    let import_key = [collection::entity_key::<Import>(&parent, id.into())];
    let written = collection::modify_reading::<DataSource, Refusal>(
        &app.store,
        organization,
        data_source.into(),
        &import_key,
        |source, mut items| {
            let item = items.pop().flatten().ok_or(Refusal::Lost)?;
            let before = Versioned::<Import>::read(item)?;
            let import = ended(&before.entity)?;
            let mut source = source.entity.clone();
            note_failure(&mut source, &import);
            let writes = before.replace(&parent, &before.next(import))?;
            Ok(Change::Replace(source, writes.into_iter().map(Along::IfUnchanged).collect()))
        },
    )
    .await;
    match written {
        Ok(_) => Ok(Outcome::Failed { bytes }),
        Err(CollectionError::Refused(Refusal::Lost)) => Ok(Outcome::TakenOver),
        Err(CollectionError::Missing { .. }) => Ok(Outcome::Nothing("deleted")),
        Err(CollectionError::Refused(Refusal::Store(error))) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

/// Notes on the data source that an import of it has failed.
fn note_failure(source: &mut DataSource, import: &Import) {
    // A newer import has said already how things are.
    if source.last_import.is_some_and(|last| last >= import.id) {
        return;
    }
    source.last_import = Some(import.id);
    if source.status != Status::Paused {
        source.status = Status::Error;
        source.status_reason = Some(reason(source, import));
    }
}

/// Why an import is not written.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Another attempt has claimed it, or ended it.
    Lost,
    /// It could not be read.
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The attempt's import as it is, if it is still its own.
pub(crate) fn owned(item: Option<shared::store::Item>, work: &Work) -> Result<Versioned<Import>, Refusal> {
    let import = Versioned::<Import>::read(item.ok_or(Refusal::Lost)?)?;
    owned_entity(&import.entity, work)?;
    Ok(import)
}

/// The import, if it is still the attempt's own.
pub(crate) fn owned_entity<'a>(import: &'a Import, work: &Work) -> Result<&'a Import, Refusal> {
    let is_own = import.attempt.as_ref().is_some_and(|attempt| attempt.id == work.attempt.id);
    if is_own { Ok(import) } else { Err(Refusal::Lost) }
}

/// What the data source says of it, in a sentence.
fn reason(source: &DataSource, import: &Import) -> String {
    let first = import.errors.first();
    let mut place = Vec::new();
    if let Some(error) = first {
        place.extend(
            error
                .table
                .as_ref()
                .filter(|_| source.engine.has_many_tables())
                .map(|table| format!("table {table:?}")),
        );
        place.extend(error.row.map(|row| format!("row {row}")));
        place.extend(error.column.as_ref().map(|column| format!("column {column:?}")));
    }
    let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
    let what = first.map_or("", |error| &error.reason);
    let count = import.error_count;
    let more = if count > 1 { format!(" There are {} more mistakes.", count - 1) } else { String::new() };
    format!("Import {} failed. {place}{what}{more}", import.id)
}
