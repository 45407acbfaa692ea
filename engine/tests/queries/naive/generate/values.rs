//! Values of each type, with those that are often got wrong.

use jiff::Timestamp;

use super::choices::Choices;
use crate::naive::table::Value;

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Integer,
    LargeInteger,
    Decimal(i8),
    /// Decimals of 30 digits.
    WideDecimal,
    Float,
    Date,
    Datetime,
    Boolean,
}

/// Kinds as often as they are to be.
pub(crate) const KINDS: [Kind; 20] = [
    Kind::Text,
    Kind::Datetime,
    Kind::Integer,
    Kind::Date,
    Kind::Decimal(2),
    Kind::Float,
    Kind::Boolean,
    Kind::Text,
    Kind::Datetime,
    Kind::Integer,
    Kind::Date,
    Kind::Decimal(0),
    Kind::Text,
    Kind::Datetime,
    Kind::LargeInteger,
    Kind::Date,
    Kind::Decimal(4),
    Kind::Datetime,
    Kind::WideDecimal,
    Kind::Decimal(1),
];

/// How many digits decimals of 30 have after the point. An average has 12, and all of it at most 38.
pub(crate) const WIDE_SCALE: i8 = 8;

pub(crate) const TEXTS: [&str; 31] = [
    "North",
    "north",
    "NORTH",
    "",
    "a",
    "A",
    "ß",
    "ẞ",
    "ss",
    "SS",
    "Straße",
    "STRASSE",
    "İstanbul",
    "istanbul",
    "ISTANBUL",
    "ısı",
    "ΟΔΟΣ",
    "οδος",
    "οδοσ",
    "é",
    "É",
    "e\u{301}",
    "\u{212a}elvin",
    "ſ",
    "it's \"it\"",
    "100%_\\",
    "null",
    "\u{ffff}",
    "\u{10000}😀",
    "two\nlines",
    "9",
];

const FLOATS: [f64; 14] =
    [0.1, 0.0, -0.0, 0.2, 0.3, -0.3, 1.5, -2.5, 1e300, -1e300, 1e-7, 9_007_199_254_740_993.0, 1.0, 100.0];

const LARGE_INTEGERS: [i64; 6] =
    [i64::MAX, i64::MAX - 1, i64::MIN, 9_007_199_254_740_993, 9_007_199_254_740_992, -1];

/// 30 digits, of which 22 are before the point.
const WIDE_DECIMALS: [i128; 6] = [
    123_456_789_012_345_678_901_234_567_890,
    -123_456_789_012_345_678_901_234_567_890,
    123_456_789_012_345_678_901_234_567_891,
    999_999_999_999_999_999_999_999_999_999,
    1,
    50_000_000,
];

/// Times at which something happens to clocks or calendars.
pub(crate) const TIMES: [&str; 12] = [
    // The leap day.
    "2024-02-29T00:00:00Z",
    // Berlin: clocks go forward, and back.
    "2025-03-30T01:00:00Z",
    "2025-10-26T01:00:00Z",
    // The end of a year, in ISO week 53.
    "2021-01-01T00:00:00Z",
    // São Paulo: clocks skip midnight, and go back from it.
    "2018-11-04T03:00:00Z",
    "2018-02-18T02:00:00Z",
    // New York: clocks go forward, and back.
    "2025-03-09T07:00:00Z",
    "2025-11-02T06:00:00Z",
    // Kathmandu: clocks go forward by 15 minutes at midnight.
    "1985-12-31T18:30:00Z",
    // Apia skips a day.
    "2011-12-30T10:00:00Z",
    // The end of a quarter.
    "2025-07-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
];

/// A few units, which offsets have too, so that there is something to compare with.
const DAYS: [i64; 28] = [
    0, 1, -1, 0, 2, -7, 0, -1, -2, 1, 3, -3, 6, 7, -14, 28, -28, -29, 30, -30, 31, -31, -90, -91, -365, 365,
    -366, -1_461,
];

const MICROSECONDS: [i64; 16] = [
    0,
    3_600_000_000,
    -3_600_000_000,
    1,
    -1,
    1_800_000_000,
    -1_800_000_000,
    7_200_000_000,
    -7_200_000_000,
    900_000_000,
    -900_000_000,
    43_200_000_000,
    -21_600_000_000,
    1_500_000,
    123_456,
    -10_800_000_000,
];

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// A value of a kind; times are near the one that is given.
pub(crate) fn value(kind: Kind, time: Timestamp, choices: &mut Choices) -> Value {
    match kind {
        Kind::Text => Value::Text(choices.of(&TEXTS).to_owned()),
        Kind::Integer => Value::Integer(i64::try_from(choices.below(12)).unwrap() - 3),
        Kind::LargeInteger => Value::Integer(choices.of(&LARGE_INTEGERS)),
        Kind::Decimal(_) => Value::Decimal(i128::try_from(choices.below(2_000)).unwrap() - 500),
        Kind::WideDecimal => Value::Decimal(choices.of(&WIDE_DECIMALS)),
        Kind::Float => Value::Float(choices.of(&FLOATS)),
        Kind::Boolean => Value::Boolean(choices.once_in(2)),
        Kind::Datetime => Value::Datetime(microseconds(time, choices)),
        Kind::Date => {
            // The first and the last day that a date can be.
            if choices.once_in(60) {
                return Value::Date(choices.of(&[-719_162, 2_932_896]));
            }
            Value::Date(i32::try_from(microseconds(time, choices).div_euclid(DAY_MICROSECONDS)).unwrap())
        }
    }
}

fn microseconds(time: Timestamp, choices: &mut Choices) -> i64 {
    // Once in a while, before clocks had zones.
    let years = if choices.once_in(60) { -150 } else { 0 };
    let days = choices.of(&DAYS) + years * 365;
    time.as_microsecond() + days * DAY_MICROSECONDS + choices.of(&MICROSECONDS)
}
