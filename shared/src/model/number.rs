//! Numbers that a client wrote, exactly.

use serde::Serialize;

/// How many digits after the point are told apart; what is beyond them only says on which side a number is.
const MAX_SCALE: u32 = 38;

/// A number: `units` times ten to the power of `-scale`, and whether it is a little more than that.
///
/// A little more matters for numbers with more digits than 38: they equal no decimal, but they are less or greater.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Number {
    units: i128,
    scale: u32,
    is_more: bool,
    /// The nearest float.
    float: f64,
}

impl Number {
    /// Reads a number as JSON writes it. What is beyond 38 digits before the point is as large as a number can be.
    pub fn parse(text: &str) -> Self {
        Self { float: text.parse().unwrap_or(f64::NAN), ..Self::exact(text) }
    }

    fn exact(text: &str) -> Self {
        let (text, is_negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap_or_else(|_| {
            if exponent.starts_with('-') { i64::from(i32::MIN) } else { i64::from(i32::MAX) }
        });
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let fraction_digits = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let magnitude = Self::of_digits(digits, fraction_digits - exponent);
        if is_negative { magnitude.negated() } else { magnitude }
    }

    /// The number that these digits are, of which so many are after the point.
    fn of_digits(digits: &str, scale: i64) -> Self {
        let zero = Self { units: 0, scale: 0, is_more: false, float: 0.0 };
        if digits.is_empty() {
            return zero;
        }
        let largest = Self { units: i128::MAX, is_more: true, ..zero };
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        if length - scale > i64::from(MAX_SCALE) {
            return largest;
        }
        if scale < 0 {
            let zeros = usize::try_from(-scale).unwrap_or(usize::MAX);
            return format!("{digits}{}", "0".repeat(zeros))
                .parse()
                .map_or(largest, |units| Self { units, ..zero });
        }
        // What stays within 38 digits, both in all and after the point.
        let dropped = (length - i64::from(MAX_SCALE)).max(scale - i64::from(MAX_SCALE)).max(0);
        let kept = usize::try_from(length - dropped).unwrap_or(0);
        let is_more = digits[kept..].bytes().any(|digit| digit != b'0');
        let units = digits[..kept].parse().unwrap_or(0);
        let scale = u32::try_from(scale - dropped).unwrap_or(0);
        Self { units, scale, is_more, ..zero }
    }

    fn negated(self) -> Self {
        // A little more than 2, negated, is a little more than -3 units.
        let units = if self.is_more { -self.units.saturating_add(1) } else { -self.units };
        Self { units, ..self }
    }

    /// How many units of `10^-scale` it has at most, and whether that is all of it.
    pub fn floor(self, scale: u32) -> (i128, bool) {
        if scale >= self.scale {
            let factor = 10_i128.checked_pow(scale - self.scale);
            let limit = if self.units < 0 { i128::MIN } else { i128::MAX };
            return match factor.and_then(|factor| self.units.checked_mul(factor)) {
                // A little more than a unit is so also in smaller units.
                Some(units) => (units, !self.is_more),
                None => (limit, false),
            };
        }
        let Some(divisor) = 10_i128.checked_pow(self.scale - scale) else {
            return (if self.units < 0 { -1 } else { 0 }, self.units == 0 && !self.is_more);
        };
        (self.units.div_euclid(divisor), self.units.rem_euclid(divisor) == 0 && !self.is_more)
    }

    /// Its digits, of which at most so many are after the point, and whether these are all: else it is a little more. Beyond 38 digits
    /// before the point, it is as large as that.
    pub fn digits(self, most_after_point: u32) -> (String, bool) {
        let scale = self.scale.min(most_after_point);
        let (units, is_all) = self.floor(scale);
        let most = 10_i128.pow(MAX_SCALE) - 1;
        let (units, is_all) = if units > most {
            (most, false)
        } else if units < -most {
            // A little more than this, though it is less: there is nothing below it.
            (-most, false)
        } else {
            (units, is_all)
        };
        let sign = if units < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", units.unsigned_abs(), scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
        let point = if fraction.is_empty() { "" } else { "." };
        (format!("{sign}{whole}{point}{fraction}"), is_all)
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        self.float
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        assert_eq!(Number::parse("1.50").floor(2), (150, true));
        assert_eq!(Number::parse("1.505").floor(2), (150, false));
        assert_eq!(Number::parse("-1.505").floor(2), (-151, false));
        assert_eq!(Number::parse("12e2").floor(0), (1_200, true));
        assert_eq!(Number::parse("1.2e-3").floor(3), (1, false));
        assert_eq!(Number::parse("0").floor(5), (0, true));
        assert_eq!(Number::parse("-0.0").floor(0), (0, true));
    }

    #[test]
    fn numbers_beyond_all_decimals_keep_their_side() {
        assert_eq!(Number::parse("1e300").floor(2), (i128::MAX, false));
        assert!(!Number::parse("-1e300").floor(2).1);
        assert!(Number::parse("-1e300").floor(2).0 < -10_i128.pow(38));
        assert_eq!(Number::parse("1e-300").floor(2), (0, false));
        assert_eq!(Number::parse("-1e-300").floor(2), (-1, false));
        assert_eq!(Number::parse("1e99999999999999999999").floor(0), (i128::MAX, false));
    }

    #[test]
    fn digits_are_written_as_far_as_they_go() {
        let digits = |text: &str| Number::parse(text).digits(30);
        assert_eq!(digits("-12.50"), ("-12.50".to_owned(), true));
        assert_eq!(digits("0.05"), ("0.05".to_owned(), true));
        assert_eq!(digits("-7"), ("-7".to_owned(), true));
        assert_eq!(digits("12e2"), ("1200".to_owned(), true));
        assert_eq!(Number::parse("-1.25").digits(1), ("-1.3".to_owned(), false));
        assert_eq!(digits("1e300"), ("9".repeat(38), false));
    }

    #[test]
    fn floats_are_the_nearest() {
        for text in ["0.1", "1e300", "-2.5", "12345678901234567890"] {
            let float: f64 = text.parse().unwrap();
            assert_eq!(Number::parse(text).to_f64().to_bits(), float.to_bits(), "{text}");
        }
    }
}
