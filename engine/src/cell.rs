//! Values of Arrow arrays as cells: JSON, as the API writes values of tables.

use arrow::array::{Array, ArrayRef, AsArray as _};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use serde_json::value::RawValue;
use shared::model::table::Cell;

use shared::model::calendar;

/// The cell in a row of an array: null for what JSON cannot say, like infinity, and for types that tables do not have.
pub fn cell(array: &ArrayRef, row: usize) -> Cell {
    let mut out = String::new();
    write(&mut out, array.as_ref(), row);
    RawValue::from_string(out).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Writes the cell in a row of an array.
pub fn write(out: &mut String, array: &dyn Array, row: usize) {
    if array.is_null(row) {
        return out.push_str("null");
    }
    match array.data_type() {
        DataType::Utf8 => write_text(out, array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => write_text(out, array.as_string::<i64>().value(row)),
        DataType::Utf8View => write_text(out, array.as_string_view().value(row)),
        DataType::Int64 => write_integer(out, array.as_primitive::<Int64Type>().value(row)),
        DataType::Decimal128(_, scale) => {
            write_decimal(out, array.as_primitive::<Decimal128Type>().value(row), *scale);
        }
        DataType::Float64 => write_float(out, array.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => out.push_str(if array.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Date32 => {
            out.push('"');
            calendar::write_date(out, array.as_primitive::<Date32Type>().value(row));
            out.push('"');
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            out.push('"');
            calendar::write_datetime(out, array.as_primitive::<TimestampMicrosecondType>().value(row));
            out.push('"');
        }
        _ => out.push_str("null"),
    }
}

/// Writes a decimal with all its digits and without zeros at its end.
pub fn write_decimal(out: &mut String, value: i128, scale: i8) {
    if value < 0 {
        out.push('-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value.unsigned_abs());
    let Ok(scale) = usize::try_from(scale) else {
        out.push_str(digits);
        if value != 0 {
            out.extend(std::iter::repeat_n('0', scale.unsigned_abs().into()));
        }
        return;
    };
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
    out.push_str(if whole.is_empty() { "0" } else { whole });
    let zeros = scale - fraction.len();
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push('.');
        out.extend(std::iter::repeat_n('0', zeros));
        out.push_str(fraction);
    }
}

/// Writes a float with as few digits as tell it from all others.
pub fn write_float(out: &mut String, value: f64) {
    if value.is_finite() {
        out.push_str(zmij::Buffer::new().format_finite(value));
    } else {
        out.push_str("null");
    }
}

fn write_integer(out: &mut String, value: i64) {
    out.push_str(itoa::Buffer::new().format(value));
}

fn write_text(out: &mut String, text: &str) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if !text.bytes().all(is_plain) {
        return out.push_str(&serde_json::Value::from(text).to_string());
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Decimal128Array, Float64Array, StringArray};

    use super::*;

    #[test]
    fn decimals_are_exact_and_short() {
        let written = |value, scale| {
            let mut out = String::new();
            write_decimal(&mut out, value, scale);
            out
        };
        assert_eq!(written(1_230, 2), "12.3");
        assert_eq!(written(-5, 2), "-0.05");
        assert_eq!(written(500, 2), "5");
        assert_eq!(written(0, 5), "0");
        assert_eq!(written(-1_001_000, 6), "-1.001");
        assert_eq!(written(i128::MIN, 38), "-1.70141183460469231731687303715884105728");
        assert_eq!(written(12, -2), "1200");
        assert_eq!(written(i128::from(u64::MAX), 0), "18446744073709551615");
    }

    #[test]
    fn cells_are_json() {
        let text: ArrayRef = Arc::new(StringArray::from(vec![Some("a\"\u{1}"), None]));
        assert_eq!(cell(&text, 0).get(), r#""a\"\u0001""#);
        assert_eq!(cell(&text, 1).get(), "null");
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![0.1, f64::NAN, 1e300]));
        assert_eq!(cell(&floats, 0).get(), "0.1");
        assert_eq!(cell(&floats, 1).get(), "null");
        assert_eq!(cell(&floats, 2).get().parse::<f64>(), Ok(1e300));
        let decimals = Decimal128Array::from(vec![1_050]).with_precision_and_scale(18, 2).unwrap();
        assert_eq!(cell(&(Arc::new(decimals) as ArrayRef), 0).get(), "10.5");
    }
}
