//! Values as cells.
//!
//! A spreadsheet's number has 15 digits. Whole numbers with more, and decimals with more before the point, are written as text, so
//! that none is lost; digits behind the point that are beyond it are rounded. Dates are days of the calendar that begins in 1900,
//! with the day that it has and the real one has not, 29 February 1900; what is before is written as text.

use rust_xlsxwriter::{Worksheet, XlsxError};
use shared::model::query::ZoneName;

use super::column::Formats;
use super::text::fit;
use crate::exact;
use crate::value::Value;

/// Whole numbers up to this are exact.
const MAX_INTEGER: u128 = 999_999_999_999_999;

/// The days from the calendar's beginning to 1970.
const EPOCH: i32 = 25_569;

/// 1 March 1900. Before it, the calendar is a day off.
const FIRST_MARCH_1900: i32 = 61;

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// Where a cell is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) row: u32,
    pub(super) column: u16,
}

/// Writes a value, in the format that there is for it. Returns whether its text was cut.
pub(super) fn write(
    sheet: &mut Worksheet,
    place: Place,
    value: Value<'_>,
    formats: &Formats,
    zone: &ZoneName,
) -> Result<bool, XlsxError> {
    let Place { row, column: index } = place;
    match cell(value, zone) {
        Cell::Blank => {}
        Cell::Text(text) => {
            let (text, is_cut) = fit(text);
            sheet.write_string_with_format(row, index, text, &formats.plain)?;
            return Ok(is_cut);
        }
        Cell::LongNumber => {
            let mut text = String::new();
            exact::write(&mut text, value);
            sheet.write_string_with_format(row, index, text, &formats.long_number)?;
        }
        Cell::Number(number) => {
            sheet.write_number_with_format(row, index, number, &formats.number)?;
        }
        Cell::Boolean(value) => {
            sheet.write_boolean_with_format(row, index, value, &formats.plain)?;
        }
    }
    Ok(false)
}

enum Cell<'a> {
    Blank,
    Text(&'a str),
    Number(f64),
    LongNumber,
    Boolean(bool),
}

fn cell<'a>(value: Value<'a>, zone: &ZoneName) -> Cell<'a> {
    match value {
        Value::Null => Cell::Blank,
        Value::Text(text) => Cell::Text(text),
        Value::Integer(number) if u128::from(number.unsigned_abs()) > MAX_INTEGER => Cell::LongNumber,
        #[expect(clippy::cast_precision_loss, reason = "it has at most 15 digits")]
        Value::Integer(number) => Cell::Number(number as f64),
        Value::Decimal(number, scale) => decimal(number, scale).map_or(Cell::LongNumber, Cell::Number),
        Value::Float(number) => Cell::Number(number),
        Value::Boolean(value) => Cell::Boolean(value),
        Value::Date(day) => serial(day).map_or(Cell::LongNumber, Cell::Number),
        Value::Datetime(microseconds) => instant(microseconds, zone).map_or(Cell::LongNumber, Cell::Number),
    }
}

/// The number of a decimal, if it has at most 15 digits before the point.
#[expect(clippy::cast_precision_loss, reason = "what is beyond 15 digits is rounded")]
fn decimal(number: i128, scale: i8) -> Option<f64> {
    let unit = 10_u128.checked_pow(scale.unsigned_abs().into())?;
    let magnitude = number.unsigned_abs();
    let is_exact = match scale {
        0.. => magnitude / unit <= MAX_INTEGER,
        _ => magnitude.checked_mul(unit).is_some_and(|whole| whole <= MAX_INTEGER),
    };
    let (number, unit) = (number as f64, unit as f64);
    is_exact.then_some(if scale < 0 { number * unit } else { number / unit })
}

/// A day's number in the calendar, if that has it.
pub(super) fn serial(day: i32) -> Option<f64> {
    let serial = day.checked_add(EPOCH)?;
    let serial = if serial < FIRST_MARCH_1900 { serial - 1 } else { serial };
    (serial >= 1).then_some(f64::from(serial))
}

/// An instant's number: the day in the time zone, and how much of it is over.
fn instant(microseconds: i64, zone: &ZoneName) -> Option<f64> {
    let instant = jiff::Timestamp::from_microsecond(microseconds).ok()?;
    let offset = i64::from(zone.zone().to_offset(instant).seconds());
    let local = microseconds.checked_add(offset * 1_000_000)?;
    let day = i32::try_from(local.div_euclid(DAY_MICROSECONDS)).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "a day's microseconds are far below 2^53")]
    let of_day = local.rem_euclid(DAY_MICROSECONDS) as f64 / DAY_MICROSECONDS as f64;
    Some(serial(day)? + of_day)
}

#[cfg(test)]
mod tests {
    use shared::model::calendar::day;

    use super::*;

    #[test]
    fn days_have_excel_s_numbers() {
        assert_eq!(serial(day(1900, 1, 1)), Some(1.0));
        assert_eq!(serial(day(1900, 2, 28)), Some(59.0));
        assert_eq!(serial(day(1900, 3, 1)), Some(61.0));
        assert_eq!(serial(day(2025, 6, 15)), Some(45_823.0));
        assert_eq!(serial(day(9999, 12, 31)), Some(2_958_465.0));
        assert_eq!(serial(day(1899, 12, 31)), None);
    }

    #[test]
    fn instants_are_in_the_zone_s_time() {
        let berlin = ZoneName::parse("Europe/Berlin").unwrap();
        assert_eq!(instant(0, &berlin), Some(25_569.0 + 1.0 / 24.0));
        assert_eq!(instant(-DAY_MICROSECONDS / 2, &ZoneName::utc()), Some(25_568.5));
    }

    #[test]
    fn decimals_keep_the_digits_before_the_point() {
        assert_eq!(decimal(1_230, 2), Some(12.3));
        assert_eq!(decimal(-5, -2), Some(-500.0));
        assert_eq!(decimal(99_999_999_999_999_999, 2), Some(999_999_999_999_999.99));
        assert_eq!(decimal(1_000_000_000_000_000, 0), None);
        assert_eq!(decimal(10_000_000_000_000, -3), None);
    }
}
