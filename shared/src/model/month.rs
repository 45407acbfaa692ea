//! Months, as usage and credits are told by them: in UTC, for everybody.

use std::fmt;
use std::str::FromStr;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Invalid, Timestamp};
use crate::model::calendar;
use crate::model::query::TimeUnit;

const DAY_SECONDS: i64 = 86_400;

/// A month of the calendar, in UTC. Its text is as in `2026-11`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Deserr, ToSchema,
)]
#[schema(value_type = String, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2026-11"))]
#[serde(try_from = "String", into = "String")]
#[deserr(try_from(&String) = FromStr::from_str -> Invalid)]
pub struct Month(
    /// Its first day, counted from 1970.
    i32,
);

/// A day in UTC. Its text is as in `2026-11-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day that a time is in.
    pub fn of(time: Timestamp) -> Self {
        Self(i32::try_from(time.as_second().div_euclid(DAY_SECONDS)).unwrap_or_default())
    }

    /// The month that it is in.
    pub fn month(self) -> Month {
        Month(calendar::start(self.0, TimeUnit::Month))
    }

    /// When it begins.
    pub fn start(self) -> Timestamp {
        start(self.0)
    }

    /// The day so many days later.
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl Month {
    /// The month that a time is in.
    pub fn of(time: Timestamp) -> Self {
        Day::of(time).month()
    }

    /// The month so many months later, or earlier.
    pub fn plus_months(self, months: i64) -> Self {
        Self(calendar::moved(self.0, months, TimeUnit::Month))
    }

    /// When it begins.
    pub fn start(self) -> Timestamp {
        start(self.0)
    }

    /// When it is over: the next one begins.
    pub fn end(self) -> Timestamp {
        self.plus_months(1).start()
    }

    /// Its days.
    pub fn days(self) -> impl Iterator<Item = Day> {
        (self.0..self.plus_months(1).0).map(Day)
    }
}

fn start(day: i32) -> Timestamp {
    Timestamp::EPOCH.plus_seconds(i64::from(day) * DAY_SECONDS)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        calendar::write_date(&mut text, self.0);
        f.write_str(&text)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, _) = calendar::civil(self.0);
        write!(f, "{year:04}-{month:02}")
    }
}

impl FromStr for Month {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::from("Must be a month, like 2026-11.");
        let (year, month) = text.split_once('-').ok_or_else(malformed)?;
        let is_number = |text: &str, digits: usize| {
            text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(year, 4) || !is_number(month, 2) {
            return Err(malformed());
        }
        let (year, month) = (year.parse().map_err(|_| malformed())?, month.parse().map_err(|_| malformed())?);
        if year < 1 || !(1..=12).contains(&month) {
            return Err(malformed());
        }
        Ok(Self(calendar::day(year, month, 1)))
    }
}

impl TryFrom<String> for Month {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_ends_at_midnight_in_utc() {
        let december: Month = "2026-12".parse().unwrap();
        assert_eq!(december.start(), time("2026-12-01T00:00:00Z"));
        assert_eq!(december.end(), time("2027-01-01T00:00:00Z"));
        assert_eq!(Month::of(time("2027-01-01T00:59:59+01:00")), december);
        assert_eq!(Month::of(time("2027-01-01T00:00:00Z")).to_string(), "2027-01");
    }

    #[test]
    fn months_have_the_calendar_s_days() {
        let february: Month = "2024-02".parse().unwrap();
        let days: Vec<_> = february.days().map(|day| day.to_string()).collect();
        assert_eq!((days.len(), &*days[0], &*days[28]), (29, "2024-02-01", "2024-02-29"));
        assert_eq!(february.plus_months(-2).to_string(), "2023-12");
        assert!(february.days().all(|day| day.month() == february));
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "2026-11-01",
            "+026-11",
            "0000-01",
            "2026-é",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
