//! One value of a result.

use arrow::array::{Array, AsArray as _};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};

/// One value of a result, as its Arrow array has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Digits, and how many of them are after the point: exact.
    Decimal(i128, i8),
    /// Another number, which is finite.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// Days since 1970.
    Date(i32),
    /// Microseconds since 1970, in UTC.
    Datetime(i64),
}

impl<'a> Value<'a> {
    /// The value in a row of an array. Null for what is beyond its end, for what JSON cannot say, like infinity, and for types that
    /// results do not have.
    pub fn of(array: &'a dyn Array, row: usize) -> Self {
        if row >= array.len() || array.is_null(row) {
            return Self::Null;
        }
        match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => Self::Text(array.as_string::<i64>().value(row)),
            DataType::Utf8View => Self::Text(array.as_string_view().value(row)),
            DataType::Int64 => Self::Integer(array.as_primitive::<Int64Type>().value(row)),
            DataType::Decimal128(_, scale) => {
                Self::Decimal(array.as_primitive::<Decimal128Type>().value(row), *scale)
            }
            DataType::Float64 => match array.as_primitive::<Float64Type>().value(row) {
                value if value.is_finite() => Self::Float(value),
                _ => Self::Null,
            },
            DataType::Boolean => Self::Boolean(array.as_boolean().value(row)),
            DataType::Date32 => Self::Date(array.as_primitive::<Date32Type>().value(row)),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Self::Datetime(array.as_primitive::<TimestampMicrosecondType>().value(row))
            }
            _ => Self::Null,
        }
    }
}
