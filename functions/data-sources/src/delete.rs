//! Deleting a data source that nothing uses.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use deserr::Deserr;
use shared::access::{Caller, Permission};
use shared::base::{Code, DataSourceId, Fields, Invalid, OrganizationId};
use shared::http::{IfMatch, Query};
use shared::model::DataSource;
use shared::model::dashboard::DashboardSummary;
use shared::store::collection::{self, Along};
use shared::store::dashboards::uses;
use shared::store::jobs::MAX_DELAY;
use shared::store::{
    CollectionError, Directory, Job, Key, OrganizationRecord, Store, Summary as _, Versioned,
};
use shared::{App, Error};
use utoipa::IntoParams;

use crate::data_source::{DataSourcePath, check_may_write};

/// When what a deleted source held is removed: this request is long over then, and so is every query that reads it.
const SWEEP_DELAY: Duration = MAX_DELAY;

/// How many dashboards the refusal names.
const NAMED: usize = 10;

#[derive(Deserr, IntoParams)]
#[deserr(error = Fields, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Delete {
    /// Also if widgets use it. Needs the permission `dashboards:write_any`.
    #[deserr(default)]
    #[param(value_type = bool, required = false, default = false)]
    force: Flag,
}

#[derive(Clone, Copy, Default, Deserr)]
#[deserr(try_from(&String) = Flag::parse -> Invalid)]
struct Flag(bool);

impl Flag {
    fn parse(text: &str) -> Result<Self, Invalid> {
        text.parse().map(Self).map_err(|_| "Must be true or false.".into())
    }
}

/// Delete a data source
#[utoipa::path(
    delete,
    path = "/api/data-sources/{id}/",
    operation_id = "delete_data_source",
    tag = "Data sources",
    params(DataSourcePath, Delete),
    responses(
        (status = 204, description = "The data source is deleted."),
        (status = 409, description = "Widgets use it; `detail` names their dashboards."),
    ),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    DataSourcePath { id }: DataSourcePath,
    if_match: IfMatch,
    Query(Delete { force: Flag(force) }): Query<Delete>,
) -> Result<StatusCode, Error> {
    if force {
        caller.require(Permission::WriteAnyDashboards, "force=true")?;
    }
    let organization = caller.organization();
    // First, so that what it held is removed whatever happens to this process; a source that is still there keeps everything.
    let sweep = Job::Sweep { organization, data_source: id };
    app.jobs.send(sweep, SWEEP_DELAY).await?;
    let also = [Key::organization(organization), Key::directory(organization, DashboardSummary::COLLECTION)];
    let check = |source: &Versioned<DataSource>, mut items: Vec<_>| {
        check_may_write(&caller, source.entity.source_type)?;
        if_match.check(source.tag())?;
        let directory = items.pop().flatten();
        let mut along = Vec::new();
        if let Some(data) = source.entity.data.as_ref().filter(|data| data.bytes > 0) {
            let record = OrganizationRecord::read(items.pop().flatten()).map_err(Error::from)?;
            let mut storage = record.organization.storage.clone();
            storage.replace_data(data.bytes, 0);
            along.push(Along::IfUnchanged(record.set_storage(&storage).map_err(Error::from)?));
        }
        if force {
            return Ok(along);
        }
        let directory = Directory::from_item(directory).map_err(Error::from)?;
        let (count, first) = directory.select(&[uses(id)], 0, NAMED);
        if count > 0 {
            return Err(Refusal::InUse { count, first });
        }
        // A widget over it that is saved meanwhile changes the directory.
        let unused = collection::check_directory::<DashboardSummary>(organization, &directory);
        along.push(Along::IfUnchanged(unused));
        Ok(along)
    };
    match collection::delete_reading(&app.store, organization, id.into(), &also, check).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(CollectionError::Refused(Refusal::InUse { count, first })) => {
            Err(in_use(&app.store, organization, id, count, &first).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Why a data source is not deleted.
#[derive(Debug)]
enum Refusal {
    /// The request is not fit to.
    Error(Error),
    /// Dashboards use it: so many, these among them.
    InUse { count: u64, first: Vec<u64> },
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Error(error) => error,
            Refusal::InUse { .. } => Error::new(Code::Conflict, "Dashboards use the data source."),
        }
    }
}

/// The 409 that names the dashboards.
async fn in_use(
    store: &Store,
    organization: OrganizationId,
    id: DataSourceId,
    count: u64,
    first: &[u64],
) -> Result<Error, Error> {
    let dashboards = collection::summaries::<DashboardSummary>(store, organization, first).await?;
    let mut names: Vec<_> = dashboards
        .iter()
        .map(|dashboard| format!("{} ({:?})", dashboard.id, dashboard.name.as_str()))
        .collect();
    if count > first.len() as u64 {
        names.push(format!("and {} more", count - first.len() as u64));
    }
    let noun = if count == 1 { "dashboard" } else { "dashboards" };
    let detail = format!(
        "Data source {id} is used by {count} {noun}: {}. Remove it from their widgets, or delete it with \
         ?force=true as an administrator.",
        names.join(", ")
    );
    Ok(Error::new(Code::Conflict, detail))
}
