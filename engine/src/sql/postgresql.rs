//! PostgreSQL's dialect.
//!
//! Texts are compared by their bytes under the collation "C"; where a column's own collation calls only equal bytes equal, equality is
//! left to it, so that its indexes serve. Instants are `timestamp` in UTC.

use shared::model::query::TimeUnit;
use shared::model::table::{Column, ColumnType};

use super::dialect::{ColumnText, Dialect, Kind, scale};
use super::parameter::{Parameter, instant};

/// PostgreSQL, from version 11 on.
#[derive(Debug)]
pub(crate) struct PostgreSql;

impl Dialect for PostgreSql {
    fn name(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn parameter(&self, place: usize, parameter: &Parameter) -> String {
        match parameter {
            Parameter::Integer(_) => format!("${place}::int8"),
            Parameter::Float(_) => format!("${place}::float8"),
            Parameter::Decimal(_) => format!("${place}::text::numeric"),
            Parameter::Boolean(_) => format!("${place}::bool"),
            Parameter::Text(_) => format!("${place}::text"),
            Parameter::Day(_) => format!("${place}::text::date"),
            Parameter::Instant(_) => format!("${place}::text::timestamp"),
        }
    }

    fn has_nul(&self) -> bool {
        false
    }

    fn column(&self, name: &str, column: &Column) -> ColumnText {
        let native = column.native_type.as_deref().unwrap_or_default();
        let plain = ColumnText::plain(name, Kind::of(column.column_type));
        match column.column_type {
            ColumnType::Text => {
                let is_text = native == "text" || native.starts_with("character varying");
                // As a text, an address would have the mask of all its bits.
                let text = if native == "inet" { format!("abbrev({name})") } else { format!("{name}::text") };
                let exact = if is_text { name.to_owned() } else { format!("{text} COLLATE \"C\"") };
                let value = if is_text { format!("{name} COLLATE \"C\"") } else { exact.clone() };
                ColumnText { exact, value, ..plain }
            }
            ColumnType::Integer => ColumnText { value: format!("{name}::int8"), ..plain },
            ColumnType::Number if native.starts_with("numeric") => {
                // What is no number, or infinite, has no scale.
                let is_taken = Some(format!("scale({name}) IS NOT NULL"));
                ColumnText { kind: Kind::Decimal(scale(native)), is_taken, ..plain }
            }
            ColumnType::Number => ColumnText {
                // Not a minus before a zero.
                value: format!("({name}::float8 + 0)"),
                is_taken: Some(format!(
                    "{name} BETWEEN '-1.7976931348623157e308'::float8 AND '1.7976931348623157e308'::float8"
                )),
                ..plain
            },
            ColumnType::Date => ColumnText {
                is_taken: Some(format!("{name} BETWEEN date '0001-01-01' AND date '9999-12-31'")),
                ..plain
            },
            ColumnType::Datetime => {
                let is_zoned = native.ends_with("with time zone");
                let (zone, value) = if is_zoned {
                    ("+00", format!("({name} AT TIME ZONE 'UTC')"))
                } else {
                    ("", name.to_owned())
                };
                let type_name = if is_zoned { "timestamptz" } else { "timestamp" };
                ColumnText {
                    value,
                    is_taken: Some(format!(
                        "{name} >= {type_name} '0001-01-01{zone}' AND {name} < {type_name} '10000-01-01{zone}'"
                    )),
                    is_zoned,
                    ..plain
                }
            }
            ColumnType::Boolean => plain,
        }
    }

    fn matches(&self, column: &ColumnText, pattern: &str) -> String {
        format!("{} ~ {pattern}", column.value)
    }

    fn zoned(&self, instant: &str) -> String {
        format!("({instant} AT TIME ZONE 'UTC')")
    }

    fn instant(&self, microseconds: i64) -> String {
        format!("timestamp '{}'", instant(microseconds))
    }

    fn seconds(&self, seconds: i64) -> String {
        format!("interval '{seconds} seconds'")
    }

    fn later(&self, time: &str, seconds: &str) -> String {
        format!("({time} + {seconds})")
    }

    fn moved(&self, time: &str, count: u32, unit: TimeUnit) -> String {
        format!("({time} + interval '{}')", interval(count, unit))
    }

    fn moved_day(&self, day: &str, count: u32, unit: TimeUnit) -> String {
        format!("({day} + interval '{}')::date", interval(count, unit))
    }

    fn start(&self, time: &str, unit: TimeUnit) -> String {
        match unit {
            TimeUnit::Hour | TimeUnit::Day => format!("({time})::date"),
            _ => format!("date_trunc('{}', {time})::date", unit.as_str()),
        }
    }

    fn hour(&self, time: &str) -> String {
        format!("date_trunc('hour', {time})")
    }

    fn reply(&self, value: &str, kind: Kind) -> String {
        match kind {
            Kind::Text | Kind::Decimal(_) => format!("{value}::text"),
            Kind::Integer => format!("{value}::int8"),
            Kind::Float => format!("{value}::float8"),
            Kind::Boolean => value.to_owned(),
            Kind::Day => format!("({value} - date '1970-01-01')::int8"),
            Kind::Instant => format!("(extract(epoch FROM {value}) * 1000000)::int8"),
        }
    }
}

fn interval(count: u32, unit: TimeUnit) -> String {
    match unit {
        TimeUnit::Quarter => format!("{} months", u64::from(count) * 3),
        unit => format!("{count} {}s", unit.as_str()),
    }
}
