//! Units of time, and time zones.

use deserr::Deserr;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Invalid;
use crate::string_enum;

string_enum! {
    /// A unit of time: how finely times are grouped, how long a range is.
    #[derive(Hash, PartialOrd, Ord)]
    #[expect(missing_docs, reason = "the names say it")]
    #[schema(as = Grain)]
    pub enum TimeUnit {
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
        Quarter = "quarter",
        Year = "year",
    }
}

impl TimeUnit {
    /// The unit that a plural names: `days`.
    pub(super) fn of_plural(text: &str) -> Option<Self> {
        text.strip_suffix('s')?.parse().ok()
    }
}

/// The name of a time zone, as IANA's database has it: `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, max_length = 64, examples("Europe/Berlin"))]
#[serde(try_from = "String", into = "String")]
#[deserr(try_from(&String) = ZoneName::parse -> Invalid)]
pub struct ZoneName(TimeZone);

impl ZoneName {
    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Refuses what the database does not have. Case does not matter.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| "Must be the name of a time zone, such as Europe/Berlin or UTC.".into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }
}

impl TryFrom<String> for ZoneName {
    type Error = Invalid;

    fn try_from(name: String) -> Result<Self, Invalid> {
        Self::parse(&name)
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.as_str().to_owned()
    }
}
