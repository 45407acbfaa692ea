//! Time ranges: words that move with the day, or bounds.

use std::fmt;
use std::str::FromStr;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FieldName, TimeUnit};
use crate::base::Fields;
use crate::base::error::Invalid;

/// How many units a range or an offset may be long.
const MAX_UNITS: u32 = 10_000;

/// When something happened: a range that moves with the day, or bounds of which the second is excluded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = QueryTimeRange, examples(json!({ "field": "ordered_at", "range": "last_12_months" })))]
pub struct TimeRange {
    /// A date or a datetime.
    pub field: FieldName,
    /// A range that moves with the day; without it, there are bounds.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// Whether a range of the last ones has the current one, too.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_current: Option<bool>,
    /// The first day, or the first instant as in RFC 3339. Without it, the range has no beginning.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40, examples("2025-01-01"))]
    pub from: Option<String>,
    /// The day, or the instant, that is the first one after the range. Without it, the range has no end.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40, examples("2025-07-01"))]
    pub to: Option<String>,
}

/// A viewer's range, of whatever time each widget has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr)]
#[serde(try_from = "String", into = "String")]
#[deserr(try_from(&String) = FromStr::from_str -> Invalid)]
pub enum Range {
    /// The current one: `today`, `this_month`.
    Current(TimeUnit),
    /// The one before it: `yesterday`, `last_month`.
    Previous(TimeUnit),
    /// This many before the current one: `last_12_months`.
    Last(u32, TimeUnit),
}

/// What the document says of a range: a text, since clients in other languages know no alternatives with numbers in them.
const PATTERN: &str = "^(today|yesterday|(this|last)_(week|month|quarter|year)|last_[1-9][0-9]{0,4}_(hours|days|weeks|months|quarters|years))$";

impl utoipa::PartialSchema for Range {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some(PATTERN))
            .max_length(Some(20))
            .description(Some(
                "`today`, `yesterday`, `this_week`, `last_week`, the same of a month, quarter or year, or `last_12_months`: so many whole \
                 hours, days, weeks, months, quarters or years before the current one, at most 10,000. Weeks begin on Monday.",
            ))
            .examples(["last_12_months"])
            .into()
    }
}

impl ToSchema for Range {
    fn name() -> std::borrow::Cow<'static, str> {
        "QueryRange".into()
    }
}

impl FromStr for Range {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let named = match text {
            "today" => Some(Self::Current(TimeUnit::Day)),
            "yesterday" => Some(Self::Previous(TimeUnit::Day)),
            _ => match text.split_once('_') {
                Some(("this", unit)) => calendar_unit(unit).map(Self::Current),
                Some(("last", unit)) => calendar_unit(unit).map(Self::Previous).or_else(|| {
                    let (count, unit) = unit.split_once('_')?;
                    Some(Self::Last(count_of(count)?, TimeUnit::of_plural(unit)?))
                }),
                _ => None,
            },
        };
        named.ok_or_else(|| {
            "Must be today, yesterday, this_week, last_week (or month, quarter, year), or as last_12_months: 1 to 10000 hours, days, \
             weeks, months, quarters or years."
                .into()
        })
    }
}

/// A unit that `this_` and `last_` name; days have words of their own.
fn calendar_unit(text: &str) -> Option<TimeUnit> {
    let unit = text.parse().ok()?;
    (!matches!(unit, TimeUnit::Hour | TimeUnit::Day)).then_some(unit)
}

fn count_of(digits: &str) -> Option<u32> {
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|count| is_plain && (1..=MAX_UNITS).contains(count))
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current(TimeUnit::Day) => formatter.write_str("today"),
            Self::Previous(TimeUnit::Day) => formatter.write_str("yesterday"),
            Self::Current(unit) => write!(formatter, "this_{}", unit.as_str()),
            Self::Previous(unit) => write!(formatter, "last_{}", unit.as_str()),
            Self::Last(count, unit) => write!(formatter, "last_{count}_{}s", unit.as_str()),
        }
    }
}

impl TryFrom<String> for Range {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Range> for String {
    fn from(range: Range) -> Self {
        range.to_string()
    }
}

impl TimeRange {
    pub(super) fn check(&self, path: &str, fields: &mut Fields) {
        let has_bounds = self.from.is_some() || self.to.is_some();
        match &self.range {
            None if !has_bounds => fields.add(path, "Must have a range, or else from, to or both."),
            Some(_) if has_bounds => fields.add(path, "Must not have both a range and from or to."),
            Some(Range::Current(_) | Range::Previous(TimeUnit::Day))
                if self.include_current == Some(true) =>
            {
                fields.add(format!("{path}.include_current"), "Goes with a range that begins with last_.");
            }
            None if self.include_current == Some(true) => {
                fields.add(format!("{path}.include_current"), "Goes with a range that begins with last_.");
            }
            _ => {}
        }
    }
}

/// How long before something was: `1 year`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr)]
#[serde(try_from = "String", into = "String")]
#[deserr(try_from(&String) = FromStr::from_str -> Invalid)]
pub struct Offset {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: TimeUnit,
}

impl utoipa::PartialSchema for Offset {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^[1-9][0-9]{0,4} (hour|day|week|month|quarter|year)s?$"))
            .max_length(Some(14))
            .description(Some(
                "How long before it was: 1 to 10,000 hours, days, weeks, months, quarters or years.",
            ))
            .examples(["1 year"])
            .into()
    }
}

impl ToSchema for Offset {
    fn name() -> std::borrow::Cow<'static, str> {
        "QueryOffset".into()
    }
}

impl FromStr for Offset {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parse = || {
            let (count, unit) = text.split_once(' ')?;
            let unit = unit.parse().ok().or_else(|| TimeUnit::of_plural(unit))?;
            Some(Self { count: count_of(count)?, unit })
        };
        parse().ok_or_else(|| {
            "Must be as \"1 year\": 1 to 10000 hours, days, weeks, months, quarters or years.".into()
        })
    }
}

impl TryFrom<String> for Offset {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Offset> for String {
    fn from(offset: Offset) -> Self {
        let plural = if offset.count == 1 { "" } else { "s" };
        format!("{} {}{plural}", offset.count, offset.unit.as_str())
    }
}

/// What the same measures were before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = QueryComparison)]
pub struct Comparison {
    /// How long before.
    pub offset: Offset,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_they_are_read() {
        for text in ["today", "yesterday", "this_week", "last_quarter", "last_1_hours", "last_10000_days"] {
            assert_eq!(text.parse::<Range>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "now",
            "this_day",
            "last_hour",
            "last_0_days",
            "last_01_days",
            "last_10001_days",
            "last_1_day",
            "last_+1_days",
        ] {
            assert!(text.parse::<Range>().is_err(), "{text}");
        }
    }

    #[test]
    fn offsets_take_one_and_many() {
        for (text, written) in [("1 year", "1 year"), ("1 years", "1 year"), ("2 quarter", "2 quarters")] {
            assert_eq!(String::from(text.parse::<Offset>().unwrap()), written);
        }
        for text in ["year", "0 years", "-1 year", "1  year", "1 fortnight"] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }
}
