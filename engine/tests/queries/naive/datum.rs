//! A value that can be compared with others of its type, and written.

use std::cmp::Ordering;

use engine::cell::write_float;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock;
use super::exact::Exact;
use super::table::{Column, Value};

/// A value of a row, of a dimension or of a measure.
#[derive(Clone, Debug)]
pub(crate) enum Datum {
    Null,
    Text(String),
    Exact(Exact),
    Float(f64),
    Date(Date),
    Datetime(Timestamp),
    Boolean(bool),
}

impl Datum {
    /// What is in a table.
    pub(crate) fn of(value: &Value, column: &Column) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text.clone()),
            Value::Integer(integer) => Self::Exact(Exact::new(*integer, 0)),
            Value::Decimal(unscaled) => {
                Self::Exact(Exact::new(*unscaled, u32::try_from(column.scale.unwrap()).unwrap()))
            }
            Value::Float(float) => Self::float(*float),
            Value::Date(days) => {
                let seconds = i64::from(*days) * 86_400;
                let midnight = jiff::SignedDuration::from_secs(seconds);
                Self::Date(Date::constant(1970, 1, 1).checked_add(midnight).unwrap())
            }
            Value::Datetime(microseconds) => {
                Self::Datetime(Timestamp::from_microsecond(*microseconds).unwrap())
            }
            Value::Boolean(boolean) => Self::Boolean(*boolean),
        }
    }

    /// A float. Both zeros are one; what is no number is nothing.
    pub(crate) fn float(float: f64) -> Self {
        if float.is_finite() { Self::Float(float + 0.0) } else { Self::Null }
    }

    /// How many there are.
    pub(crate) fn count(count: usize) -> Self {
        Self::Exact(Exact::new(count, 0))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What a condition compares with, as a value of this one's type. A number is what it says in decimal digits; for a float, the float.
    pub(crate) fn operand(&self, value: &serde_json::Value, zone: &TimeZone) -> Self {
        let text = || value.as_str().expect("a text");
        match self {
            Self::Null => panic!("null is compared with nothing"),
            Self::Text(_) => Self::Text(text().to_owned()),
            Self::Exact(_) => Self::Exact(Exact::parse(&value.as_number().expect("a number").to_string())),
            Self::Float(_) => Self::float(value.as_f64().expect("a number")),
            Self::Date(_) => Self::day(text()),
            Self::Datetime(_) => Self::instant(text(), zone),
            Self::Boolean(_) => Self::Boolean(value.as_bool().expect("a boolean")),
        }
    }

    /// A day: `2025-06-15`.
    pub(crate) fn day(text: &str) -> Self {
        Self::Date(text.parse().unwrap())
    }

    /// An instant as in RFC 3339, or a day's first instant.
    pub(crate) fn instant(text: &str, zone: &TimeZone) -> Self {
        Self::Datetime(text.parse().unwrap_or_else(|_| clock::first_instant(text.parse().unwrap(), zone)))
    }

    /// As it is in answers.
    pub(crate) fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            Self::Exact(exact) => exact.json(),
            Self::Float(float) => {
                let mut out = String::new();
                write_float(&mut out, *float);
                out
            }
            Self::Date(date) => format!("\"{date}\""),
            Self::Datetime(timestamp) => format!("\"{timestamp}\""),
            Self::Boolean(boolean) => boolean.to_string(),
        }
    }
}

/// The order of values; null is after all others.
impl Ord for Datum {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            (Self::Text(one), Self::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
            (Self::Exact(one), Self::Exact(other)) => one.cmp(other),
            (Self::Float(one), Self::Float(other)) => one.total_cmp(other),
            (Self::Date(one), Self::Date(other)) => one.cmp(other),
            (Self::Datetime(one), Self::Datetime(other)) => one.cmp(other),
            (Self::Boolean(one), Self::Boolean(other)) => one.cmp(other),
            _ => panic!("{self:?} is not compared with {other:?}"),
        }
    }
}

impl PartialOrd for Datum {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Datum {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Datum {}
