//! How a data source is reached: typed by its engine, its secrets apart from the rest.

mod athena;
mod cache;
mod columns;
mod database;
mod destination;
mod file;
mod rest;
mod s3;
mod secret;

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, ValuePointerRef};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use self::athena::Athena;
pub use self::columns::ColumnTypes;
pub use self::database::SslMode;
use self::database::{Database, MYSQL_PORT, POSTGRESQL_PORT};
pub use self::destination::{exposes_secrets, leads_elsewhere};
use self::file::{Csv, Json, Parquet, Xlsx};
use self::rest::Rest;
use self::s3::S3;
use self::secret::Secret;
pub(crate) use self::secret::{context, parse_secrets};
pub use self::secret::{open, seal, secret_fields};
use super::engine::Engine;
use super::networks::Networks;
use crate::base::{Error, Fields, Line};

/// A connection as sent, checked.
#[derive(Debug)]
pub struct Connection {
    /// What may be shown.
    pub settings: Map<String, Value>,
    /// What may not: those that were sent, by field.
    pub secrets: Secrets,
}

/// Secrets by field.
pub type Secrets = BTreeMap<String, SecretString>;

/// A setting of one line.
type Setting = Line<255>;

/// The settings of one engine, and their secrets.
trait Settings: Serialize + Deserr<Fields> {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        Vec::new()
    }
}

/// How a data source is reached. Which of these it must be, its engine says.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum ConnectionSettings {
    /// `postgresql` and `mysql`.
    Database(Database<{ POSTGRESQL_PORT }>),
    /// `rest`.
    Rest(Rest),
    /// `s3`.
    S3(S3),
    /// `athena`.
    Athena(Athena),
    /// `csv`.
    Csv(Csv),
    /// `xlsx`.
    Xlsx(Xlsx),
    /// `json`.
    Json(Json),
    /// `parquet`.
    Parquet(Parquet),
}

impl Connection {
    /// Reads a connection of the engine; mistakes are named under `connection`.
    pub fn parse(engine: Engine, value: Value) -> Result<Self, Error> {
        match engine {
            Engine::PostgreSql => Self::read::<Database<POSTGRESQL_PORT>>(value),
            Engine::MySql => Self::read::<Database<MYSQL_PORT>>(value),
            Engine::Csv => Self::read::<Csv>(value),
            Engine::Xlsx => Self::read::<Xlsx>(value),
            Engine::Json => Self::read::<Json>(value),
            Engine::Parquet => Self::read::<Parquet>(value),
            Engine::Rest => Self::read::<Rest>(value),
            Engine::S3 => Self::read::<S3>(value),
            Engine::Athena => Self::read::<Athena>(value),
        }
    }

    /// Refuses a host that no data source may be on; mistakes are named under `connection`.
    pub fn check_hosts(&self, networks: &Networks) -> Result<(), Error> {
        let text = |name: &str| self.settings.get(name).and_then(Value::as_str);
        let of_url = |url: &str| Some(Url::parse(url).ok()?.host_str()?.to_owned());
        let hosts = [("host", text("host").map(str::to_owned)), ("url", text("url").and_then(of_url))];
        let mut fields = Fields::default();
        for (name, host) in hosts {
            if let Some(Err(reason)) = host.map(|host| networks.check_host(&host)) {
                fields.add(format!("connection.{name}"), reason.to_string());
            }
        }
        fields.into_result()
    }

    fn read<T: Settings>(value: Value) -> Result<Self, Error> {
        let origin = ValuePointerRef::Origin;
        let at = origin.push_key("connection");
        let mut typed = T::deserialize_from_value(value.into_value(), at).map_err(Error::validation)?;
        let sent = typed.take_secrets().into_iter();
        let secrets = sent.filter_map(|(name, secret)| Some((name.to_owned(), secret?.0))).collect();
        match serde_json::to_value(typed) {
            Ok(Value::Object(settings)) => Ok(Self { settings, secrets }),
            other => Err(Error::internal(format!("settings that are no object: {other:?}"))),
        }
    }
}
