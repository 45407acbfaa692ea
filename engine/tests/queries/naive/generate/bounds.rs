//! Random time ranges, and how many buckets there are in them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use shared::base::Fields;
use shared::model::query::{TimeRange, TimeUnit};
use shared::model::table::ColumnType;

use super::choices::Choices;
use super::literals::{day, literal, there};
use crate::naive::datum::Datum;
use crate::naive::range::Bounds;
use crate::naive::table::Table;

const UNITS: [&str; 4] = ["month", "week", "quarter", "year"];

/// How many rows may be filled in.
const MAX_FILLED: i64 = 10_000;

/// The columns that have times.
pub(super) fn times(table: &Table) -> Vec<usize> {
    columns_of(table, &[ColumnType::Date, ColumnType::Datetime])
}

/// The columns of some types.
pub(super) fn columns_of(table: &Table, types: &[ColumnType]) -> Vec<usize> {
    (0..table.columns.len()).filter(|&index| types.contains(&table.columns[index].column_type)).collect()
}

/// A time near those of the table, or in 2025.
pub(super) fn now(table: &Table, choices: &mut Choices) -> Timestamp {
    let times = times(table);
    let at = if times.is_empty() { Datum::Null } else { there(table, choices.of(&times), choices) };
    let near: Timestamp = match at {
        Datum::Datetime(at) => at,
        Datum::Date(day) if is_near(day) => day.to_zoned_datetime(TimeZone::UTC).unwrap().timestamp(),
        _ => "2025-06-15T12:00:00Z".parse().unwrap(),
    };
    let hours = choices.of(&[0, 1, 24, 0, -24, 48, 2, 7 * 24, 30 * 24, 90 * 24, 365 * 24]);
    near + jiff::SignedDuration::from_hours(hours)
        + jiff::SignedDuration::from_micros(choices.of(&[0, 1, -1, 1_800_000_000]))
}

/// Whether a day is not the first or the last one, which are too far away for words.
fn is_near(day: Date) -> bool {
    (1_800..2_200).contains(&day.year())
}

/// A time range of a column, which has both ends where it must.
pub(super) fn time_range(table: &Table, column: usize, is_bounded: bool, choices: &mut Choices) -> Json {
    let mut range = if choices.once_in(2) {
        bounds(table, column, is_bounded, choices)
    } else {
        word(table.columns[column].column_type, choices)
    };
    range["field"] = json!(table.columns[column].name);
    range
}

fn word(column_type: ColumnType, choices: &mut Choices) -> Json {
    let unit = choices.of(&UNITS);
    let word = match choices.below(10) {
        0 | 1 => format!("this_{unit}"),
        3 => format!("last_{unit}"),
        2 => return json!({"range": choices.of(&["today", "yesterday"])}),
        _ => {
            let units = ["months", "years", "days", "hours", "weeks", "quarters", "years"];
            let unit = choices.of(&units);
            let unit = if column_type == ColumnType::Date && unit == "hours" { "days" } else { unit };
            let count = choices.of(&[12, 2, 1, 3, 30, 53]);
            format!("last_{count}_{unit}")
        }
    };
    let mut range = json!({"range": word});
    if word.starts_with("last_") && !choices.once_in(3) {
        range["include_current"] = json!(true);
    } else if choices.once_in(8) {
        range["include_current"] = json!(false);
    }
    range
}

/// Bounds, the first of which is before the second in every zone.
fn bounds(table: &Table, column: usize, is_bounded: bool, choices: &mut Choices) -> Json {
    let (one, other) = (literal(table, column, choices), literal(table, column, choices));
    let time = |text: &Json| {
        let text = text.as_str().unwrap();
        text.parse().unwrap_or_else(|_| {
            let day: Date = text.parse().unwrap();
            // The last day has no instant in all zones.
            day.to_zoned_datetime(TimeZone::UTC).map_or(Timestamp::MAX, |day| day.timestamp())
        })
    };
    let two_days = jiff::SignedDuration::from_hours(48);
    let (from, to) = if time(&one).duration_since(time(&other)).abs() >= two_days {
        if time(&one) < time(&other) { (one, other) } else { (other, one) }
    } else {
        let there = there(table, column, choices);
        let days_before = jiff::SignedDuration::from_hours(24 * choices.of(&[0, 1, 30, 180]));
        let near = day(&there, choices);
        let near = if is_near(near) { near } else { jiff::civil::date(2025, 6, 15) };
        let from = near - days_before;
        let days = choices.of(&[365, 31, 1, 7, 730, 365]);
        let to = from + jiff::SignedDuration::from_hours(24 * days);
        (json!(from.to_string()), json!(to.to_string()))
    };
    match choices.below(if is_bounded { 1 } else { 4 }) {
        2 => json!({ "from": from }),
        3 => json!({ "to": to }),
        _ => json!({"from": from, "to": to}),
    }
}

/// Whether the buckets of a column are few enough to fill in, for as many combinations of the other dimensions as there are rows.
pub(super) fn can_fill(
    table: &Table,
    column: usize,
    grain: TimeUnit,
    range: Option<&Json>,
    has_others: bool,
    now: Timestamp,
) -> bool {
    let seconds = |time: &Datum| match time {
        Datum::Date(day) => day.duration_since(jiff::civil::date(1970, 1, 1)).as_secs(),
        Datum::Datetime(at) => at.as_second(),
        _ => 0,
    };
    let values = table.values(column).map(|value| Datum::of(value, &table.columns[column]));
    let values: Vec<Datum> = values.filter(|value| !value.is_null()).collect();
    let mut ends = (values.iter().min().map_or(0, seconds), values.iter().max().map_or(0, seconds));
    if let Some(range) = range.filter(|range| range["field"] == table.columns[column].name) {
        let range: TimeRange = deserr::deserialize::<_, _, Fields>(range.clone()).unwrap();
        let bounds = Bounds::new(&range, table.columns[column].column_type, &TimeZone::UTC, now);
        if let (Some(from), Some(to)) = (&bounds.from, &bounds.to) {
            ends = (seconds(from), seconds(to));
        }
    }
    let unit = match grain {
        TimeUnit::Hour => 3_600,
        TimeUnit::Day => 86_400,
        TimeUnit::Week => 7 * 86_400,
        TimeUnit::Month => 28 * 86_400,
        TimeUnit::Quarter => 90 * 86_400,
        TimeUnit::Year => 365 * 86_400,
    };
    let combinations = if has_others { i64::try_from(table.rows.len()).unwrap().max(1) } else { 1 };
    ((ends.1 - ends.0) / unit + 3) * combinations <= MAX_FILLED
}
