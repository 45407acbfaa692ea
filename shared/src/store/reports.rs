//! Reports as a collection, and their runs as one within each.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::base::{OrganizationId, ReportId, Timestamp};
use crate::model::report::LastRun;
use crate::model::report::run::KEPT_SECONDS;
use crate::model::{Report, Run};
use crate::store::backoff::Backoff;
use crate::store::item::{self, attribute};
use crate::store::{
    Collection, Directory, Expect, Filter, Item, Key, OrganizationRecord, Parent, Store, StoreError, Summary,
    Write, collection,
};

/// How many runs a create removes: a transaction takes 100 writes.
const REMOVED_AT_ONCE: usize = 20;

const DAY_SECONDS: i64 = 86_400;

impl Summary for Report {
    const COLLECTION: &'static str = "REPORT";
}

impl Collection for Report {
    type Summary = Self;
    const NOUN: &'static str = "report";
    const CAPACITY: u64 = 10_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        vec![Filter::new("format", self.format.as_str())]
    }

    fn side_changes(&self) -> u64 {
        self.last_run.map_or(0, |run| run.id.into())
    }
}

impl Summary for Run {
    const COLLECTION: &'static str = "RUN";
}

impl Collection for Run {
    type Summary = Self;
    const NOUN: &'static str = "run";
    /// Twice as many as a report has that is made each hour for as long as runs are kept. Beyond it, the oldest go.
    const CAPACITY: u64 = 4_400;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        let mut filters =
            vec![Filter::new(CREATED_ON, day(self.created_at)), Filter::new("status", self.status.as_str())];
        filters.extend(self.is_open().then(open));
        filters
    }

    fn side_changes(&self) -> u64 {
        self.deliveries.len() as u64
    }

    fn ended(directory: &Directory, now: Timestamp) -> Vec<u64> {
        let first = day(now.plus_seconds(-KEPT_SECONDS));
        let days = directory.values(CREATED_ON);
        let over = days.filter(|(on, _)| on.parse::<i64>().is_ok_and(|on| on < first));
        let over = over.flat_map(|(_, ids)| ids.iter().map(u64::from)).take(REMOVED_AT_ONCE);
        // Room for the one that is being made: the oldest go.
        let too_many = usize::from(directory.len() >= Self::CAPACITY);
        let oldest = directory.select(&[], 0, too_many).1;
        let ended: BTreeSet<_> = over.chain(oldest).collect();
        ended.into_iter().collect()
    }
}

/// The field of the directory that has the day on which a run was made, counted from 1970.
const CREATED_ON: &str = "created_on";

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(DAY_SECONDS)
}

/// Selects the runs that have work left.
pub fn open() -> Filter {
    Filter::new("open", true)
}

/// What the runs of a report belong to.
pub fn runs_of(organization: OrganizationId, report: ReportId) -> Parent {
    collection::parent_of::<Report>(organization, report.into())
}

/// How many runs [`delete_runs`] deletes at a time: a transaction takes 100 writes.
const DELETED_AT_ONCE: usize = 40;

/// Deletes the runs of a report that is not there any more, so that nobody adds to them; their files are no more among what the
/// organization stores.
pub async fn delete_runs(
    store: &Store,
    organization: OrganizationId,
    report: ReportId,
) -> Result<(), StoreError> {
    let parent = runs_of(organization, report);
    let directory_key = Key::directory(&parent, Run::COLLECTION);
    let mut backoff = Backoff::new(collection::FIRST_PAUSE, collection::WRITE_DEADLINE);
    loop {
        let mut directory = collection::directory::<Run>(store, &parent).await?;
        let expect = directory.expect();
        if expect == Expect::Absent {
            return Ok(());
        }
        let (_, ids) = directory.select(&[], 0, DELETED_AT_ONCE);
        let mut keys = vec![Key::organization(organization)];
        keys.extend(ids.iter().map(|id| collection::entity_key::<Run>(&parent, *id)));
        let mut items = store.get_many(&keys).await?.into_iter();
        let record = OrganizationRecord::read(items.next().flatten())?;
        let mut storage = record.organization.storage.clone();
        for item in items.flatten() {
            let run: Run = item::read(item)?;
            if let (Some(file), Some(made_at)) = (&run.file, run.finished_at) {
                storage.remove_report(file.size_bytes, made_at);
            }
        }
        let mut writes = Vec::new();
        for id in &ids {
            directory.remove(*id);
            writes.extend(collection::delete_entity::<Run>(&parent, *id));
        }
        if storage != record.organization.storage {
            writes.push(record.set_storage(&storage)?);
        }
        writes.push(match (directory.is_empty(), directory.to_item()?) {
            (false, Some(item)) => Write::Put(directory_key.clone(), item, expect),
            _ => Write::Delete(directory_key.clone(), expect),
        });
        match store.transact(writes).await {
            Ok(()) => {}
            Err(StoreError::Condition(_) | StoreError::Conflict) if backoff.pause().await => {}
            Err(error) => return Err(error),
        }
    }
}

/// Tells a report which run ended last, if the report is there. It is no change of the report.
pub fn note_last_run(
    organization: OrganizationId,
    report: ReportId,
    last_run: LastRun,
) -> Result<Write, StoreError> {
    note(organization, report, "last_run", last_run)
}

/// Tells a report which of its schedule's times had the last run, if the report is there. It is no change of the report.
pub fn note_scheduled_for(
    organization: OrganizationId,
    report: ReportId,
    time: Timestamp,
) -> Result<Write, StoreError> {
    note(organization, report, "scheduled_for", time)
}

fn note(
    organization: OrganizationId,
    report: ReportId,
    name: &str,
    value: impl Serialize,
) -> Result<Write, StoreError> {
    Ok(Write::Update {
        key: collection::entity_key::<Report>(organization, report.into()),
        set: Item::from([(name.to_owned(), attribute(value)?)]),
        remove: Vec::new(),
        expect: Expect::Present,
    })
}
