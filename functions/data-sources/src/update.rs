//! Changing a data source. Its type and engine stay.

use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use serde_json::{Map, Value};
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{IfMatch, JsonBody, MergePatch, PathId, Tagged};
use shared::model::{Description, Name, OrganizationId};
use shared::store::collection::{self, Change};
use shared::store::{DataKeys, Versioned};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::connection::{self, Connection, Secrets};
use crate::create::check_status;
use crate::data_source::{DataSource, DataSourceView, Status, check_may_write};

/// What a client may change, before.
#[derive(Serialize)]
struct Before<'a> {
    name: &'a Name,
    status: Status,
    description: &'a Description,
    connection: &'a Map<String, Value>,
}

/// And after.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = DataSourceUpdate,
    description = "What is to change of a data source.",
    examples(json!({ "status": "paused" })),
)]
struct After {
    name: Name,
    status: Status,
    #[deserr(default)]
    #[schema(required = false)]
    description: Description,
    /// Merged into what is there. A secret stays as long as the connection leads to the same place.
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
    request_body = After,
    responses((status = 200, description = "The data source as it is now.", body = DataSourceView)),
)]
pub(crate) async fn update(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    if_match: IfMatch,
    JsonBody(patch): JsonBody<Value>,
) -> Result<Tagged<DataSourceView>, Error> {
    let patch = MergePatch::from(patch);
    let (organization, now) = (caller.organization(), app.clock.now());
    let keys = app.secrets.keys().await?;
    let changed =
        collection::modify(&app.store, organization, id, &[], |before: &Versioned<DataSource>, _| {
            check_may_write(&caller, before.entity.source_type)?;
            if_match.check(before)?;
            let mut after = patched(&patch, &before.entity, organization, &keys.data)?;
            after.updated_at = now;
            Ok(Change::Replace(after, Vec::new()))
        })
        .await?;
    Ok(Tagged::new(changed, DataSourceView::from))
}

fn patched(
    patch: &MergePatch,
    before: &DataSource,
    organization: OrganizationId,
    keys: &DataKeys,
) -> Result<DataSource, Error> {
    let DataSource { name, status, description, settings, .. } = before;
    let after: After = patch.apply(&Before { name, status: *status, description, connection: settings })?;
    let mut fields = Fields::default();
    if after.status != before.status {
        check_status(after.status, &mut fields);
    }
    fields.into_result()?;

    let Connection { settings, secrets: sent } = Connection::parse(before.engine, after.connection)?;
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
        description: after.description,
        settings,
        secret_names,
        secrets,
        ..before.clone()
    })
}

/// The secrets that stay: neither replaced nor removed. They stay with the place that they were given for.
fn kept(
    patch: &MergePatch,
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
    if connection::leads_elsewhere(&before.settings, settings) {
        let mut fields = Fields::default();
        for name in &kept {
            fields.add(
                format!("connection.{name}"),
                "Send it again, or null: the connection leads elsewhere now, and the one that is set was given for another.",
            );
        }
        fields.into_result()?;
    }
    Ok(kept)
}
