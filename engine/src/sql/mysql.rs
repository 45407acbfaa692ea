//! MySQL's dialect, as MariaDB speaks it, too.
//!
//! Texts are compared as bytes: MySQL's collations ignore case, accents or spaces at the end. Where a column's own collation calls equal
//! what is equal by bytes, and more, that is asked first, so that its indexes serve. The session's time zone is UTC.

use shared::model::query::TimeUnit;
use shared::model::table::{Column, ColumnType};

use super::dialect::{ColumnText, Dialect, Kind, scale};
use super::parameter::{Parameter, instant};

/// MySQL from version 8.0 on, MariaDB from 10.3 on.
#[derive(Debug)]
pub(crate) struct MySql;

impl Dialect for MySql {
    fn name(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn parameter(&self, _place: usize, parameter: &Parameter) -> String {
        match parameter {
            // 65 digits, of which 30 are after the point, is what there can be.
            Parameter::Decimal(digits) => {
                let scale = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
                format!("CAST(? AS DECIMAL(65, {scale}))")
            }
            Parameter::Text(_) => "CAST(? AS BINARY)".to_owned(),
            Parameter::Day(_) => "CAST(? AS DATE)".to_owned(),
            Parameter::Instant(_) => "CAST(? AS DATETIME(6))".to_owned(),
            Parameter::Integer(_) | Parameter::Float(_) | Parameter::Boolean(_) => "?".to_owned(),
        }
    }

    fn collated(&self, _place: usize) -> String {
        "?".to_owned()
    }

    fn has_nul(&self) -> bool {
        true
    }

    fn column(&self, name: &str, column: &Column) -> ColumnText {
        let native = column.native_type.as_deref().unwrap_or_default();
        let plain = ColumnText::plain(name, Kind::of(column.column_type));
        match column.column_type {
            ColumnType::Text => {
                let bytes = format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY)");
                // Where it has characters of another set, it cannot be compared with all texts.
                let is_text = ["char", "varchar", "text"].iter().any(|text| native.starts_with(text));
                let is_collated = is_text && !native.contains(" character set ");
                ColumnText { exact: bytes.clone(), value: bytes, is_collated, ..plain }
            }
            ColumnType::Integer => plain,
            ColumnType::Number if native.starts_with("decimal") => {
                ColumnText { kind: Kind::Decimal(scale(native)), ..plain }
            }
            ColumnType::Number if native.starts_with("bigint") => {
                ColumnText { kind: Kind::Decimal(Some(0)), ..plain }
            }
            // Not a minus before a zero.
            ColumnType::Number => ColumnText { value: format!("({name} + 0e0)"), ..plain },
            ColumnType::Date => ColumnText { is_taken: Some(is_day(name)), ..plain },
            ColumnType::Datetime => ColumnText { is_taken: Some(is_day(name)), ..plain },
            ColumnType::Boolean => {
                let value = format!("({name} <> 0)");
                ColumnText { exact: value.clone(), value, ..plain }
            }
        }
    }

    fn matches(&self, column: &ColumnText, pattern: &str) -> String {
        format!(
            "CONVERT({} USING utf8mb4) COLLATE utf8mb4_bin REGEXP CONVERT({pattern} USING utf8mb4)",
            column.value
        )
    }

    fn zoned(&self, instant: &str) -> String {
        instant.to_owned()
    }

    fn instant(&self, microseconds: i64) -> String {
        format!("TIMESTAMP '{}'", instant(microseconds))
    }

    fn seconds(&self, seconds: i64) -> String {
        seconds.to_string()
    }

    fn later(&self, time: &str, seconds: &str) -> String {
        format!("({time} + INTERVAL ({seconds}) SECOND)")
    }

    fn moved(&self, time: &str, count: u32, unit: TimeUnit) -> String {
        format!("({time} + INTERVAL {count} {})", unit.as_str().to_uppercase())
    }

    fn moved_day(&self, day: &str, count: u32, unit: TimeUnit) -> String {
        self.moved(day, count, unit)
    }

    fn start(&self, time: &str, unit: TimeUnit) -> String {
        let day = format!("DATE({time})");
        match unit {
            TimeUnit::Hour | TimeUnit::Day => day,
            TimeUnit::Week => format!("({day} - INTERVAL WEEKDAY({time}) DAY)"),
            TimeUnit::Month => format!("({day} - INTERVAL (DAYOFMONTH({time}) - 1) DAY)"),
            TimeUnit::Quarter => format!(
                "({day} - INTERVAL (DAYOFMONTH({time}) - 1) DAY - INTERVAL ((MONTH({time}) - 1) MOD 3) MONTH)"
            ),
            TimeUnit::Year => format!("({day} - INTERVAL (DAYOFYEAR({time}) - 1) DAY)"),
        }
    }

    fn hour(&self, time: &str) -> String {
        format!("(TIMESTAMP(DATE({time})) + INTERVAL HOUR({time}) HOUR)")
    }

    fn order(&self, value: &str, descending: bool, nulls_first: bool) -> String {
        let direction = if descending { "DESC" } else { "ASC" };
        let nulls = if nulls_first { "DESC" } else { "ASC" };
        format!("{value} IS NULL {nulls}, {value} {direction}")
    }

    fn reply(&self, value: &str, kind: Kind) -> String {
        match kind {
            Kind::Day => format!("(TO_DAYS({value}) - 719528)"),
            Kind::Instant => {
                format!("TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', {value})")
            }
            Kind::Decimal(_) => format!("CAST({value} AS CHAR)"),
            Kind::Text | Kind::Integer | Kind::Float | Kind::Boolean => value.to_owned(),
        }
    }
}

/// Whether a date is one: MySQL may hold the day, the month or the year 0.
fn is_day(name: &str) -> String {
    format!("DAYOFMONTH({name}) > 0 AND MONTH({name}) > 0 AND YEAR({name}) > 0")
}
