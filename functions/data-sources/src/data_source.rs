//! A data source as it is shown, and who may write it.

use serde::Serialize;
use serde_json::{Map, Value};
use shared::Error;
use shared::access::{Caller, Permission};
use shared::base::{DataSourceId, Description, Fields, Name, OrganizationId, Timestamp, UserId};
use shared::http::Tagged;
use shared::model::DataSource;
use shared::model::data_source::athena::external_id;
use shared::model::data_source::connection::secret_fields;
use shared::model::data_source::{Engine, Status, Type};
use shared::store::Versioned;
use utoipa::ToSchema;

/// The path of the collection.
pub(crate) const DATA_SOURCES: &str = "/api/data-sources/";

shared::path! {
    /// The path of a data source.
    pub(crate) struct DataSourcePath {
        /// The data source's ID.
        id: DataSourceId,
    }
}

/// A data source as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = DataSource)]
pub(crate) struct DataSourceView {
    id: DataSourceId,
    name: Name,
    #[serde(rename = "type")]
    source_type: Type,
    engine: Engine,
    status: Status,
    /// Why `status` is `error`; null otherwise.
    #[schema(required)]
    status_reason: Option<String>,
    description: Description,
    /// How it is reached. Secrets are not shown, but whether there are any: `"password_set": true`. Of Athena it also has the
    /// `external_id` that a role's trust policy must ask for.
    #[schema(examples(json!({ "host": "db.example.com", "port": 5432, "database": "sales", "username": "reader", "ssl_mode": "require", "password_set": true })))]
    connection: Map<String, Value>,
    /// Null until it is read for the first time.
    #[schema(required)]
    last_synced_at: Option<Timestamp>,
    created_by: UserId,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl DataSourceView {
    /// A data source of the organization.
    pub(crate) fn of(organization: OrganizationId, source: DataSource) -> Self {
        let mut connection = source.settings;
        if source.engine == Engine::Athena {
            connection.insert("external_id".to_owned(), external_id(organization, source.id).into());
        }
        for name in secret_fields(source.engine) {
            let is_set = source.secret_names.iter().any(|set| set == name);
            connection.insert(format!("{name}_set"), is_set.into());
        }
        Self {
            id: source.id,
            name: source.name,
            source_type: source.source_type,
            engine: source.engine,
            status: source.status,
            status_reason: source.status_reason,
            description: source.description,
            connection,
            last_synced_at: source.last_synced_at,
            created_by: source.created_by,
            created_at: source.created_at,
            updated_at: source.updated_at,
        }
    }
}

/// The 200 for a data source.
pub(crate) fn tagged(organization: OrganizationId, source: Versioned<DataSource>) -> Tagged<DataSourceView> {
    Tagged { tag: source.tag(), body: DataSourceView::of(organization, source.entity) }
}

/// `Ok` if the caller may create, change and delete sources of the type.
pub(crate) fn check_may_write(caller: &Caller, source_type: Type) -> Result<(), Error> {
    if source_type == Type::File {
        return Ok(());
    }
    caller
        .require(Permission::WriteDataSources, "Creating, changing or deleting a data source that is no file")
}

/// Clients say whether a source is used; that it fails, we say.
pub(crate) fn check_status(status: Status, fields: &mut Fields) {
    if status == Status::Error {
        fields.add("status", "Must be active or paused; error is what we set when reading fails.");
    }
}
