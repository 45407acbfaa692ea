//! Telling the Scheduler when data sources are to be imported again.

use shared::App;
use shared::base::{DataSourceId, OrganizationId};
use shared::model::DataSource;
use shared::model::data_source::{DataSourceSummary, Type};
use shared::model::query::ZoneName;
use shared::store::schedules::SCHEDULED_TIME;
use shared::store::{StoreError, collection};

use crate::job::error::JobError;
use crate::outside::Outside;

/// Makes the Scheduler's schedule what the data source says, or removes it.
pub(crate) async fn sync(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    id: DataSourceId,
) -> Result<(), JobError> {
    let find = || collection::find::<DataSource>(&app.store, organization, id.into());
    let mut current = find().await?;
    // A file has nothing to be fetched again.
    if current.as_ref().is_some_and(|source| source.entity.source_type == Type::File) {
        return Ok(());
    }
    loop {
        match current.as_ref().and_then(|source| source.entity.schedule(organization)) {
            Some(cron) => {
                let input = input(organization, id);
                let zone = ZoneName::utc();
                outside.schedules.put(&name(organization, id), &cron, &zone, &input).await?;
            }
            None => forget(outside, organization, id).await?,
        }
        // Another one may have told of a change meanwhile, and have been overtaken.
        let version = current.as_ref().map(|source| source.version);
        current = find().await?;
        if current.as_ref().map(|source| source.version) == version {
            return Ok(());
        }
    }
}

/// The same for all data sources after one.
pub(crate) async fn sync_after(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    after: DataSourceId,
) -> Result<(), JobError> {
    let directory = collection::directory::<DataSourceSummary>(&app.store, organization).await?;
    let (_, ids) = directory.select(&[], 0, usize::MAX);
    for id in ids.into_iter().filter(|id| *id > u64::from(after)) {
        sync(app, outside, organization, id.into()).await?;
    }
    Ok(())
}

/// Removes the schedule of a data source, if it has one.
pub(crate) async fn forget(
    outside: &Outside,
    organization: OrganizationId,
    id: DataSourceId,
) -> Result<(), StoreError> {
    outside.schedules.delete(&name(organization, id)).await
}

fn name(organization: OrganizationId, id: DataSourceId) -> String {
    format!("data-source-{organization}-{id}")
}

/// The message that the Scheduler sends: a [job](shared::store::Job) whose time it fills in.
fn input(organization: OrganizationId, id: DataSourceId) -> String {
    serde_json::json!({
        "job": "refresh",
        "organization": organization,
        "data_source": id,
        "scheduled_for": SCHEDULED_TIME,
    })
    .to_string()
}
