//! Exact decimal numbers: whole numbers of any size, with a point somewhere in them.

use std::cmp::Ordering;

use engine::cell::write_decimal;
use num_bigint::{BigInt, Sign};

/// How many digits a quotient has after its point.
const QUOTIENT_SCALE: u32 = 12;

/// How many digits a quotient may have in all.
const QUOTIENT_DIGITS: usize = 38;

/// An integer or a decimal.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    unscaled: BigInt,
    scale: u32,
}

impl Exact {
    pub(crate) fn new(unscaled: impl Into<BigInt>, scale: u32) -> Self {
        Self { unscaled: unscaled.into(), scale }
    }

    /// A number as it is written in JSON: `-1.5e-7`.
    pub(crate) fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
        let scale = i64::try_from(fraction.len()).unwrap() - exponent.parse::<i64>().unwrap();
        match u32::try_from(scale) {
            Ok(scale) => Self::new(digits, scale),
            Err(_) => Self::new(digits * power_of_ten(u32::try_from(-scale).unwrap()), 0),
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.unscaled.sign() == Sign::NoSign
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self::new(self.at_scale(scale) + other.at_scale(scale), scale)
    }

    /// What is exactly between two numbers: half of their sum.
    pub(crate) fn middle(&self, other: &Self) -> Self {
        let sum = self.plus(other);
        Self::new(sum.unscaled * 5, sum.scale + 1)
    }

    /// A quotient with 12 digits after the point, with fewer only where it would have more than 38 in all. Not of 0.
    pub(crate) fn divided_by(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        let mut quotients =
            (0..=QUOTIENT_SCALE).rev().map(|scale| Self::new(self.quotient(divisor, scale), scale));
        quotients.find(|quotient| quotient.unscaled.magnitude().to_string().len() <= QUOTIENT_DIGITS)
    }

    /// The digits of a quotient, rounded half away from zero.
    fn quotient(&self, divisor: &Self, scale: u32) -> BigInt {
        let dividend = &self.unscaled * power_of_ten(scale + divisor.scale);
        let divisor = &divisor.unscaled * power_of_ten(self.scale);
        let is_negative = (dividend.sign() == Sign::Minus) != (divisor.sign() == Sign::Minus);
        let (dividend, divisor) = (dividend.magnitude(), divisor.magnitude());
        let rounded: BigInt = ((dividend * 2_u32 + divisor) / (divisor * 2_u32)).into();
        if is_negative { -rounded } else { rounded }
    }

    /// The nearest float.
    pub(crate) fn to_float(&self) -> f64 {
        format!("{}e-{}", self.unscaled, self.scale).parse().unwrap()
    }

    /// As it is in answers.
    pub(crate) fn json(&self) -> String {
        let mut out = String::new();
        let unscaled = i128::try_from(&self.unscaled).expect("answers have at most 38 digits");
        write_decimal(&mut out, unscaled, i8::try_from(self.scale).unwrap());
        out
    }

    fn at_scale(&self, scale: u32) -> BigInt {
        &self.unscaled * power_of_ten(scale - self.scale)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at_scale(scale).cmp(&other.at_scale(scale))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "it is the one float or another")]
mod tests {
    use super::*;

    fn divide(dividend: &str, divisor: &str) -> String {
        Exact::parse(dividend)
            .divided_by(&Exact::parse(divisor))
            .map_or("null".to_owned(), |quotient| quotient.json())
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, json) in [
            ("1.50", "1.5"),
            ("-0.05", "-0.05"),
            ("1e3", "1000"),
            ("1.5e-7", "0.00000015"),
            ("1.25e1", "12.5"),
        ] {
            assert_eq!(Exact::parse(text).json(), json);
        }
        assert_eq!(Exact::parse("0.10"), Exact::parse("1e-1"));
        assert!(Exact::parse("-0.11") < Exact::parse("-0.1"));
    }

    #[test]
    fn quotients_are_rounded_half_away_from_zero() {
        assert_eq!(divide("2", "3"), "0.666666666667");
        assert_eq!(divide("-2", "3"), "-0.666666666667");
        assert_eq!(divide("1", "3"), "0.333333333333");
        // 5e-13 and its negative are exactly between two.
        assert_eq!(divide("1", "2000000000000"), "0.000000000001");
        assert_eq!(divide("1", "-2000000000000"), "-0.000000000001");
        assert_eq!(divide("0.49", "1000000000000"), "0");
        assert_eq!(divide("0.3", "0.15"), "2");
        assert_eq!(divide("5", "0.00"), "null");
    }

    #[test]
    fn quotients_have_at_most_38_digits() {
        assert_eq!(divide("1e26", "3"), "33333333333333333333333333.333333333333");
        assert_eq!(divide("1e27", "3"), "333333333333333333333333333.33333333333");
    }

    #[test]
    fn a_middle_has_one_digit_more() {
        assert_eq!(Exact::parse("0.01").middle(&Exact::parse("0.02")).json(), "0.015");
        assert_eq!(Exact::parse("-3").middle(&Exact::parse("4")).json(), "0.5");
    }

    #[test]
    fn the_nearest_float_is_found_in_one_step() {
        assert_eq!(Exact::parse("0.1").to_float(), 0.1);
        // 2^53 + 1 is between two floats; what is added decides.
        assert_eq!(Exact::parse("9007199254740993").to_float(), 9_007_199_254_740_992.0);
        assert_eq!(Exact::parse("9007199254740993.001").to_float(), 9_007_199_254_740_994.0);
    }
}
