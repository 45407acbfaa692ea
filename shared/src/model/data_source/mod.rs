//! A data source: where data comes from, and how it is reached.

pub mod athena;
pub mod bucket;
pub mod connection;
pub mod data;
pub mod engine;
pub mod file_options;
pub mod host;
pub mod json_path;
pub mod networks;
pub mod refresh;
pub mod rest;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use data::Data;
pub use engine::{Engine, Type};
pub use file_options::FileOptions;
pub use networks::Networks;
pub use refresh::Refresh;

use crate::base::{DataSourceId, Description, ImportId, Name, OrganizationId, Sealed, Timestamp, UserId};
use crate::model::report::Cron;
use crate::string_enum;

string_enum! {
    /// Whether it is being used. `error` is what we set when reading from it fails.
    #[derive(Default)]
    #[schema(as = DataSourceStatus)]
    pub enum Status {
        /// It is.
        #[default]
        Active = "active",
        /// It is not, because somebody said so.
        Paused = "paused",
        /// The last attempt to read from it failed. Only we say so.
        Error = "error",
    }
}

/// A data source as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DataSource {
    /// The data source's ID.
    pub id: DataSourceId,
    /// The data source's name.
    pub name: Name,
    /// What kind of place the data is in.
    #[serde(rename = "type")]
    pub source_type: Type,
    /// What speaks there.
    pub engine: Engine,
    /// Whether it is being used.
    pub status: Status,
    /// What is in it.
    pub description: Description,
    /// Its connection without the secrets.
    pub settings: Map<String, Value>,
    /// Which secrets there are.
    pub secret_names: Vec<String>,
    /// The secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Sealed>,
    /// When it was last read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_synced_at: Option<Timestamp>,
    /// Why its status is `error`; of other statuses, none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// What was imported, once something was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
    /// The newest of its imports that has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_import: Option<ImportId>,
    /// Which of its schedule's times had the last import. Written on the side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refreshed_for: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl DataSource {
    /// When it is imported again by itself, in UTC. `None` if it is not.
    pub fn schedule(&self, organization: OrganizationId) -> Option<Cron> {
        let refresh = Refresh::of(&self.settings);
        refresh.cron(organization, self.id).filter(|_| self.status != Status::Paused)
    }
}

/// A data source as lists show it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DataSourceSummary {
    /// The data source's ID.
    pub id: DataSourceId,
    /// The data source's name.
    pub name: Name,
    /// What kind of place the data is in.
    #[serde(rename = "type")]
    pub source_type: Type,
    /// What speaks there.
    pub engine: Engine,
    /// Whether it is being used.
    pub status: Status,
    /// Why `status` is `error`; null otherwise.
    #[schema(required)]
    pub status_reason: Option<String>,
    /// When it was last read; null until it is read for the first time.
    #[schema(required)]
    pub last_synced_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
