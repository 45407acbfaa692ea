//! How values are written for people: numbers by a widget's `format`, dates by their grain.

mod currency;
mod date;
mod digits;
mod label;
mod number;

use shared::model::query::ZoneName;
use shared::model::result::{ResultColumn, Role};

pub use currency::Currency;
pub use date::{date, datetime};
pub(crate) use date::{local, month_name};
pub(crate) use label::BEFORE;
pub use label::{humanize, measure_format};
pub(crate) use number::tick;
pub use number::{NumberFormat, NumberStyle, compact, float, number};

use crate::value::Value;

/// What is written where there is no value.
pub const MISSING: &str = "–";

/// A value as tables and labels show it. Numbers of measures are written by `format`; those of dimensions are names, like years, and
/// are written as they are.
pub fn value(value: Value<'_>, column: &ResultColumn, format: NumberFormat, zone: &ZoneName) -> String {
    match value {
        Value::Null => MISSING.to_owned(),
        Value::Text(text) => text.to_owned(),
        Value::Boolean(true) => "Yes".to_owned(),
        Value::Boolean(false) => "No".to_owned(),
        Value::Date(day) => date(day, column.grain),
        Value::Datetime(microseconds) => datetime(microseconds, column.grain, zone),
        Value::Integer(_) | Value::Decimal(..) | Value::Float(_) => {
            let plain = NumberFormat { grouped: false, ..NumberFormat::default() };
            let of_dimension = column.role == Role::Dimension;
            number(value, if of_dimension { plain } else { format }).unwrap_or_else(|| MISSING.to_owned())
        }
    }
}
