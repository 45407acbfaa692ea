//! A data source: as it is kept, as it is shown, and who may write it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::Error;
use shared::access::{Caller, Permission};
use shared::error::Code;
use shared::model::{DataSourceId, Description, Name, UserId, data_source};
use shared::store::directory::Filter;
use shared::store::{Collection, Row, Sealed};
use utoipa::ToSchema;

use crate::connection::secret_fields;

shared::words! {
    /// What kind of place the data is in.
    #[schema(as = DataSourceType)]
    pub(crate) enum Type {
        Database = "database",
        Api = "api",
        File = "file",
        Cloud = "cloud",
    }
}

shared::words! {
    /// What speaks there.
    #[schema(as = DataSourceEngine)]
    pub(crate) enum Engine {
        PostgreSql = "postgresql",
        MySql = "mysql",
        Csv = "csv",
        Parquet = "parquet",
        Json = "json",
        Xlsx = "xlsx",
        Rest = "rest",
        S3 = "s3",
    }
}

shared::words! {
    /// Whether it is being used. `error` is what we set when reading from it fails.
    #[derive(Default)]
    #[schema(as = DataSourceStatus)]
    pub(crate) enum Status {
        #[default]
        Active = "active",
        Paused = "paused",
        /// The last attempt to read from it failed. Only we say so.
        Error = "error",
    }
}

impl Engine {
    const ALL: [Self; 8] = [
        Self::PostgreSql,
        Self::MySql,
        Self::Csv,
        Self::Parquet,
        Self::Json,
        Self::Xlsx,
        Self::Rest,
        Self::S3,
    ];

    /// The type of the sources that the engine speaks for.
    pub(crate) fn source_type(self) -> Type {
        match self {
            Self::PostgreSql | Self::MySql => Type::Database,
            Self::Csv | Self::Parquet | Self::Json | Self::Xlsx => Type::File,
            Self::Rest => Type::Api,
            Self::S3 => Type::Cloud,
        }
    }
}

impl Type {
    /// The engines there are for the type, for people.
    pub(crate) fn engines(self) -> String {
        let engines = Engine::ALL.iter().filter(|engine| engine.source_type() == self);
        engines.map(|engine| engine.as_str()).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn filter(self) -> Filter {
        ("type", self.as_str().to_owned())
    }
}

impl Status {
    pub(crate) fn filter(self) -> Filter {
        ("status", self.as_str().to_owned())
    }
}

/// A data source as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DataSource {
    pub(crate) id: DataSourceId,
    pub(crate) name: Name,
    #[serde(rename = "type")]
    pub(crate) source_type: Type,
    pub(crate) engine: Engine,
    pub(crate) status: Status,
    pub(crate) description: Description,
    /// Its connection without the secrets.
    pub(crate) settings: Map<String, Value>,
    /// Which secrets there are.
    pub(crate) secret_names: Vec<String>,
    /// The secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secrets: Option<Sealed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_synced_at: Option<Timestamp>,
    pub(crate) created_by: UserId,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// A data source as lists show it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DataSourceRow {
    id: DataSourceId,
    name: Name,
    #[serde(rename = "type")]
    source_type: Type,
    engine: Engine,
    status: Status,
    /// Null until it is read for the first time.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_synced_at: Option<Timestamp>,
    created_by: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl Row for DataSourceRow {
    const COLLECTION: &'static str = data_source::COLLECTION;
    const KEPT_AS: &'static str = data_source::COLLECTION;
}

impl Collection for DataSource {
    type Row = DataSourceRow;
    const NOUN: &'static str = data_source::NOUN;
    /// A status and a type each: at most 64 KB of directory.
    const CAPACITY: u64 = 10_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        vec![self.status.filter(), self.source_type.filter()]
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
    description: Description,
    /// How it is reached. Secrets are not shown, but whether there are any: `"password_set": true`.
    #[schema(examples(json!({ "host": "db.example.com", "port": 5432, "database": "sales", "username": "reader", "ssl_mode": "require", "password_set": true })))]
    connection: Map<String, Value>,
    /// Null until it is read for the first time.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_synced_at: Option<Timestamp>,
    created_by: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<DataSource> for DataSourceView {
    fn from(source: DataSource) -> Self {
        let mut connection = source.settings;
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
            description: source.description,
            connection,
            last_synced_at: source.last_synced_at,
            created_by: source.created_by,
            created_at: source.created_at,
            updated_at: source.updated_at,
        }
    }
}

/// `Ok` if the caller may create, change and delete sources of the type.
pub(crate) fn check_may_write(caller: &Caller, source_type: Type) -> Result<(), Error> {
    if source_type == Type::File || caller.may(Permission::WriteDataSources) {
        return Ok(());
    }
    let (needed, role) = (Permission::WriteDataSources.as_str(), caller.user().role.as_str());
    Err(Error::new(
        Code::PermissionDenied,
        format!(
            "This needs the permission {needed}, which the role {role} does not have: it may write files only."
        ),
    ))
}
