//! Where a database is, and as whom it is asked: what a data source's connection says.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::Error;
use shared::base::OrganizationId;
use shared::model::DataSource;
use shared::model::data_source::Engine;
use shared::model::data_source::connection::SslMode;
use shared::store::{Secrets, data_sources};

/// A database, and as whom it is asked.
#[derive(Clone)]
pub struct Target {
    pub(super) engine: Engine,
    pub(super) settings: Settings,
    pub(super) password: Option<SecretString>,
}

/// What may be shown of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Settings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: String,
    pub(super) username: String,
    pub(super) ssl_mode: SslMode,
    pub(super) ca_certificate: Option<String>,
    pub(super) schemas: Option<Vec<String>>,
    #[serde(default)]
    pub(super) excluded_schemas: Vec<String>,
    #[serde(default = "default_cache_seconds")]
    cache_seconds: u32,
}

/// Sources that were made before there was such a setting have none.
fn default_cache_seconds() -> u32 {
    60
}

impl Target {
    /// What a data source's connection says, with its password.
    pub async fn open(
        secrets: &Secrets,
        organization: OrganizationId,
        source: &DataSource,
    ) -> Result<Self, Error> {
        Ok(Self {
            engine: source.engine,
            settings: settings(&source.settings)?,
            password: data_sources::secret(secrets, organization, source, "password").await?,
        })
    }

    /// How long an answer serves.
    pub fn cache(source: &DataSource) -> Result<Duration, Error> {
        Ok(Duration::from_secs(settings(&source.settings)?.cache_seconds.into()))
    }
}

fn settings(settings: &Map<String, Value>) -> Result<Settings, Error> {
    serde_json::from_value(Value::Object(settings.clone())).map_err(Error::internal)
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Target").field("settings", &self.settings).finish_non_exhaustive()
    }
}
