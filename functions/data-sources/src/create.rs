//! Registering a data source.

use axum::extract::State;
use deserr::Deserr;
use serde_json::{Map, Value};
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{Created, Idempotency, JsonBody, RequestContext, Tagged};
use shared::model::{DataSourceId, Description, Name};
use shared::store::{Versioned, collection};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::connection::{self, Connection, ConnectionSettings};
use crate::data_source::{DataSource, DataSourceView, Engine, Status, Type, check_may_write};

/// A data source to register.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = DataSourceCreate,
    examples(
        json!({
            "name": "Sales",
            "type": "database",
            "engine": "postgresql",
            "connection": {
                "host": "db.example.com",
                "database": "sales",
                "username": "reader",
                "password": "its-password",
            },
        }),
        json!({ "name": "Budget", "type": "file", "engine": "csv", "connection": { "delimiter": ";" } }),
    ),
)]
pub(crate) struct Create {
    name: Name,
    #[deserr(rename = "type")]
    #[schema(rename = "type")]
    source_type: Type,
    /// One of the type: `postgresql` and `mysql` are databases; `csv`, `parquet`, `json` and `xlsx` files; `rest` is an api, `s3` cloud.
    engine: Engine,
    /// `active` or `paused`.
    #[deserr(default)]
    #[schema(required = false, default = "active")]
    status: Status,
    #[deserr(default)]
    #[schema(required = false)]
    description: Description,
    /// How it is reached: what the engine needs.
    #[deserr(default = Value::Object(Map::new()))]
    #[schema(value_type = ConnectionSettings, required = false)]
    connection: Value,
}

/// Register a data source
///
/// Hosts must be on the public internet. Secrets are encrypted before they are stored, and never shown.
#[utoipa::path(
    post,
    path = "/api/data-sources/",
    operation_id = "create_data_source",
    tag = "Data sources",
    request_body = Create,
    responses((status = 201, description = "The new data source.", body = DataSourceView)),
)]
pub(crate) async fn create(
    State(app): State<App>,
    context: RequestContext,
    caller: Caller,
    idempotency: Idempotency,
    JsonBody(new): JsonBody<Create>,
) -> Result<Created<DataSourceView>, Error> {
    let Create { name, source_type, engine, status, description, connection } = new;
    check_may_write(&caller, source_type)?;
    let mut fields = Fields::default();
    if engine.source_type() != source_type {
        fields.add("engine", format!("Must be one of this type: {}.", source_type.engines()));
    }
    check_status(status, &mut fields);
    fields.into_result()?;
    let Connection { settings, secrets } = Connection::parse(engine, connection)?;

    let (organization, now) = (caller.organization(), app.clock.now());
    let keys = app.secrets.keys().await?;
    let created = collection::create(&app.store, organization, |id| {
        let id = id.into();
        let source = DataSource {
            id,
            name: name.clone(),
            source_type,
            engine,
            status,
            description: description.clone(),
            settings: settings.clone(),
            secret_names: secrets.keys().cloned().collect(),
            secrets: connection::seal(&keys.data, organization, id, &secrets)?,
            last_synced_at: None,
            created_by: caller.user().id,
            created_at: now,
            updated_at: now,
        };
        let answer = idempotency.keep(&answer(&context, Versioned::first(source.clone())))?;
        Ok((source, answer))
    })
    .await?;
    Ok(answer(&context, created))
}

fn answer(context: &RequestContext, source: Versioned<DataSource>) -> Created<DataSourceView> {
    let id: DataSourceId = source.entity.id;
    Created::new(context, &format!("/api/data-sources/{id}/"), Tagged::new(source, DataSourceView::from))
}

/// Clients say whether a source is used; that it fails, we say.
pub(crate) fn check_status(status: Status, fields: &mut Fields) {
    if status == Status::Error {
        fields.add("status", "Must be active or paused; error is what we set when reading fails.");
    }
}
