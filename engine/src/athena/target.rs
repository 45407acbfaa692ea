//! What of Athena a data source names, and as whom it is asked.

use std::fmt;
use std::time::Duration;

use aws_sdk_athena::config::Credentials;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::Error;
use shared::base::OrganizationId;
use shared::model::DataSource;
use shared::model::data_source::athena::external_id;
use shared::store::cloud::{AssumeError, access_key};
use shared::store::{Cloud, Secrets, data_sources};

use super::error::AthenaError;
use crate::database::message;

/// What of Athena a data source names, and as whom it is asked.
#[derive(Clone)]
pub struct AthenaTarget {
    pub(super) settings: Settings,
    secret_access_key: Option<SecretString>,
    external_id: String,
}

/// What may be shown of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Settings {
    pub(super) workgroup: String,
    pub(super) catalog: String,
    pub(super) database: String,
    pub(super) region: String,
    role_arn: Option<String>,
    access_key_id: Option<String>,
    cache_seconds: u32,
}

impl AthenaTarget {
    /// What a data source's connection says, with its secret.
    pub async fn open(
        secrets: &Secrets,
        organization: OrganizationId,
        source: &DataSource,
    ) -> Result<Self, Error> {
        Ok(Self {
            settings: settings(&source.settings)?,
            secret_access_key: data_sources::secret(secrets, organization, source, "secret_access_key")
                .await?,
            external_id: external_id(organization, source.id),
        })
    }

    /// How long an answer serves.
    pub fn cache(source: &DataSource) -> Result<Duration, Error> {
        Ok(Duration::from_secs(settings(&source.settings)?.cache_seconds.into()))
    }

    /// As whom Athena is asked.
    pub(super) async fn credentials(&self, cloud: &Cloud) -> Result<Credentials, AthenaError> {
        let Settings { role_arn, access_key_id, region, .. } = &self.settings;
        if let Some(id) = access_key_id {
            let secret = self.secret_access_key.as_ref().ok_or(AthenaError::NoSecret)?;
            return Ok(access_key(id, secret));
        }
        let Some(role) = role_arn else { return cloud.own().ok_or(AthenaError::Nobody) };
        cloud.assume(role, &self.external_id, &self.external_id).await.map_err(|error| match error {
            AssumeError::Denied(reason) => AthenaError::Role(message(&reason)),
            AssumeError::Open => AthenaError::OpenRole,
            AssumeError::Store(error) => {
                tracing::warn!(%error, "STS does not answer");
                AthenaError::Unreachable(region.clone())
            }
        })
    }
}

fn settings(settings: &Map<String, Value>) -> Result<Settings, Error> {
    serde_json::from_value(Value::Object(settings.clone())).map_err(Error::internal)
}

impl fmt::Debug for AthenaTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AthenaTarget").field("settings", &self.settings).finish_non_exhaustive()
    }
}
