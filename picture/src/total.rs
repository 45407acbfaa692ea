//! The cells of the row of totals, which results have as JSON, as values.

use std::borrow::Cow;

use serde_json::Value as Json;
use shared::model::calendar;
use shared::model::result::ResultColumn;
use shared::model::table::{Cell, ColumnType};

use crate::data::Data;
use crate::format::{self, NumberFormat};
use crate::value::Value;

/// A total.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Total<'a> {
    /// A value of a type that can be written in several ways.
    Value(Value<'static>),
    /// A text.
    Text(Cow<'a, str>),
}

impl<'a> Total<'a> {
    /// The total of a column of a type. None for null.
    pub(crate) fn of(cell: &'a Cell, column_type: ColumnType) -> Option<Self> {
        let text = cell.get();
        match serde_json::from_str(text).ok()? {
            Json::Null | Json::Array(_) | Json::Object(_) => None,
            Json::Bool(value) => Some(Self::Value(Value::Boolean(value))),
            Json::Number(_) => Some(number(text).map_or(Self::Text(Cow::Borrowed(text)), Self::Value)),
            Json::String(text) => {
                let value = match column_type {
                    ColumnType::Date => date(&text).map(Value::Date),
                    ColumnType::Datetime => instant(&text).map(Value::Datetime),
                    _ => None,
                };
                Some(value.map_or(Self::Text(Cow::Owned(text)), Self::Value))
            }
        }
    }
}

/// The total of a column as it is shown. None for null.
pub(crate) fn text(
    total: &Cell,
    column: &ResultColumn,
    format: NumberFormat,
    data: &Data<'_>,
) -> Option<String> {
    Some(match Total::of(total, column.column_type)? {
        Total::Value(value) => format::value(value, column, format, data.zone),
        Total::Text(text) => text.into_owned(),
    })
}

/// A number of JSON: exact if it has no exponent.
fn number(text: &str) -> Option<Value<'static>> {
    if let Ok(integer) = text.parse() {
        return Some(Value::Integer(integer));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scale = i8::try_from(fraction.len()).ok();
    let exact = scale.zip(format!("{whole}{fraction}").parse().ok());
    match exact {
        Some((scale, digits)) => Some(Value::Decimal(digits, scale)),
        None => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float),
    }
}

fn date(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.parse().ok()?;
    let small = |number: i8| u8::try_from(number).ok();
    Some(calendar::day(date.year().into(), small(date.month())?, small(date.day())?))
}

fn instant(text: &str) -> Option<i64> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(instant.as_microsecond())
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn total(json: &str, column_type: ColumnType) -> Option<Total<'static>> {
        let cell: &'static Cell = Box::leak(Box::new(RawValue::from_string(json.to_owned()).unwrap()));
        Total::of(cell, column_type)
    }

    #[test]
    fn numbers_are_exact() {
        let number = |json| total(json, ColumnType::Number);
        assert_eq!(number("42"), Some(Total::Value(Value::Integer(42))));
        assert_eq!(number("-0.05"), Some(Total::Value(Value::Decimal(-5, 2))));
        let digits = Value::Decimal(12_345_678_901_234_567_890_123, 2);
        assert_eq!(number("123456789012345678901.23"), Some(Total::Value(digits)));
        assert_eq!(number("1e300"), Some(Total::Value(Value::Float(1e300))));
        assert_eq!(number("null"), None);
    }

    #[test]
    fn texts_are_what_their_column_is() {
        assert_eq!(total(r#""1970-01-02""#, ColumnType::Date), Some(Total::Value(Value::Date(1))));
        let second = Total::Value(Value::Datetime(1_500_000));
        assert_eq!(total(r#""1970-01-01T00:00:01.5Z""#, ColumnType::Datetime), Some(second));
        assert_eq!(total(r#""a\"b""#, ColumnType::Text), Some(Total::Text(Cow::Borrowed("a\"b"))));
        assert_eq!(total("true", ColumnType::Boolean), Some(Total::Value(Value::Boolean(true))));
    }
}
