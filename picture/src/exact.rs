//! Values as text with all their digits, as the API writes them in JSON. Files that other programs read have them like this.

use std::fmt::Write as _;

use shared::model::calendar;

use crate::value::Value;

/// Writes a value: null as nothing, dates and instants as in JSON, but without quotes.
pub(crate) fn write(out: &mut String, value: Value<'_>) {
    match value {
        Value::Null => {}
        Value::Text(text) => out.push_str(text),
        Value::Integer(value) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        }
        Value::Decimal(value, scale) => write_decimal(out, value, scale),
        Value::Float(value) => out.push_str(zmij::Buffer::new().format(value)),
        Value::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Date(day) => calendar::write_date(out, day),
        Value::Datetime(microseconds) => calendar::write_datetime(out, microseconds),
    }
}

/// Writes a decimal with all its digits and without zeros at its end.
fn write_decimal(out: &mut String, value: i128, scale: i8) {
    if value < 0 {
        out.push('-');
    }
    let magnitude = value.unsigned_abs();
    let Ok(scale) = u32::try_from(scale) else {
        let _ = write!(out, "{magnitude}");
        if magnitude != 0 {
            out.extend(std::iter::repeat_n('0', scale.unsigned_abs().into()));
        }
        return;
    };
    // A decimal has at most 38 digits. What is after a point further left than that is all of it.
    let (whole, fraction) = match 10_u128.checked_pow(scale) {
        Some(unit) => (magnitude / unit, magnitude % unit),
        None => (0, magnitude),
    };
    let _ = write!(out, "{whole}");
    if fraction != 0 {
        let width = usize::try_from(scale).unwrap_or_default();
        let _ = write!(out, ".{fraction:0width$}");
        out.truncate(out.trim_end_matches('0').len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: Value<'_>) -> String {
        let mut out = String::new();
        write(&mut out, value);
        out
    }

    #[test]
    fn decimals_are_exact_and_short() {
        assert_eq!(written(Value::Decimal(1_230, 2)), "12.3");
        assert_eq!(written(Value::Decimal(-5, 2)), "-0.05");
        assert_eq!(written(Value::Decimal(500, 2)), "5");
        assert_eq!(written(Value::Decimal(0, 5)), "0");
        assert_eq!(written(Value::Decimal(12, -2)), "1200");
        assert_eq!(written(Value::Decimal(7, 50)), format!("0.{}7", "0".repeat(49)));
        assert_eq!(written(Value::Decimal(i128::MIN, 0)), i128::MIN.to_string());
    }

    #[test]
    fn other_values_are_as_in_json() {
        assert_eq!(written(Value::Null), "");
        assert_eq!(written(Value::Integer(i64::MIN)), "-9223372036854775808");
        assert_eq!(written(Value::Float(0.1)), "0.1");
        assert_eq!(written(Value::Boolean(true)), "true");
        assert_eq!(written(Value::Date(0)), "1970-01-01");
        assert_eq!(written(Value::Datetime(1_500_000)), "1970-01-01T00:00:01.5Z");
    }
}
