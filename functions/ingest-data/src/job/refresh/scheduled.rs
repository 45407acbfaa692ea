//! Making the import that a schedule asks for, and doing it.
//!
//! The Scheduler tells each of a schedule's times at least once, and late ones when an outage is over. A time has one import: the data
//! source says which time had the last one, and is written along with the import. Of several times that were missed, the last one has it.

use jiff::tz::TimeZone;
use shared::App;
use shared::base::{DataSourceId, ImportId, OrganizationId, Timestamp};
use shared::model::{DataSource, Import};
use shared::store::collection::{self, Along};
use shared::store::data_sources::note_refreshed_for;
use shared::store::{CollectionError, New, StoreError, creation, imports};

use crate::job::error::JobError;
use crate::job::import::import_now;
use crate::job::refresh::forget;
use crate::job::work::ImportPlace;
use crate::outside::Outside;

/// What is to be done at a time that the Scheduler has told.
enum Due {
    /// This import, which was made for it now or before.
    Import(ImportId),
    /// Nothing, for this reason.
    Nothing(&'static str),
    /// There is no such data source any more.
    Deleted,
}

/// Does the import for a time that the Scheduler has told, unless that was done.
pub(crate) async fn refresh(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    id: DataSourceId,
    told: Timestamp,
) -> Result<(), JobError> {
    let due = due(app, outside, organization, id, told).await?;
    let status = match due {
        Due::Import(_) => "made",
        Due::Nothing(why) => why,
        Due::Deleted => "deleted",
    };
    tracing::info!(
        job = "refresh",
        organization = u64::from(organization),
        data_source = u64::from(id),
        status,
        "job"
    );
    match due {
        Due::Import(import) => {
            import_now(app, outside, ImportPlace { organization, data_source: id, import }).await
        }
        Due::Nothing(_) => Ok(()),
        // A schedule that is left of a data source.
        Due::Deleted => Ok(forget(outside, organization, id).await?),
    }
}

async fn due(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    id: DataSourceId,
    told: Timestamp,
) -> Result<Due, JobError> {
    let now = app.clock.now();
    // One that has not ended is as good as another one now, and may be left of an attempt at this.
    if let Some(open) = open_import(app, organization, id).await? {
        if !open.has_lapsed(now) {
            return Ok(Due::Import(open.id));
        }
        // Has it written down, whatever is to be done now.
        let place = ImportPlace { organization, data_source: id, import: open.id };
        Box::pin(import_now(app, outside, place)).await?;
    }
    let mut made = None;
    let created = creation::create_within::<DataSource, Import, Refusal>(
        &app.store,
        organization,
        id.into(),
        &[],
        now,
        |import, source, _| {
            let source = &source.entity;
            // It may have been changed or paused since this was sent.
            let cron = source.schedule(organization).ok_or(Refusal::Nothing("paused"))?;
            let due = cron.last_due(told, now, &TimeZone::UTC).ok_or(Refusal::Nothing("not due"))?;
            if source.refreshed_for.is_some_and(|last| last >= due) {
                return Err(Refusal::Nothing("repeated"));
            }
            let noted = note_refreshed_for(organization, id, due)?;
            let import = ImportId::from(import);
            made = Some(import);
            let import = Import::new(import, source.created_by, now);
            Ok(New { along: vec![Along::Required(noted)], ..New::of(import) })
        },
    )
    .await;
    match (created, made) {
        (Ok(_), Some(import)) => Ok(Due::Import(import)),
        (Ok(_), None) => Ok(Due::Nothing("not made")),
        (Err(CollectionError::Refused(Refusal::Nothing(why))), _) => Ok(Due::Nothing(why)),
        (Err(CollectionError::Missing { .. } | CollectionError::Unmet(_)), _) => Ok(Due::Deleted),
        (Err(CollectionError::Refused(Refusal::Store(error))), _) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
    }
}

/// The newest import of a data source, if its end is not written down.
async fn open_import(
    app: &App,
    organization: OrganizationId,
    id: DataSourceId,
) -> Result<Option<Import>, JobError> {
    let parent = imports::of(organization, id);
    let newest = collection::directory::<Import>(&app.store, &parent).await?.last_id();
    let newest = collection::find::<Import>(&app.store, &parent, newest).await?;
    Ok(newest.map(|import| import.entity).filter(|import| !import.is_finished()))
}

#[derive(Debug)]
enum Refusal {
    Nothing(&'static str),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
