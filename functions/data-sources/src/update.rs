//! Changing a data source. Its type and engine stay.

use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use serde_json::{Map, Value};
use shared::access::Caller;
use shared::base::{DataKeys, Description, Fields, Name, OrganizationId, SealError};
use shared::http::{IfMatch, MergePatch, Tagged};
use shared::model::DataSource;
use shared::model::data_source::Status;
use shared::model::data_source::connection::{self, Connection, Secrets};
use shared::store::collection::{self, Change};
use shared::store::{CollectionError, Versioned};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::data_source::{DataSourcePath, DataSourceView, check_may_write, check_status, tagged};
use crate::refresh;

/// What may be changed of a data source.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = DataSourceUpdate, examples(json!({ "status": "paused" })))]
pub(crate) struct DataSourceFields {
    name: Name,
    #[deserr(default)]
    #[schema(required = false)]
    status: Status,
    #[deserr(default)]
    #[schema(required = false)]
    description: Description,
    /// Merged into what is there. A secret stays as long as the connection leads to the same place, as well protected.
    #[schema(value_type = Map<String, Value>)]
    connection: Value,
}

/// Change a data source
///
/// Its type and engine stay.
#[utoipa::path(
    patch,
    path = "/api/data-sources/{id}/",
    operation_id = "update_data_source",
    tag = "Data sources",
    params(DataSourcePath),
    request_body = DataSourceFields,
    responses((status = 200, description = "The data source as it is now.", body = DataSourceView)),
)]
pub(crate) async fn update(
    State(app): State<App>,
    caller: Caller,
    DataSourcePath { id }: DataSourcePath,
    if_match: IfMatch,
    patch: MergePatch<DataSourceFields>,
) -> Result<Tagged<DataSourceView>, Error> {
    let (organization, now) = (caller.organization(), app.clock.now());
    // What is not sent here stays.
    let moves_schedule =
        [&["status"][..], &["connection", "refresh"]].iter().any(|path| patch.get(path).is_some())
            || patch.get(&["connection"]).is_some_and(Value::is_null);
    let modify = async |keys: &DataKeys| {
        let change = |before: &Versioned<DataSource>| {
            check_may_write(&caller, before.entity.source_type)?;
            let after = patched(&app, &patch, &before.entity, organization, keys)?;
            if_match.check(before.tag())?;
            Ok::<_, Refusal>(Change::Replace(DataSource { updated_at: now, ..after }, Vec::new()))
        };
        let change = |before: &Versioned<DataSource>, (): &()| change(before);
        let scheduled =
            async { if moves_schedule { Ok(refresh::sync(&app, &caller, id).await?) } else { Ok(()) } };
        Box::pin(collection::modify_with(&app.store, organization, id.into(), scheduled, change)).await
    };
    let changed = match modify(&app.secrets.keys().await?.data).await {
        // Another instance has seen a data key that this one has not.
        Err(CollectionError::Refused(Refusal::UnknownDataKey(key))) => {
            modify(&app.secrets.keys_with(key).await?.data).await
        }
        changed => changed,
    };
    Ok(tagged(organization, changed?))
}

/// Why a data source is not changed.
#[derive(Debug)]
enum Refusal {
    /// The request is not fit to.
    Error(Error),
    /// Its secrets are sealed with a data key that is not known here.
    UnknownDataKey(u32),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<SealError> for Refusal {
    fn from(error: SealError) -> Self {
        match error {
            SealError::UnknownKey(key) => Self::UnknownDataKey(key),
            error => Self::Error(error.into()),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Error(error) => error,
            Refusal::UnknownDataKey(key) => SealError::UnknownKey(key).into(),
        }
    }
}

fn patched(
    app: &App,
    patch: &MergePatch<DataSourceFields>,
    before: &DataSource,
    organization: OrganizationId,
    keys: &DataKeys,
) -> Result<DataSource, Refusal> {
    let DataSource { name, status, description, settings, .. } = before.clone();
    let after = patch.apply(&DataSourceFields { name, status, description, connection: settings.into() })?;
    let mut fields = Fields::default();
    if after.status != before.status {
        check_status(after.status, &mut fields);
    }
    fields.into_result()?;

    let connection = Connection::parse(before.engine, after.connection)?;
    if connection::leads_elsewhere(&before.settings, &connection.settings) {
        connection.check_hosts(&app.config.networks)?;
    }
    let Connection { settings, secrets: sent } = connection;
    let kept = kept(patch, before, &settings, &sent)?;
    let (secrets, secret_names) = if sent.is_empty() && kept.len() == before.secret_names.len() {
        (before.secrets.clone(), before.secret_names.clone())
    } else {
        let mut all = connection::open(keys, organization, before.id, before.secrets.as_ref())?;
        all.retain(|name, _| kept.contains(name));
        all.extend(sent);
        (connection::seal(keys, organization, before.id, &all)?, all.into_keys().collect())
    };
    Ok(DataSource {
        name: after.name,
        status: after.status,
        status_reason: before.status_reason.clone().filter(|_| after.status == Status::Error),
        description: after.description,
        settings,
        secret_names,
        secrets,
        ..before.clone()
    })
}

/// The secrets that stay: neither replaced nor removed. They stay with the place that they were given for.
fn kept(
    patch: &MergePatch<DataSourceFields>,
    before: &DataSource,
    settings: &Map<String, Value>,
    sent: &Secrets,
) -> Result<Vec<String>, Error> {
    let is_removed = |name: &str| {
        patch.get(&["connection"]).is_some_and(Value::is_null)
            || patch.get(&["connection", name]).is_some_and(Value::is_null)
    };
    let kept = before.secret_names.iter().filter(|name| !sent.contains_key(*name) && !is_removed(name));
    let kept: Vec<String> = kept.cloned().collect();
    if connection::exposes_secrets(&before.settings, settings) {
        let mut fields = Fields::default();
        for name in &kept {
            fields.add(
                format!("connection.{name}"),
                "Send it again, or null: the connection leads elsewhere now or is less protected, and the one that is set \
                 was given for what was there.",
            );
        }
        fields.into_result()?;
    }
    Ok(kept)
}
