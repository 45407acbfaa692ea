//! Days and microseconds since 1970, as the calendar says them.

use std::fmt::Write as _;

use crate::model::query::TimeUnit;

/// Microseconds of a day.
pub const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// The first day that a date can be: 0001-01-01.
pub const FIRST_DAY: i32 = -719_162;

/// The last day that a date can be: 9999-12-31.
pub const LAST_DAY: i32 = 2_932_896;

/// The number of a day of the proleptic Gregorian calendar. The algorithm is Howard Hinnant's `days_from_civil`:
/// <https://howardhinnant.github.io/date_algorithms.html>.
pub fn day(year: i32, month: u8, day: u8) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = i32::from(month);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + i32::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day's number: `civil_from_days`.
pub fn civil(day: i32) -> (i32, u8, u8) {
    let day = i64::from(day) + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let in_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let small = |number: i64| u8::try_from(number).unwrap_or_default();
    (i32::try_from(year).unwrap_or_default(), small(month), small(in_month))
}

/// The first day of the unit that a day is in. Weeks begin on Monday.
pub fn start(of: i32, unit: TimeUnit) -> i32 {
    let (year, month, _) = civil(of);
    match unit {
        TimeUnit::Hour | TimeUnit::Day => of,
        // 1970 began on a Thursday.
        TimeUnit::Week => of - (of + 3).rem_euclid(7),
        TimeUnit::Month => day(year, month, 1),
        TimeUnit::Quarter => day(year, (month - 1) / 3 * 3 + 1, 1),
        TimeUnit::Year => day(year, 1, 1),
    }
}

/// The day so many units later, or earlier. What a month does not have is its last day: 31 January is moved to 28 February.
pub fn moved(from: i32, count: i64, unit: TimeUnit) -> i32 {
    let months = match unit {
        TimeUnit::Hour | TimeUnit::Day => return later(from, count),
        TimeUnit::Week => return later(from, count.saturating_mul(7)),
        TimeUnit::Month => count,
        TimeUnit::Quarter => count.saturating_mul(3),
        TimeUnit::Year => count.saturating_mul(12),
    };
    let (year, month, of_month) = civil(from);
    let months = (i64::from(year) * 12 + i64::from(month) - 1).saturating_add(months);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    // Years of four digits and ten thousand more or less: far from where days end.
    let year = i32::try_from(year.clamp(-100_000, 100_000)).unwrap_or_default();
    let month = u8::try_from(month).unwrap_or(1);
    day(year, month, of_month.min(days_of_month(year, month)))
}

fn later(day: i32, days: i64) -> i32 {
    const FAR: i64 = 1 << 28;
    i32::try_from((i64::from(day).saturating_add(days)).clamp(-FAR, FAR)).unwrap_or_default()
}

fn days_of_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Writes a day as `2025-06-15`.
pub fn write_date(out: &mut String, day: i32) {
    let (year, month, day) = civil(day);
    match u32::try_from(year) {
        Ok(year @ 0..10_000) => write_digits::<4>(out, year),
        _ => _ = write!(out, "{year:04}"),
    }
    for number in [month, day] {
        out.push('-');
        write_digits::<2>(out, number.into());
    }
}

/// Writes a number of so many digits, with zeros before it. Answers have many dates, and formatting takes some times as long.
fn write_digits<const COUNT: u32>(out: &mut String, number: u32) {
    for place in (0..COUNT).rev() {
        out.extend(char::from_digit(number / 10_u32.pow(place) % 10, 10));
    }
}

/// Writes an instant as `2025-06-15T10:00:00Z`, with as many decimals of the second as there are.
pub fn write_datetime(out: &mut String, microseconds: i64) {
    let day = microseconds.div_euclid(DAY_MICROSECONDS);
    let of_day = microseconds.rem_euclid(DAY_MICROSECONDS);
    write_date(out, i32::try_from(day).unwrap_or_default());
    let (seconds, fraction) = (of_day / 1_000_000, of_day % 1_000_000);
    let seconds = u32::try_from(seconds).unwrap_or_default();
    for (before, number) in [('T', seconds / 3_600), (':', seconds / 60 % 60), (':', seconds % 60)] {
        out.push(before);
        write_digits::<2>(out, number);
    }
    if fraction != 0 {
        let digits = format!("{fraction:06}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
    out.push('Z');
}

/// Whether an instant is in the years that datetimes have.
pub fn has_datetime(microseconds: i64) -> bool {
    let day = microseconds.div_euclid(DAY_MICROSECONDS);
    (i64::from(FIRST_DAY)..=i64::from(LAST_DAY)).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_calendar_s_numbers() {
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!(day(1, 1, 1), FIRST_DAY);
        assert_eq!(day(9999, 12, 31), LAST_DAY);
        for number in (FIRST_DAY..=LAST_DAY).step_by(17) {
            let (year, month, of_month) = civil(number);
            assert_eq!(day(year, month, of_month), number);
        }
    }

    #[test]
    fn units_begin_where_calendars_say() {
        let of = day(2021, 1, 3);
        assert_eq!(start(of, TimeUnit::Week), day(2020, 12, 28));
        assert_eq!(start(day(1969, 12, 31), TimeUnit::Week), day(1969, 12, 29));
        assert_eq!(start(day(2024, 12, 31), TimeUnit::Quarter), day(2024, 10, 1));
        assert_eq!(start(of, TimeUnit::Year), day(2021, 1, 1));
    }

    #[test]
    fn days_that_a_month_does_not_have_are_its_last() {
        assert_eq!(moved(day(2024, 1, 31), 1, TimeUnit::Month), day(2024, 2, 29));
        assert_eq!(moved(day(2024, 2, 29), 1, TimeUnit::Year), day(2025, 2, 28));
        assert_eq!(moved(day(2024, 2, 29), -4, TimeUnit::Year), day(2020, 2, 29));
        assert_eq!(moved(day(2100, 3, 31), -1, TimeUnit::Month), day(2100, 2, 28));
        assert_eq!(moved(day(2024, 11, 30), 1, TimeUnit::Quarter), day(2025, 2, 28));
        assert_eq!(moved(day(1, 1, 1), -10_000, TimeUnit::Year), day(-9_999, 1, 1));
    }

    #[test]
    fn days_are_written_with_four_digits_of_the_year_or_more() {
        for (day, text) in [
            (FIRST_DAY, "0001-01-01"),
            (day(2024, 2, 29), "2024-02-29"),
            (LAST_DAY, "9999-12-31"),
            (LAST_DAY + 1, "10000-01-01"),
            (day(-5, 1, 1), "-005-01-01"),
        ] {
            let mut written = String::new();
            write_date(&mut written, day);
            assert_eq!(written, text);
        }
    }

    #[test]
    fn instants_are_written_in_utc() {
        let written = |microseconds| {
            let mut out = String::new();
            write_datetime(&mut out, microseconds);
            out
        };
        assert_eq!(written(0), "1970-01-01T00:00:00Z");
        assert_eq!(written(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(written(1_500_000), "1970-01-01T00:00:01.5Z");
    }
}
