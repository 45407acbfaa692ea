//! Putting the data source onto the tables of an attempt: by one write, on the condition of everything that was looked at for it.

use std::collections::BTreeSet;

use shared::App;
use shared::base::{ImportId, Timestamp};
use shared::model::dashboard::DashboardSummary;
use shared::model::data_source::data::Revision;
use shared::model::data_source::{Data, Status};
use shared::model::import::{Attempt, Break, Changes, ImportError, ImportedTable, Status as ImportStatus};
use shared::model::table::Table;
use shared::model::{Dashboard, DataSource, Import, PlanLimit};
use shared::store::collection::{self, Along, Change};
use shared::store::dashboards::uses;
use shared::store::{CollectionError, Item, Key, OrganizationRecord, StoreError, Versioned, Write, imports};

use crate::job::changes::{self, Columns};
use crate::job::error::JobError;
use crate::job::failure::{self, owned};
use crate::job::work::{Outcome, Work};

/// What became of it.
#[derive(Debug)]
pub(crate) enum Published {
    /// The tables are in place.
    Done {
        /// How many rows they have.
        rows: u64,
    },
    /// Widgets would not work any more.
    Refused {
        /// Which, a sentence each.
        errors: Vec<ImportError>,
        /// How many.
        count: u64,
        /// What it would change.
        changes: Changes,
    },
    /// This import, which is newer, is in place.
    Superseded(ImportId),
    /// The plan has no room for them.
    NoRoom(PlanLimit),
    /// They are not, and nobody is to be told.
    Not(Outcome),
}

const DELETED: Outcome = Outcome::Nothing("deleted");

/// How many dashboards can be held still while the source is put onto its new tables: a transaction takes 100 writes.
const MAX_HELD: usize = 90;

/// How many dashboards are read at a time: one may have 400 KB, and a batch 16 MB.
const READ_AT_ONCE: usize = 25;

/// The tables of an attempt, as they are described in the bucket.
#[derive(Debug)]
pub(crate) struct Described {
    /// The tables.
    pub(crate) tables: Vec<Table>,
    /// What is worth knowing of them.
    pub(crate) warnings: Vec<String>,
    /// What all of it takes in the bucket.
    pub(crate) bytes: u64,
    /// What to know it by, where it can be fetched again.
    pub(crate) revision: Option<Revision>,
}

/// Publishes what an attempt has put into the bucket.
pub(crate) async fn publish(app: &App, work: &Work, described: &Described) -> Result<Published, JobError> {
    loop {
        match attempt(app, work, described).await? {
            Some(published) => return Ok(published),
            // A dashboard or the data has changed since it was looked at.
            None => tokio::task::yield_now().await,
        }
    }
}

async fn attempt(app: &App, work: &Work, described: &Described) -> Result<Option<Published>, JobError> {
    let tables = described.tables.as_slice();
    let organization = work.organization;
    let source = collection::find::<DataSource>(&app.store, organization, work.source.id.into()).await?;
    let Some(Versioned { entity: source, .. }) = source else { return Ok(Some(Published::Not(DELETED))) };
    let before = match &source.data {
        Some(data) => tables_of(app, work, data).await?,
        None => Vec::new(),
    };
    let (old, new) = (Columns::of(&before), Columns::of(tables));
    let mut changes = changes::between(&old, &new);
    let lost = changes::lost_fields(&old, &new);
    let mut look = Look::default();
    if !lost.is_empty() {
        look.at_dashboards(app, work, &lost).await?;
    }
    let count = look.count;
    changes.breaks = look.breaks;
    if count > 0 && !work.import.allow_breaking {
        let errors = changes.breaks.iter().map(explain).collect();
        return Ok(Some(Published::Refused { errors, count, changes }));
    }

    let parent = imports::of(organization, work.source.id);
    let also =
        [Key::organization(organization), collection::entity_key::<Import>(&parent, work.import.id.into())];
    let now = app.clock.now();
    // Not known where they stay where they are.
    let rows: Option<u64> = tables.iter().map(|table| table.row_count).sum();
    let published = collection::modify_reading::<DataSource, Refusal>(
        &app.store,
        organization,
        work.source.id.into(),
        &also,
        |current, mut items| {
            let import = owned(items.pop().flatten(), work)?;
            match &current.entity.data {
                Some(data) if data.import > work.import.id => {
                    return Err(Refusal::Superseded(data.import));
                }
                data if *data != source.data => return Err(Refusal::Moved),
                _ => {}
            }
            let stored = store_in_place(&current.entity, described.bytes, items.pop().flatten(), now)?;
            let done = Import {
                status: ImportStatus::Done,
                rows,
                tables: tables.iter().map(summary).collect(),
                warnings: described.warnings.clone(),
                changes: Some(changes.clone()),
                attempt: None::<Attempt>,
                finished_at: Some(now),
                ..import.entity.clone()
            };
            let mut along: Vec<_> = import.replace(&parent, &import.next(done))?;
            along.extend(look.checks.iter().cloned());
            let data = Data {
                version: work.version(),
                import: work.import.id,
                tables: tables.iter().map(|table| table.name.clone()).collect(),
                bytes: described.bytes,
                imported_at: now,
                revision: described.revision.clone(),
            };
            let mut source = current.entity.clone();
            source.data = Some(data);
            note_success(&mut source, work.import.id, now);
            let mut along: Vec<_> = along.into_iter().map(Along::Required).collect();
            along.push(Along::IfUnchanged(stored));
            Ok(Change::Replace(source, along))
        },
    )
    .await;
    match published {
        Ok(_) => Ok(Some(Published::Done { rows: rows.unwrap_or_default() })),
        Err(CollectionError::Unmet(_) | CollectionError::Refused(Refusal::Moved)) => Ok(None),
        Err(CollectionError::Refused(Refusal::Superseded(by))) => Ok(Some(Published::Superseded(by))),
        Err(CollectionError::Refused(Refusal::NoRoom(limit))) => Ok(Some(Published::NoRoom(limit))),
        Err(CollectionError::Refused(Refusal::Lost)) => Ok(Some(Published::Not(Outcome::TakenOver))),
        Err(CollectionError::Missing { .. }) => Ok(Some(Published::Not(DELETED))),
        Err(CollectionError::Refused(Refusal::Store(error))) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug)]
enum Refusal {
    /// The data is not what was looked at.
    Moved,
    Superseded(ImportId),
    NoRoom(PlanLimit),
    Lost,
    Store(StoreError),
}

impl From<PlanLimit> for Refusal {
    fn from(limit: PlanLimit) -> Self {
        Self::NoRoom(limit)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<failure::Refusal> for Refusal {
    fn from(refusal: failure::Refusal) -> Self {
        match refusal {
            failure::Refusal::Lost => Self::Lost,
            failure::Refusal::Store(error) => Self::Store(error),
        }
    }
}

/// The write that counts so many bytes among what the organization stores, in place of the data that the source has, if the plan allows
/// that.
fn store_in_place(
    source: &DataSource,
    bytes: u64,
    organization: Option<Item>,
    now: Timestamp,
) -> Result<Write, Refusal> {
    let record = OrganizationRecord::read(organization)?;
    let before = source.data.as_ref().map_or(0, |data| data.bytes);
    let mut storage = record.organization.storage.clone();
    record.organization.plan.check_storage(storage.used_beside(before, now), bytes)?;
    storage.replace_data(before, bytes);
    Ok(record.set_storage(&storage)?)
}

/// Notes on the data source that an import of it was done.
pub(crate) fn note_success(source: &mut DataSource, import: ImportId, now: Timestamp) {
    source.last_synced_at = Some(now);
    if source.last_import.is_none_or(|last| last < import) {
        source.last_import = Some(import);
        source.status_reason = None;
        if source.status == Status::Error {
            source.status = Status::Active;
        }
    }
}

/// Why an import is not published that was overtaken.
pub(crate) fn superseded(by: ImportId) -> String {
    format!("Import {by}, which was made later, was done before this one.")
}

/// What the tables are that the source points at now. None, if they are being swept: others have taken their place then.
async fn tables_of(app: &App, work: &Work, data: &Data) -> Result<Vec<Table>, JobError> {
    let tables = app.files.tables(work.organization, work.source.id, &data.version).await?;
    Ok(tables.unwrap_or_default())
}

/// What an import says of a table.
pub(crate) fn summary(table: &Table) -> ImportedTable {
    ImportedTable { name: table.name.clone(), row_count: table.row_count }
}

/// What was looked at among the dashboards.
#[derive(Debug, Default)]
struct Look {
    /// The first widgets that would not work, each with the field that it lacks.
    breaks: Vec<Break>,
    /// How many there are.
    count: u64,
    /// Hold only as long as that has not changed.
    checks: Vec<Write>,
}

impl Look {
    /// Finds the widgets that would not work without the fields.
    async fn at_dashboards(&mut self, app: &App, work: &Work, lost: &BTreeSet<&str>) -> Result<(), JobError> {
        let organization = work.organization;
        let directory = collection::directory::<DashboardSummary>(&app.store, organization).await?;
        let (_, ids) = directory.select(&[uses(work.source.id)], 0, usize::MAX);
        self.checks.push(collection::check_directory::<DashboardSummary>(organization, &directory));
        for ids in ids.chunks(READ_AT_ONCE) {
            let keys: Vec<_> =
                ids.iter().map(|id| collection::entity_key::<Dashboard>(organization, *id)).collect();
            for item in app.store.get_many(&keys).await?.into_iter().flatten() {
                let dashboard = Versioned::<Dashboard>::read(item)?;
                self.count += changes::add_breaks(&mut self.breaks, &dashboard.entity, work.source.id, lost);
                if self.checks.len() <= MAX_HELD {
                    self.checks.push(dashboard.check_unchanged(organization));
                }
            }
        }
        Ok(())
    }
}

fn explain(broken: &Break) -> ImportError {
    let Break { dashboard, widget, field } = broken;
    ImportError {
        column: Some(field.clone()),
        ..ImportError::of_all(format!(
            "Widget {widget} of dashboard {dashboard} uses this column, and the new data lacks it or has it with another type. Change \
             the widget or the data, or import it with allow_breaking."
        ))
    }
}
