//! How a data source is reached: typed by its engine, its secrets apart from the rest.

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, ValuePointerRef};
use secrecy::{ExposeSecret, SecretString};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use super::athena::{AccessKeyId, Catalog, RoleArn, Workgroup};
use super::bucket::{BucketName, ObjectFormat, Region};
use super::engine::Engine;
use super::file_options::{DateFormat, DecimalSeparator, Delimiter};
use super::host::{HostName, HttpsUrl};
use super::json_path::JsonPath;
use super::networks::Networks;
use super::refresh::Refresh;
use super::rest::Pagination;
use crate::base::{DataKeys, DataSourceId, Error, Fields, Invalid, Line, OrganizationId, SealError, Sealed};
use crate::model::table::ColumnType;
use crate::string_enum;

const SECRET_MAX_BYTES: usize = 4_096;

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

/// Kept encrypted, never shown.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[schema(value_type = String, format = Password, min_length = 1, max_length = 4096)]
#[deserr(try_from(&String) = Secret::parse -> Invalid)]
struct Secret(SecretString);

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
    fn protection(self) -> u8 {
        match self {
            Self::Disable => 0,
            Self::Require => 1,
            Self::VerifyFull => 2,
        }
    }
}

/// The settings of one engine, and their secrets.
trait Settings: Serialize + Deserr<Fields> {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        Vec::new()
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

/// How long an answer serves.
#[derive(Clone, Copy, Debug, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = u32, minimum = 1, maximum = 86_400)]
#[deserr(try_from(u64) = CacheSeconds::parse -> Invalid)]
struct CacheSeconds(u32);

impl Default for CacheSeconds {
    fn default() -> Self {
        Self(60)
    }
}

impl CacheSeconds {
    fn parse(seconds: u64) -> Result<Self, Invalid> {
        match u32::try_from(seconds) {
            Ok(seconds @ 1..=86_400) => Ok(Self(seconds)),
            _ => Err("Must be a number of seconds from 1 to 86400, a day.".into()),
        }
    }
}

impl<const PORT: u16> Settings for Database<PORT> {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("password", self.password.take())]
    }
}

/// How many columns a connection may give types to, and how long their names may be together: they are kept in the source's item.
const MAX_TYPED_COLUMNS: usize = 500;
const TYPED_COLUMNS_MAX_BYTES: usize = 50_000;

/// Types of columns by their names.
#[derive(Default, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = BTreeMap<String, ColumnType>)]
#[deserr(try_from(BTreeMap<String, ColumnType>) = ColumnTypes::parse -> Invalid)]
pub struct ColumnTypes(BTreeMap<String, ColumnType>);

impl ColumnTypes {
    fn parse(columns: BTreeMap<String, ColumnType>) -> Result<Self, Invalid> {
        if columns.len() > MAX_TYPED_COLUMNS {
            return Err(Invalid(format!("Must not name more than {MAX_TYPED_COLUMNS} columns.").into()));
        }
        if columns.keys().map(String::len).sum::<usize>() > TYPED_COLUMNS_MAX_BYTES {
            let reason =
                format!("The names of the columns must not take more than {TYPED_COLUMNS_MAX_BYTES} bytes.");
            return Err(Invalid(reason.into()));
        }
        Ok(Self(columns))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Of a CSV file.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = CsvConnection)]
pub struct Csv {
    /// What is between the fields of a row; by default what the file looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    delimiter: Option<Delimiter>,
    /// Whether the first row names the columns.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    has_header: bool,
    /// What is before the decimals of numbers; by default what each column looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    decimal: Option<DecimalSeparator>,
    /// How dates or times are written that are not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Csv {}

/// Of a spreadsheet.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = XlsxConnection)]
pub struct Xlsx {
    /// The one sheet that is read; by default each is a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    sheet: Option<Setting>,
    /// Whether the first row of a sheet names the columns.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    has_header: bool,
    /// What is before the decimals of numbers that are text; by default what each column looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    decimal: Option<DecimalSeparator>,
    /// How dates or times are written that are text and not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Xlsx {}

/// Of a JSON file.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = JsonConnection)]
pub struct Json {
    /// How dates or times are written that are not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Json {}

/// Of a Parquet file, which says itself what is in it.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ParquetConnection)]
pub struct Parquet {}

impl Settings for Parquet {}

/// Of a REST API.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = RestConnection)]
pub struct Rest {
    url: HttpsUrl,
    /// Sent as `Authorization: Bearer`, to the host of the URL and to no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    token: Option<Secret>,
    /// Where in an answer the array of records is. By default the answer is that array, or an object with one array of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    records: Option<JsonPath>,
    /// How one page leads to the next. By default by the header `Link`, as in `<https://…>; rel="next"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pagination: Option<Pagination>,
    /// How often it is imported again by itself.
    #[deserr(default)]
    #[schema(required = false, default = "manual")]
    refresh: Refresh,
    /// How dates or times are written that are not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Rest {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("token", self.token.take())]
    }
}

/// Of a bucket.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = S3Connection)]
pub struct S3 {
    bucket: BucketName,
    region: Region,
    /// What the keys of the objects to read begin with; by default all are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    prefix: Option<Setting>,
    access_key_id: Setting,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    secret_access_key: Option<Secret>,
    /// What kind of objects are read; by default the one kind that there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    format: Option<ObjectFormat>,
    /// How often it is imported again by itself.
    #[deserr(default)]
    #[schema(required = false, default = "manual")]
    refresh: Refresh,
    /// What is between the fields of CSV objects; by default what each looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    delimiter: Option<Delimiter>,
    /// Whether the first row of each CSV object names the columns.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    has_header: bool,
    /// What is before the decimals of numbers in CSV objects; by default what each column looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    decimal: Option<DecimalSeparator>,
    /// How dates or times are written that are text and not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for S3 {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("secret_access_key", self.secret_access_key.take())]
    }
}

/// Of Amazon Athena.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields, validate = Athena::check -> Fields)]
#[schema(as = AthenaConnection)]
pub struct Athena {
    /// The workgroup whose limits hold, and which says where results are put.
    #[deserr(default)]
    #[schema(required = false, default = "primary")]
    workgroup: Workgroup,
    /// The data catalog.
    #[deserr(default)]
    #[schema(required = false, default = "AwsDataCatalog")]
    catalog: Catalog,
    /// The database whose tables are there.
    database: Setting,
    region: Region,
    /// The role that is assumed. Its trust policy must ask for the external ID that the data source shows as
    /// `connection.external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    role_arn: Option<RoleArn>,
    /// With `secret_access_key`, in place of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    access_key_id: Option<AccessKeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    secret_access_key: Option<Secret>,
    /// How long an answer serves before Athena is asked again, in seconds.
    #[deserr(default)]
    #[schema(required = false, default = 60)]
    cache_seconds: CacheSeconds,
}

impl Athena {
    fn check(self, _: ValuePointerRef) -> Result<Self, Fields> {
        let mut fields = Fields::default();
        if self.role_arn.is_some() && self.access_key_id.is_some() {
            let reason = "Must not be set beside access_key_id: it is one or the other.";
            fields.add("connection.role_arn", reason);
        }
        if self.secret_access_key.is_some() && self.access_key_id.is_none() {
            fields.add("connection.access_key_id", "Must be set with secret_access_key.");
        }
        if fields.is_empty() { Ok(self) } else { Err(fields) }
    }
}

impl Settings for Athena {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("secret_access_key", self.secret_access_key.take())]
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

const POSTGRESQL_PORT: u16 = 5432;
const MYSQL_PORT: u16 = 3306;

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

/// The settings that say where a connection leads, and as whom. Secrets that were given for one place must not be sent
/// to another.
const DESTINATION: [&str; 10] = [
    "host",
    "port",
    "url",
    "bucket",
    "region",
    "username",
    "access_key_id",
    "role_arn",
    "workgroup",
    "catalog",
];

/// Whether the second connection leads to another place, or acts as somebody else there.
pub fn leads_elsewhere(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    DESTINATION.iter().any(|name| before.get(*name) != after.get(*name))
}

/// The setting that says who is trusted to be there.
const TRUST: &str = "ca_certificate";

/// Whether the second connection would send the first one's secrets to another place, or less protected.
pub fn exposes_secrets(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let trusts_others = before.get(TRUST) != after.get(TRUST);
    let protection = |settings: &Map<String, Value>| {
        settings
            .get("ssl_mode")
            .and_then(|mode| mode.as_str()?.parse::<SslMode>().ok())
            .map(SslMode::protection)
    };
    leads_elsewhere(before, after) || trusts_others || protection(after) < protection(before)
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
