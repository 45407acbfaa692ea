//! The connection to a database.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::cache::CacheSeconds;
use super::secret::Secret;
use super::{Setting, Settings};
use crate::base::{Fields, Invalid};
use crate::model::data_source::host::HostName;
use crate::model::data_source::refresh::Refresh;
use crate::string_enum;

/// By default, PostgreSQL's.
pub(super) const POSTGRESQL_PORT: u16 = 5432;
/// By default, MySQL's.
pub(super) const MYSQL_PORT: u16 = 3306;

#[derive(Clone, Copy, Debug, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = u32, minimum = 1, maximum = 65_535)]
#[deserr(try_from(u64) = Port::parse -> Invalid)]
struct Port(u16);

impl Port {
    fn parse(port: u64) -> Result<Self, Invalid> {
        match u16::try_from(port) {
            Ok(port) if port > 0 => Ok(Self(port)),
            _ => Err("Must be a port number: 1 to 65535.".into()),
        }
    }
}

string_enum! {
    /// How the connection to a database is protected, in libpq's words.
    #[derive(Default)]
    pub enum SslMode {
        /// It is not.
        Disable = "disable",
        /// It is encrypted, to whoever answers.
        #[default]
        Require = "require",
        /// It is encrypted, to who proves to be the host.
        VerifyFull = "verify_full",
    }
}

impl SslMode {
    /// How much it protects what is sent: more is better.
    pub(super) fn protection(self) -> u8 {
        match self {
            Self::Disable => 0,
            Self::Require => 1,
            Self::VerifyFull => 2,
        }
    }
}

/// Of a database.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = DatabaseConnection)]
pub struct Database<const PORT: u16> {
    host: HostName,
    /// By default the engine's own: 5432 or 3306.
    #[deserr(default = Port(PORT))]
    #[schema(required = false)]
    port: Port,
    database: Setting,
    username: Setting,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    password: Option<Secret>,
    #[deserr(default)]
    #[schema(required = false, default = "require")]
    ssl_mode: SslMode,
    /// For `verify_full`: the certificate of the authority that is trusted in place of the public ones and Amazon RDS's, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    ca_certificate: Option<CaCertificate>,
    /// The schemas whose tables are there. By default all that the user may read; for MySQL, the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    schemas: Option<Schemas>,
    /// The schemas whose tables are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    excluded_schemas: Option<Schemas>,
    /// How long an answer serves before the database is asked again, in seconds.
    #[deserr(default)]
    #[schema(required = false, default = 60)]
    cache_seconds: CacheSeconds,
    /// How often the catalog is imported again by itself.
    #[deserr(default)]
    #[schema(required = false, default = "manual")]
    refresh: Refresh,
}

/// A certificate in PEM.
#[derive(Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 20_000, pattern = "^-----BEGIN CERTIFICATE-----")]
#[deserr(try_from(&String) = CaCertificate::parse -> Invalid)]
struct CaCertificate(String);

impl CaCertificate {
    /// A few certificates: what there is while one takes the place of another.
    const MAX_BYTES: usize = 20_000;

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {} bytes.", Self::MAX_BYTES).into()));
        }
        if !text.trim_start().starts_with("-----BEGIN CERTIFICATE-----") {
            return Err("Must be a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.".into());
        }
        Ok(Self(text.trim().to_owned()))
    }
}

/// Names of schemas.
#[derive(Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<Setting>, min_items = 1, max_items = 100)]
#[deserr(try_from(Vec<Setting>) = Schemas::parse -> Invalid)]
struct Schemas(Vec<Setting>);

impl Schemas {
    const MAX: usize = 100;

    fn parse(names: Vec<Setting>) -> Result<Self, Invalid> {
        if names.is_empty() {
            return Err("Must not be empty: leave it out.".into());
        }
        if names.len() > Self::MAX {
            return Err(Invalid(format!("Must not name more than {} schemas.", Self::MAX).into()));
        }
        Ok(Self(names))
    }
}

impl<const PORT: u16> Settings for Database<PORT> {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("password", self.password.take())]
    }
}
