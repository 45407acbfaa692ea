//! Deleting a data source that nothing uses.

use axum::extract::State;
use axum::http::StatusCode;
use deserr::Deserr;
use shared::access::{Caller, Permission};
use shared::error::{Code, Fields, Invalid};
use shared::http::{IfMatch, PathId, Query};
use shared::model::dashboard::{DashboardRow, uses};
use shared::model::{DataSourceId, OrganizationId};
use shared::store::collection::{self, Change, CollectionError};
use shared::store::{Directory, Key, Row, Store, Versioned};
use shared::{App, Error};
use utoipa::IntoParams;

use crate::data_source::{DataSource, check_may_write};

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
    params(Delete),
    responses(
        (status = 204, description = "Deleted."),
        (status = 409, description = "Widgets use it; `detail` names their dashboards."),
    ),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    if_match: IfMatch,
    Query(Delete { force: Flag(force) }): Query<Delete>,
) -> Result<StatusCode, Error> {
    if force {
        check_may_force(&caller)?;
    }
    let organization = caller.organization();
    let dashboards = [Key::directory(organization, DashboardRow::COLLECTION)];
    let mut users = (0, Vec::new());
    let deleted = collection::modify(
        &app.store,
        organization,
        id,
        &dashboards,
        |source: &Versioned<DataSource>, also| {
            check_may_write(&caller, source.entity.source_type)?;
            if_match.check(source)?;
            let directory = Directory::from_item(also.into_iter().next().flatten())?;
            users = directory.select(&[uses(source.entity.id)], 0, NAMED);
            if force {
                return Ok(Change::Delete(Vec::new()));
            }
            if users.0 > 0 {
                return Err(Error::new(Code::Conflict, "It is in use.").into());
            }
            // A widget over it that is saved meanwhile changes the directory.
            Ok(Change::Delete(vec![collection::check_directory::<DashboardRow>(organization, &directory)]))
        },
    )
    .await;
    match deleted {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(CollectionError::Refused(refusal)) if refusal.code() == Code::Conflict => {
            Err(in_use(&app.store, organization, id.into(), users).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn check_may_force(caller: &Caller) -> Result<(), Error> {
    let needed = Permission::WriteAnyDashboards;
    if caller.may(needed) {
        return Ok(());
    }
    let (needed, role) = (needed.as_str(), caller.user().role.as_str());
    let detail = format!("force=true needs the permission {needed}, which the role {role} does not have.");
    Err(Error::new(Code::PermissionDenied, detail))
}

/// The 409 that names the dashboards.
async fn in_use(
    store: &Store,
    organization: OrganizationId,
    id: DataSourceId,
    (count, first): (u64, Vec<u64>),
) -> Result<Error, Error> {
    let rows = collection::rows::<DashboardRow>(store, organization, &first).await?;
    let mut names: Vec<_> = rows.iter().map(|row| format!("{} ({:?})", row.id, row.name.as_str())).collect();
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
