//! What conditions compare with: mostly what is in the table.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use shared::model::query::Operator;
use shared::model::table::ColumnType;

use super::choices::Choices;
use super::values::TEXTS;
use crate::naive::datum::Datum;
use crate::naive::table::{Table, Value};

/// Parts of texts, in another case.
const PARTS: [&str; 18] =
    ["o", "N", "ß", "SS", "i", "İ", "I", "σ", "Σ", "É", "K", "S", "%", "_", "\\", "'", "", "\u{301}"];

const NUMBERS: [&str; 12] =
    ["0", "1", "2", "-1", "3", "0.5", "0.1", "1.50", "1e2", "-0.3", "18446744073709551615", "1e300"];

/// The values of a condition on a column.
pub(super) fn values(table: &Table, column: usize, operator: Operator, choices: &mut Choices) -> Vec<Json> {
    if operator == Operator::Contains {
        return vec![json!(choices.of(&PARTS))];
    }
    let count = match operator {
        Operator::IsNull | Operator::IsNotNull => 0,
        Operator::Between => 2,
        Operator::In | Operator::NotIn => 1 + choices.below(4),
        _ => 1,
    };
    let mut values: Vec<Json> = (0..count).map(|_| literal(table, column, choices)).collect();
    // Mostly, something is between the two.
    if operator == Operator::Between && !choices.once_in(5) {
        sort(&mut values);
    }
    values
}

/// Puts numbers, or texts and days, in their order.
fn sort(values: &mut [Json]) {
    let number = |json: &Json| json.as_f64().unwrap_or(0.0);
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    values.sort_by(|one, other| {
        number(one).total_cmp(&number(other)).then_with(|| text(one).cmp(&text(other)))
    });
}

/// A value that a column can be compared with.
pub(super) fn literal(table: &Table, column: usize, choices: &mut Choices) -> Json {
    let there = there(table, column, choices);
    let is_there = !there.is_null() && !choices.once_in(4);
    match table.columns[column].column_type {
        ColumnType::Text if is_there => from_json(&there.json()),
        ColumnType::Text => json!(choices.of(&TEXTS)),
        ColumnType::Integer | ColumnType::Number if is_there => from_json(&there.json()),
        ColumnType::Integer | ColumnType::Number => from_json(choices.of(&NUMBERS)),
        ColumnType::Boolean => json!(choices.once_in(2)),
        ColumnType::Date => json!(day(&there, choices).to_string()),
        ColumnType::Datetime if choices.once_in(2) => json!(day(&there, choices).to_string()),
        ColumnType::Datetime => json!(instant(&there, choices)),
    }
}

/// A value of a column, if it has any.
pub(super) fn there(table: &Table, column: usize, choices: &mut Choices) -> Datum {
    let values: Vec<&Value> = table.values(column).filter(|value| **value != Value::Null).collect();
    if values.is_empty() { Datum::Null } else { Datum::of(choices.of(&values), &table.columns[column]) }
}

/// A day near a time.
pub(super) fn day(time: &Datum, choices: &mut Choices) -> Date {
    let day = match time {
        Datum::Date(day) => *day,
        Datum::Datetime(at) => at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date(),
        _ => jiff::civil::date(2025, 6, 15),
    };
    let moved = jiff::SignedDuration::from_hours(24 * choices.of(&[0, 1, -1, 2, 30]));
    let years = jiff::civil::date(1, 1, 1)..=jiff::civil::date(9999, 12, 31);
    day.checked_add(moved).ok().filter(|day| years.contains(day)).unwrap_or(day)
}

/// An instant near a time, as it may be written.
fn instant(time: &Datum, choices: &mut Choices) -> String {
    let at = match time {
        Datum::Datetime(at) => *at,
        _ => Timestamp::UNIX_EPOCH,
    };
    let at = at + jiff::SignedDuration::from_micros(choices.of(&[0, 1, -1, 3_600_000_000, -500_000]));
    match choices.of(&[None, Some(2), Some(-3)]) {
        None => at.to_string(),
        Some(hours) => at.display_with_offset(jiff::tz::offset(hours)).to_string(),
    }
}

fn from_json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}
