//! Sums of floats, exact until they are rounded once.

use num_bigint::{BigInt, Sign};

/// The bits of a float that are digits, without the first one, which is not stored.
const FRACTION_BITS: u32 = 52;

/// The exponent that infinity has.
const INFINITE: u64 = 0x7ff;

/// The sum, rounded to the nearest float, of two the one with an even last digit.
pub(crate) fn sum(floats: &[f64]) -> f64 {
    round(&floats.iter().map(|&float| least_units(float)).sum())
}

/// How many times the least positive float it is.
fn least_units(float: f64) -> BigInt {
    assert!(float.is_finite(), "tables have numbers only");
    let bits = float.abs().to_bits();
    let (exponent, fraction) = (bits >> FRACTION_BITS, bits & ((1 << FRACTION_BITS) - 1));
    let units = match exponent {
        0 => BigInt::from(fraction),
        _ => BigInt::from(fraction | (1 << FRACTION_BITS)) << (exponent - 1),
    };
    if float.is_sign_negative() { -units } else { units }
}

/// The float that is nearest to so many times the least positive one.
fn round(units: &BigInt) -> f64 {
    let magnitude = units.magnitude();
    let shift = magnitude.bits().saturating_sub(u64::from(FRACTION_BITS) + 1);
    let mut digits = u64::try_from(magnitude >> shift).unwrap();
    let rest = magnitude - (num_bigint::BigUint::from(digits) << shift);
    let twice = rest * 2_u32;
    let one = num_bigint::BigUint::from(1_u32) << shift;
    if shift > 0 && (twice > one || (twice == one && digits % 2 == 1)) {
        digits += 1;
    }
    // The first digit counts one up in the exponent's bits; so does a carry.
    let bits = ((shift << FRACTION_BITS) + digits).min(INFINITE << FRACTION_BITS);
    let float = f64::from_bits(bits);
    if units.sign() == Sign::Minus { -float } else { float }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "it is the one float or another")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sum_does_not_depend_on_its_order() {
        assert_eq!(sum(&[1e300, 1.0, -1e300]), 1.0);
        assert_eq!(sum(&[1.0, 1e300, -1e300, 1e-7]), 1.000_000_1);
        // Ten times 0.1 is a little more than 1 and a little less than the next float.
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[0.1, 0.2]), 0.1 + 0.2);
        assert_eq!(sum(&[]), 0.0);
    }

    #[test]
    fn the_ends_of_floats_are_met() {
        assert_eq!(sum(&[5e-324, 5e-324]), 1e-323);
        assert_eq!(sum(&[f64::MIN_POSITIVE, -5e-324]), f64::MIN_POSITIVE - 5e-324);
        assert_eq!(sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        assert!(sum(&[-0.0]).is_sign_positive());
    }

    proptest! {
        #[test]
        fn one_float_is_its_own_sum_and_two_are_added_as_processors_do(
            one in prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
            other in prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
        ) {
            prop_assert_eq!(sum(&[one]), one);
            prop_assert_eq!(sum(&[one, other]), one + other);
        }
    }
}
