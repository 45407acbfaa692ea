//! Registering a data source.

use deserr::Deserr;
use serde_json::{Map, Value};
use shared::Error;
use shared::base::{Description, Fields, Name};
use shared::http::{Created, JsonBody};
use shared::model::data_source::connection::{self, Connection, ConnectionSettings};
use shared::model::data_source::{Engine, Refresh, Status, Type};
use shared::model::{DataSource, Plan};
use shared::service::CreateRequest;
use shared::store::collection::Along;
use shared::store::{Key, New, OrganizationRecord};
use utoipa::ToSchema;

use crate::data_source::{DATA_SOURCES, DataSourceView, check_may_write, check_status};
use crate::refresh;

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
        json!({ "name": "Budget", "type": "file", "engine": "csv", "connection": { "date_format": "%d.%m.%Y" } }),
    ),
)]
pub(crate) struct DataSourceCreate {
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
/// Hosts must be on the public internet, or in a network that whoever runs the API allows. Secrets are encrypted before they are stored, and never shown.
#[utoipa::path(
    post,
    path = "/api/data-sources/",
    operation_id = "create_data_source",
    tag = "Data sources",
    request_body = DataSourceCreate,
    responses(
        (status = 201, description = "The new data source.", body = DataSourceView),
        (status = 403, description = "The plan does not allow more data sources."),
    ),
)]
pub(crate) async fn create(
    request: CreateRequest,
    JsonBody(new): JsonBody<DataSourceCreate>,
) -> Result<Created<DataSourceView>, Error> {
    let DataSourceCreate { name, source_type, engine, status, description, connection } = new;
    check_may_write(&request.caller, source_type)?;
    let mut fields = Fields::default();
    if engine.source_type() != source_type {
        fields.add("engine", format!("Must be one of this type: {}.", source_type.engines()));
    }
    check_status(status, &mut fields);
    fields.into_result()?;
    let connection = Connection::parse(engine, connection)?;
    connection.check_hosts(&request.app.config.networks)?;
    let Connection { settings, secrets } = connection;

    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let keys = request.app.secrets.keys().await?;
    let has_schedule = Refresh::of(&settings) != Refresh::Manual;
    let scheduled =
        async { if has_schedule { refresh::sync_new(&request.app, &request.caller).await } else { Ok(()) } };
    let plan = [Key::organization(organization)];
    let created = request.create_reading(DATA_SOURCES, &plan, scheduled, |id, mut items, ()| {
        let id = id.into();
        let record = OrganizationRecord::read(items.pop().flatten())?;
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
            status_reason: None,
            data: None,
            last_import: None,
            refreshed_for: None,
            created_by: request.caller.user().id,
            created_at: now,
            updated_at: now,
        };
        let shown = DataSourceView::of(organization, source.clone());
        let new = New {
            along: vec![Along::IfUnchanged(record.check_plan())],
            limit: Some((record.organization.plan, Plan::check_data_sources)),
            ..New::of(source)
        };
        Ok::<_, Error>((new, shown))
    });
    Ok(Box::pin(created).await?)
}
