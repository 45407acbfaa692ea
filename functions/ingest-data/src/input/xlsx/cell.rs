//! Cells of a spreadsheet as texts with a kind.

use std::io::Write as _;

use calamine::{CellErrorType, DataRef, ExcelDateTime};

use crate::cells::Kind;

/// What is in a cell.
pub(super) enum Value {
    /// A value, whose text was written.
    Of(Kind),
    /// The error of a formula.
    Error(CellErrorType),
}

/// Writes a cell's value as text.
pub(super) fn value(cell: &DataRef<'_>, out: &mut Vec<u8>) -> Value {
    let kind = match cell {
        DataRef::Int(number) => {
            let _ = write!(out, "{number}");
            Kind::Number
        }
        DataRef::Float(number) => {
            write_number(out, *number);
            Kind::Number
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            out.extend_from_slice(text.as_bytes());
            Kind::Text
        }
        DataRef::SharedString(text) => {
            out.extend_from_slice(text.as_bytes());
            Kind::Text
        }
        DataRef::Bool(is_true) => {
            out.extend_from_slice(if *is_true { b"true" } else { b"false" });
            Kind::Boolean
        }
        DataRef::DateTime(time) => {
            write_time(out, *time);
            Kind::Time
        }
        DataRef::Error(error) => return Value::Error(error.clone()),
        DataRef::Empty => Kind::Null,
    };
    Value::Of(kind)
}

/// The digits that every decimal keeps when it becomes a 64-bit float and a decimal again.
const SURE_DIGITS: usize = 15;

/// Writes a number: as a decimal if it has few enough digits to have been one, which then become exact; with an exponent if not, as
/// floats are written.
fn write_number(out: &mut Vec<u8>, number: f64) {
    if !number.is_finite() {
        return out.extend_from_slice(b"NaN");
    }
    let number = if number == 0.0 { 0.0 } else { number };
    let plain = number.to_string();
    let digits = plain.trim_start_matches('-').replace('.', "");
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    // All whole numbers below 2^53 are floats.
    let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    if is_whole || (significant <= SURE_DIGITS && digits.len() <= 38) {
        out.extend_from_slice(plain.as_bytes());
    } else {
        let _ = write!(out, "{number:e}");
    }
}

/// Writes a date, a datetime, or a time without a day.
fn write_time(out: &mut Vec<u8>, time: ExcelDateTime) {
    let serial = time.as_f64();
    let is_time_only = (0.0..1.0).contains(&serial);
    if time.is_duration() || is_time_only {
        return write_duration(out, serial);
    }
    let (year, month, day, hour, minute, second, millisecond) = time.to_ymd_hms_milli();
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, millisecond) != (0, 0, 0, 0) {
        let _ = write!(out, "T{hour:02}:{minute:02}:{second:02}");
        if millisecond != 0 {
            let _ = write!(out, ".{millisecond:03}");
        }
    }
}

/// Writes hours, minutes and seconds: `36:00:00`.
fn write_duration(out: &mut Vec<u8>, days: f64) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a spreadsheet's times are far less than 2^63 seconds; others become that"
    )]
    let seconds = (days.abs() * 86_400.0).round() as i64;
    let sign = if days < 0.0 { "-" } else { "" };
    let _ = write!(out, "{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn written(cell: &DataRef<'_>) -> String {
        let mut out = Vec::new();
        value(cell, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_decimals_where_they_were() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1_234.56, "1234.56"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (0.1 + 0.2, "3.0000000000000004e-1"),
            (1e20, "100000000000000000000"),
            (1e300, "1e300"),
            (1e-30, "0.000000000000000000000000000001"),
        ] {
            assert_eq!(written(&DataRef::Float(number)), text);
        }
    }

    #[test]
    fn times_are_iso() {
        let time = |serial, is_1904| {
            written(&DataRef::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904)))
        };
        assert_eq!(time(45_823.0, false), "2025-06-15");
        assert_eq!(time(45_823.5, false), "2025-06-15T12:00:00");
        assert_eq!(time(44_361.0, true), "2025-06-15");
        assert_eq!(time(0.25, false), "06:00:00");
        let duration = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(written(&DataRef::DateTime(duration)), "36:00:00");
    }
}
