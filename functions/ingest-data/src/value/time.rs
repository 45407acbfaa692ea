//! Dates and datetimes of ISO 8601.

use jiff::civil::DateTime;
use shared::model::calendar::{DAY_MICROSECONDS, day, has_datetime};

/// Reads `2025-06-15` as days since 1970.
#[inline]
pub(crate) fn date(text: &[u8]) -> Option<i32> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = u16::from(two(y1, y2)?) * 100 + u16::from(two(y3, y4)?);
    let (month, of_month) = (two(m1, m2)?, two(d1, d2)?);
    if year == 0 || !(1..=12).contains(&month) || of_month == 0 || of_month > month_days(year, month) {
        return None;
    }
    Some(day(i32::from(year), month, of_month))
}

/// Reads `2025-06-15T10:00:00Z` as microseconds since 1970. The T may be a space, seconds and their decimals may be missing, and
/// without an offset it is UTC. Digits after the sixth decimal are cut: that is how exact a datetime is. A date is its first instant.
#[inline]
pub(crate) fn datetime(text: &[u8]) -> Option<i64> {
    let (head, rest) = text.split_at_checked(10)?;
    let days = i64::from(date(head)?) * DAY_MICROSECONDS;
    let [separator, rest @ ..] = rest else { return Some(days) };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (clock, rest) = time_of_day(rest)?;
    let instant = days + clock - offset(rest)?;
    has_datetime(instant).then_some(instant)
}

/// Reads `10:00`, `10:00:00` or `10:00:00.123`, and says what follows.
#[inline]
fn time_of_day(text: &[u8]) -> Option<(i64, &[u8])> {
    let &[h1, h2, b':', m1, m2, ref rest @ ..] = text else { return None };
    let (hour, minute) = (two(h1, h2)?, two(m1, m2)?);
    let (second, rest) = match rest {
        &[b':', s1, s2, ref rest @ ..] => (two(s1, s2)?, rest),
        _ => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, rest) = match rest {
        [b'.' | b',', rest @ ..] if text.len() - rest.len() > 6 => decimals(rest)?,
        _ => (0, rest),
    };
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    Some((seconds * 1_000_000 + fraction, rest))
}

/// Reads the decimals of a second as microseconds: at least one, at most nine.
fn decimals(text: &[u8]) -> Option<(i64, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let mut microseconds = 0;
    for digit in text[..count].iter().chain(&[b'0'; 6]).take(6) {
        microseconds = microseconds * 10 + i64::from(digit - b'0');
    }
    Some((microseconds, &text[count..]))
}

/// Reads an offset from UTC: none, `Z`, `+02:00`, `+0200` or `+02`.
#[inline]
fn offset(text: &[u8]) -> Option<i64> {
    let text = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b' ', rest @ ..] => rest,
        _ => text,
    };
    let (negative, hour, minute) = match *text {
        [sign @ (b'+' | b'-'), a, b] => (sign == b'-', two(a, b)?, 0),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] | [sign @ (b'+' | b'-'), a, b, c, d] => {
            (sign == b'-', two(a, b)?, two(c, d)?)
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    let microseconds = (i64::from(hour) * 60 + i64::from(minute)) * 60_000_000;
    Some(if negative { -microseconds } else { microseconds })
}

/// The instant that a time of a client's own format is, in UTC. None outside of the years that datetimes have.
pub(crate) fn instant(time: DateTime) -> Option<i64> {
    let days = date_of(time)?;
    let of_day = time.time();
    let seconds =
        (i64::from(of_day.hour()) * 60 + i64::from(of_day.minute())) * 60 + i64::from(of_day.second());
    let microseconds = seconds * 1_000_000 + i64::from(of_day.subsec_nanosecond()) / 1_000;
    Some(i64::from(days) * DAY_MICROSECONDS + microseconds)
}

/// The day that a time of a client's own format is on. None outside of the years that dates have.
pub(crate) fn date_of(time: DateTime) -> Option<i32> {
    let positive = |number: i8| u8::try_from(number).unwrap_or_default();
    (time.year() >= 1).then(|| day(time.year().into(), positive(time.month()), positive(time.day())))
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| tens * 10 + ones)
}

fn month_days(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use shared::model::calendar::{write_date, write_datetime};

    use super::*;

    fn read(text: &str) -> Option<String> {
        datetime(text.as_bytes()).map(|instant| {
            let mut out = String::new();
            write_datetime(&mut out, instant);
            out
        })
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for text in ["0001-01-01", "1970-01-01", "2024-02-29", "2000-02-29", "9999-12-31"] {
            let mut out = String::new();
            write_date(&mut out, date(text.as_bytes()).unwrap());
            assert_eq!(out, text);
        }
        for text in
            ["0000-01-01", "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-01", "2025-01-00", "2025-1-1"]
        {
            assert_eq!(date(text.as_bytes()), None, "{text}");
        }
        for text in ["", "20250615", "2025/06/15", "10000-01-01", " 2025-06-15", "2025-06-15 "] {
            assert_eq!(date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn datetimes_are_instants_in_utc() {
        for (text, utc) in [
            ("2025-06-15", "2025-06-15T00:00:00Z"),
            ("2025-06-15 10:00", "2025-06-15T10:00:00Z"),
            ("2025-06-15T10:00:01", "2025-06-15T10:00:01Z"),
            ("2025-06-15T10:00:01.5Z", "2025-06-15T10:00:01.5Z"),
            ("2025-06-15T10:00:01.123456789z", "2025-06-15T10:00:01.123456Z"),
            ("2025-06-15T01:00:00+02:00", "2025-06-14T23:00:00Z"),
            ("2025-06-15 10:00:00 -0530", "2025-06-15T15:30:00Z"),
            ("2025-06-15T10:00+02", "2025-06-15T08:00:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(utc), "{text}");
        }
    }

    #[test]
    fn what_is_no_datetime_is_none() {
        for text in [
            "2025-06-15T",
            "2025-06-15T24:00",
            "2025-06-15T10:60",
            "2025-06-15T10:00:60",
            "2025-06-15T10",
            "2025-06-15T10:00.5",
            "2025-06-15T10:00:00.",
            "2025-06-15T10:00:00+24:00",
            "2025-06-15T10:00:00 UTC",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
