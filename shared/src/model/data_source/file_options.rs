//! How the files of a data source are read: what its connection says, for all kinds of files.

use std::collections::BTreeMap;

use deserr::Deserr;
use jiff::civil::{Date, DateTime, date};
use jiff::fmt::strtime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::base::{Error, Invalid, Line};
use crate::model::table::ColumnType;
use crate::string_enum;

string_enum! {
    /// What is between the fields of a row.
    pub enum Delimiter {
        /// A comma.
        Comma = ",",
        /// A semicolon.
        Semicolon = ";",
        /// A tab.
        Tab = "\t",
        /// A vertical bar.
        Bar = "|",
    }
}

string_enum! {
    /// What is before the decimals of a number. The other one may group its thousands.
    pub enum DecimalSeparator {
        /// As in `1,234.56`.
        Point = ".",
        /// As in `1.234,56`.
        Comma = ",",
    }
}

/// How dates or times are written, as [strftime](https://docs.rs/jiff/latest/jiff/fmt/strtime/index.html) says it: `%d.%m.%Y`, or
/// `%m/%d/%Y %I:%M %p`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 64, examples("%d.%m.%Y"))]
#[deserr(try_from(&String) = DateFormat::parse -> Invalid)]
pub struct DateFormat(Line<64>);

/// A day that has no number twice, and a time of day that has none of the day's.
const SAMPLE: DateTime = date(2023, 11, 28).at(19, 46, 0, 0);

impl DateFormat {
    /// Refuses what does not say year, month and day.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let format = Self(Line::parse(text)?);
        let written = strtime::format(text, SAMPLE).ok();
        match written.and_then(|written| format.read(&written)) {
            Some(read) if read.date() == SAMPLE.date() => Ok(format),
            _ => Err("Must say year, month and day as strftime does, like %d.%m.%Y.".into()),
        }
    }

    /// The format.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it says a time of day too.
    pub fn has_time(&self) -> bool {
        let written = strtime::format(self.as_str(), SAMPLE).ok();
        written.and_then(|written| self.read(&written)).is_some_and(|read| read == SAMPLE)
    }

    /// The time that a text of this format is: the beginning of the day where it says none.
    pub fn read(&self, text: &str) -> Option<DateTime> {
        let parsed = strtime::parse(self.as_str(), text).ok()?;
        let date: Date = parsed.to_date().ok()?;
        Some(date.to_datetime(parsed.to_time().unwrap_or_default()))
    }
}

/// How a file is read. What is not said is seen from the file itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct FileOptions {
    /// What is between the fields of a CSV file.
    pub delimiter: Option<Delimiter>,
    /// Whether the first row names the columns.
    pub has_header: bool,
    /// The one sheet of a spreadsheet that is read; by default all are.
    pub sheet: Option<String>,
    /// What is before the decimals of numbers that are written as text.
    pub decimal: Option<DecimalSeparator>,
    /// How dates and times are written, beside ISO 8601.
    pub date_format: Option<DateFormat>,
    /// The types of columns, whatever is in them.
    pub columns: BTreeMap<String, ColumnType>,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            has_header: true,
            sheet: None,
            decimal: None,
            date_format: None,
            columns: BTreeMap::new(),
        }
    }
}

impl FileOptions {
    /// Reads what a connection says of it.
    pub fn of(settings: &Map<String, Value>) -> Result<Self, Error> {
        serde_json::from_value(Value::Object(settings.clone())).map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_format_says_year_month_and_day() {
        for good in ["%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%d %b %Y", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p"] {
            assert!(DateFormat::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "DD.MM.YYYY", "%d.%m.", "%H:%M", "%Y", "%q", "%"] {
            assert!(DateFormat::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn it_reads_days_and_times() {
        let days = DateFormat::parse("%d.%m.%Y").unwrap();
        assert_eq!(days.read("03.02.2025"), Some(date(2025, 2, 3).at(0, 0, 0, 0)));
        assert_eq!(days.read("31.02.2025"), None);
        assert_eq!(days.read("03.02.2025 "), None);
        assert!(!days.has_time());
        let times = DateFormat::parse("%m/%d/%Y %I:%M %p").unwrap();
        assert_eq!(times.read("02/03/2025 07:46 PM"), Some(date(2025, 2, 3).at(19, 46, 0, 0)));
        assert!(times.has_time());
    }
}
