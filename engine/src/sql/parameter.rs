//! The parameters of statements: what a client wrote, apart from the text.

use arrow::array::{ArrayRef, AsArray as _};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use shared::model::calendar;

use super::dialect::Dialect;

/// A parameter of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Parameter {
    /// A whole number of 64 bits.
    Integer(i64),
    /// A finite float.
    Float(f64),
    /// An exact number, as digits: `-12.50`.
    Decimal(String),
    /// True or false.
    Boolean(bool),
    /// A text.
    Text(String),
    /// A day, as days since 1970.
    Day(i32),
    /// An instant, as microseconds since 1970.
    Instant(i64),
}

impl Parameter {
    /// A value of groups, as it is compared with.
    pub(super) fn at(values: &ArrayRef, row: usize) -> Option<Self> {
        Some(match values.data_type() {
            DataType::Utf8View => Self::Text(values.as_string_view().value(row).to_owned()),
            DataType::Int64 => Self::Integer(values.as_primitive::<Int64Type>().value(row)),
            DataType::Float64 => Self::Float(values.as_primitive::<Float64Type>().value(row)),
            DataType::Boolean => Self::Boolean(values.as_boolean().value(row)),
            DataType::Date32 => Self::Day(values.as_primitive::<Date32Type>().value(row)),
            DataType::Timestamp(..) => {
                Self::Instant(values.as_primitive::<TimestampMicrosecondType>().value(row))
            }
            DataType::Decimal128(_, scale) => {
                let mut digits = String::new();
                crate::cell::write_decimal(
                    &mut digits,
                    values.as_primitive::<Decimal128Type>().value(row),
                    *scale,
                );
                Self::Decimal(digits)
            }
            _ => return None,
        })
    }

    /// The parameter as a text that the database reads.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Integer(integer) => integer.to_string(),
            Self::Float(float) => float.to_string(),
            Self::Decimal(digits) => digits.clone(),
            Self::Boolean(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::Day(of) => day(*of),
            Self::Instant(of) => instant(*of),
        }
    }
}

/// The parameters of a statement that is being written.
pub(super) struct Parameters<'a> {
    pub(super) dialect: &'a dyn Dialect,
    pub(super) all: Vec<Parameter>,
}

impl<'a> Parameters<'a> {
    /// None yet, in a dialect.
    pub(super) fn new(dialect: &'a dyn Dialect) -> Self {
        Self { dialect, all: Vec::new() }
    }

    /// Adds one. How it is written.
    pub(super) fn add(&mut self, parameter: Parameter) -> String {
        let text = self.dialect.parameter(self.all.len() + 1, &parameter);
        self.all.push(parameter);
        text
    }

    /// Adds a text that is compared as the column's own collation says.
    pub(super) fn collated(&mut self, text: &str) -> String {
        self.all.push(Parameter::Text(text.to_owned()));
        self.dialect.collated(self.all.len())
    }
}

/// A day as SQL writes it.
pub(crate) fn day(day: i32) -> String {
    let mut text = String::new();
    calendar::write_date(&mut text, day);
    text
}

/// An instant in UTC as SQL writes it, to the microsecond: `2025-06-15 10:00:00.000000`.
pub(crate) fn instant(microseconds: i64) -> String {
    let days = microseconds.div_euclid(calendar::DAY_MICROSECONDS);
    let of_day = microseconds.rem_euclid(calendar::DAY_MICROSECONDS);
    let (seconds, fraction) = (of_day / 1_000_000, of_day % 1_000_000);
    format!(
        "{} {:02}:{:02}:{:02}.{fraction:06}",
        day(i32::try_from(days).unwrap_or_default()),
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_to_the_microsecond() {
        assert_eq!(instant(0), "1970-01-01 00:00:00.000000");
        assert_eq!(instant(-1), "1969-12-31 23:59:59.999999");
    }
}
