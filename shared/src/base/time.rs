//! Points in time as the API shows and stores them, and the one source of the current time.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use deserr::Deserr;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Invalid;

/// A point in time in whole seconds, from year 0 to the end of year 9999, which is what RFC 3339 can write.
///
/// Its text is RFC 3339 in UTC, with `Z` and without fractions: `2027-01-31T12:00:00Z`.
///
/// Not `jiff::Timestamp`, which ends on 9999-12-30: `9999-12-31T23:59:59Z` is how many clients write "never".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, format = DateTime)]
#[serde(try_from = "String", into = "String")]
#[deserr(try_from(&String) = FromStr::from_str -> Invalid)]
pub struct Timestamp(i64);

const EPOCH: DateTime = DateTime::from_parts(Date::constant(1970, 1, 1), Time::midnight());
const MIN: i64 = -62_167_219_200; // 0000-01-01T00:00:00Z
const MAX: i64 = 253_402_300_799; // 9999-12-31T23:59:59Z

impl Timestamp {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(0);

    /// The time that many seconds after 1970 began, if it is in range.
    pub fn from_second(second: i64) -> Option<Self> {
        (MIN..=MAX).contains(&second).then_some(Self(second))
    }

    /// The seconds since 1970 began.
    pub fn as_second(self) -> i64 {
        self.0
    }

    /// The time that many seconds later, at most the last there is.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds).clamp(MIN, MAX))
    }
}

/// For arithmetic with calendars, which ends two days earlier.
impl From<Timestamp> for jiff::Timestamp {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_second(timestamp.0).unwrap_or(Self::MAX)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = EPOCH.checked_add(SignedDuration::from_secs(self.0)).map_err(|_| fmt::Error)?;
        write!(f, "{civil}Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Invalid;

    /// Reads RFC 3339 with any offset; fractions of a second are cut.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::from("Must be a time in RFC 3339, like 2027-01-31T12:00:00Z.");
        let pieces = Pieces::parse(text).map_err(|_| malformed())?;
        let (Some(time), Some(offset), None) =
            (pieces.time(), pieces.to_numeric_offset(), pieces.time_zone_annotation())
        else {
            return Err(malformed());
        };
        let civil = DateTime::from_parts(pieces.date(), time);
        let seconds = civil.duration_since(EPOCH).as_secs();
        let fraction_before_epoch = i64::from(civil < EPOCH && civil.subsec_nanosecond() > 0);
        let second = seconds - fraction_before_epoch - i64::from(offset.seconds());
        Self::from_second(second).ok_or_else(|| "Must be a time in the years 0000 to 9999, in UTC.".into())
    }
}

impl TryFrom<String> for Timestamp {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_string()
    }
}

/// Tells the time in whole seconds. Injected, so that tests move it instead of sleeping.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::new(|| Timestamp(jiff::Timestamp::now().as_second()))
    }

    /// A clock that asks `now` for the time.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        text.parse::<Timestamp>().ok().map(|time| time.to_string())
    }

    #[test]
    fn times_are_shown_in_utc_and_whole_seconds() {
        for (text, expected) in [
            ("2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z"),
            ("2027-01-31T12:00:00.999Z", "2027-01-31T12:00:00Z"),
            ("2027-01-31T12:00:00+01:30", "2027-01-31T10:30:00Z"),
            ("2027-01-31t12:00:00z", "2027-01-31T12:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2027-01-31",
            "2027-01-31T12:00:00",
            "2027-02-30T12:00:00Z",
            "2027-01-31T25:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "10000-01-01T00:00:00Z",
            "2027-01-31T12:00:00Z[Europe/Berlin]",
            "1800000000",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_time_survives_its_text(second in MIN..=MAX) {
            let time = Timestamp::from_second(second).unwrap();
            prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }
    }
}
