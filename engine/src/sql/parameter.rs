//! The parameters of statements: what a client wrote, apart from the text.

use shared::model::calendar;

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
