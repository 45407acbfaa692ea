//! Secrets of connections: how they are read, and sealed for the data source that they are of.

use std::collections::BTreeMap;

use deserr::Deserr;
use secrecy::{ExposeSecret, SecretString};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::Secrets;
use crate::base::{DataKeys, DataSourceId, Error, Invalid, OrganizationId, SealError, Sealed};
use crate::model::data_source::engine::Engine;

const SECRET_MAX_BYTES: usize = 4_096;

/// Kept encrypted, never shown.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[schema(value_type = String, format = Password, min_length = 1, max_length = 4096)]
#[deserr(try_from(&String) = Secret::parse -> Invalid)]
pub(super) struct Secret(pub(super) SecretString);

impl Secret {
    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err("Must not be empty; null removes it.".into());
        }
        if text.len() > SECRET_MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {SECRET_MAX_BYTES} bytes.").into()));
        }
        Ok(Self(text.to_owned().into()))
    }
}

/// Refuses: secrets are taken out before settings are kept or shown.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a secret among the settings"))
    }
}

/// The fields of an engine's connection that are secrets.
pub fn secret_fields(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::PostgreSql | Engine::MySql => &["password"],
        Engine::Rest => &["token"],
        Engine::S3 | Engine::Athena => &["secret_access_key"],
        Engine::Csv | Engine::Xlsx | Engine::Parquet | Engine::Json => &[],
    }
}

/// Seals a data source's secrets for that data source; nothing if there are none.
pub fn seal(
    keys: &DataKeys,
    organization: OrganizationId,
    id: DataSourceId,
    secrets: &Secrets,
) -> Result<Option<Sealed>, Error> {
    if secrets.is_empty() {
        return Ok(None);
    }
    let texts: BTreeMap<_, _> = secrets.iter().map(|(name, secret)| (name, secret.expose_secret())).collect();
    let text = serde_json::to_vec(&texts).map_err(Error::internal)?;
    Ok(Some(keys.seal(&text, &context(organization, id))?))
}

/// Opens what [`seal`] sealed.
pub fn open(
    keys: &DataKeys,
    organization: OrganizationId,
    id: DataSourceId,
    sealed: Option<&Sealed>,
) -> Result<Secrets, SealError> {
    let Some(sealed) = sealed else { return Ok(Secrets::new()) };
    parse_secrets(&keys.open(sealed, &context(organization, id))?)
}

/// Reads what was sealed, once it is open.
pub(crate) fn parse_secrets(text: &[u8]) -> Result<Secrets, SealError> {
    // serde_json's message could quote a secret.
    let texts: BTreeMap<String, String> = serde_json::from_slice(text)
        .map_err(|_| SealError::Unreadable("sealed secrets that are no object".to_owned()))?;
    Ok(texts.into_iter().map(|(name, secret)| (name, secret.into())).collect())
}

/// What the secrets of a data source are sealed for.
pub(crate) fn context(organization: OrganizationId, id: DataSourceId) -> String {
    format!("data-source#{organization}#{id}")
}
