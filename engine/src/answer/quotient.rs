//! Quotients: exact numbers divided and rounded once.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Decimal128Array, Float64Array};
use arrow::compute::{CastOptions, cast_with_options, concat as concat_arrays};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, i256};
use arrow::error::ArrowError;

use crate::types::MAX_DIGITS;

/// How many digits quotients have after the point.
const SCALE: u8 = 12;

/// The first divided by the second, row by row; null where either is, or the second is 0. Decimals are rounded half away from zero, to
/// 12 digits after the point, or fewer where that would be more than 38 in all. A float makes floats.
pub(crate) fn quotient(dividend: &ArrayRef, divisor: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match (Exact::of(dividend), Exact::of(divisor)) {
        (Some(dividend), Some(divisor)) => decimals(&dividend, &divisor),
        _ => Ok(floats(dividend, divisor)),
    }
}

/// Two arrays of a column after each other, though their numbers may be held in other ways.
pub(crate) fn concat(one: &ArrayRef, other: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let (one, other) = alike(one, other)?;
    concat_arrays(&[&one, &other])
}

/// Two arrays of a column, of one type: exact numbers with as many digits after the point as both have room for, and floats if one has
/// floats.
pub(crate) fn alike(one: &ArrayRef, other: &ArrayRef) -> Result<(ArrayRef, ArrayRef), ArrowError> {
    let (left, right) = (one.data_type(), other.data_type());
    if left == right {
        return Ok((Arc::clone(one), Arc::clone(other)));
    }
    let scale = |data_type: &DataType| match data_type {
        DataType::Int64 => Some(0),
        DataType::Decimal128(_, scale) => Some(*scale),
        _ => None,
    };
    let to = |data_type: &DataType| {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        Ok::<_, ArrowError>((
            cast_with_options(one, data_type, &options)?,
            cast_with_options(other, data_type, &options)?,
        ))
    };
    match (scale(left), scale(right)) {
        (Some(left), Some(right)) => to(&DataType::Decimal128(MAX_DIGITS, left.max(right)))
            .or_else(|_| to(&DataType::Decimal128(MAX_DIGITS, left.min(right)))),
        _ if left == &DataType::Float64 || right == &DataType::Float64 => {
            Ok((Arc::new(to_floats(one)), Arc::new(to_floats(other))))
        }
        _ => to(left),
    }
}

/// Exact numbers: units with so many digits after the point.
struct Exact<'a> {
    values: &'a ArrayRef,
    scale: u8,
}

impl<'a> Exact<'a> {
    fn of(values: &'a ArrayRef) -> Option<Self> {
        match values.data_type() {
            DataType::Int64 => Some(Self { values, scale: 0 }),
            DataType::Decimal128(_, scale) => Some(Self { values, scale: u8::try_from(*scale).ok()? }),
            _ => None,
        }
    }

    fn get(&self, row: usize) -> Option<i128> {
        self.values.is_valid(row).then(|| match self.values.data_type() {
            DataType::Int64 => self.values.as_primitive::<Int64Type>().value(row).into(),
            _ => self.values.as_primitive::<Decimal128Type>().value(row),
        })
    }
}

fn decimals(dividend: &Exact<'_>, divisor: &Exact<'_>) -> Result<ArrayRef, ArrowError> {
    let rows = dividend.values.len();
    for scale in (0..=SCALE).rev() {
        let mut quotients = Vec::with_capacity(rows);
        let shift = i32::from(scale) + i32::from(divisor.scale) - i32::from(dividend.scale);
        let fits = (0..rows).all(|row| {
            let quotient = match (dividend.get(row), divisor.get(row)) {
                (Some(dividend), Some(divisor)) if divisor != 0 => match divide(dividend, divisor, shift) {
                    Some(quotient) => Some(quotient),
                    None => return false,
                },
                _ => None,
            };
            quotients.push(quotient);
            true
        });
        if fits {
            let quotients = Decimal128Array::from(quotients);
            return Ok(Arc::new(quotients.with_precision_and_scale(MAX_DIGITS, scale.cast_signed())?));
        }
    }
    Ok(floats(dividend.values, divisor.values))
}

/// `dividend * 10^shift / divisor`, rounded half away from zero. None if it has more than 38 digits.
fn divide(dividend: i128, divisor: i128, shift: i32) -> Option<i128> {
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let (up, down) = if shift >= 0 { (power, 1) } else { (1, power) };
    let quotient = if let (Some(dividend), Some(divisor)) =
        (dividend.checked_mul(up), divisor.checked_mul(down))
    {
        let (quotient, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
        let is_half = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
        let away = if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
        if is_half { quotient.checked_add(away)? } else { quotient }
    } else {
        let dividend = i256::from_i128(dividend).checked_mul(i256::from_i128(up))?;
        let divisor = i256::from_i128(divisor).checked_mul(i256::from_i128(down))?;
        let (quotient, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
        let (rest, size) = (rest.checked_abs()?, divisor.checked_abs()?);
        let away = if dividend.is_negative() == divisor.is_negative() { i256::ONE } else { i256::MINUS_ONE };
        let is_half = rest >= size.checked_sub(rest)?;
        if is_half { quotient.checked_add(away)? } else { quotient }.to_i128()?
    };
    (quotient.unsigned_abs() < 10_u128.pow(MAX_DIGITS.into())).then_some(quotient)
}

fn floats(dividend: &ArrayRef, divisor: &ArrayRef) -> ArrayRef {
    let (dividend, divisor) = (to_floats(dividend), to_floats(divisor));
    let quotients = dividend.iter().zip(&divisor).map(|(dividend, divisor)| {
        // Not a minus before a zero, and nothing that is beyond all floats.
        let quotient = dividend? / divisor.filter(|divisor| *divisor != 0.0)? + 0.0;
        quotient.is_finite().then_some(quotient)
    });
    Arc::new(quotients.collect::<Float64Array>())
}

/// Numbers as the floats that are nearest to them.
fn to_floats(values: &ArrayRef) -> Float64Array {
    match Exact::of(values) {
        // Written and read, a decimal is rounded once.
        Some(exact) => (0..values.len())
            .map(|row| exact.get(row).and_then(|units| format!("{units}e-{}", exact.scale).parse().ok()))
            .collect(),
        None => values.as_primitive::<Float64Type>().clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(divide(1, 2, 0), Some(1));
        assert_eq!(divide(-1, 2, 0), Some(-1));
        assert_eq!(divide(1, -2, 0), Some(-1));
        assert_eq!(divide(5, 4, 0), Some(1));
        assert_eq!(divide(7, 4, 0), Some(2));
        assert_eq!(divide(2, 3, 12), Some(666_666_666_667));
        assert_eq!(divide(15, 1, -1), Some(2));
        assert_eq!(divide(14, 1, -1), Some(1));
        assert_eq!(divide(i128::MAX, 3, 12), None);
    }

    #[test]
    fn arrays_of_a_column_are_made_alike() {
        let decimal = |units: i128, scale| -> ArrayRef {
            let units = Decimal128Array::from(vec![units]);
            Arc::new(units.with_precision_and_scale(MAX_DIGITS, scale).unwrap())
        };
        let written = |one: &ArrayRef, other: &ArrayRef| {
            let both = concat(one, other).unwrap();
            (0..2).map(|row| crate::cell::cell(&both, row).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(written(&decimal(15, 1), &decimal(12_345, 3)), ["1.5", "12.345"]);
        let whole: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![7]));
        assert_eq!(written(&whole, &decimal(25, 1)), ["7", "2.5"]);
        let float: ArrayRef = Arc::new(Float64Array::from(vec![0.1]));
        assert_eq!(written(&decimal(25, 1), &float), ["2.5", "0.1"]);
        // Where there is no room for all digits, fewer are kept.
        assert_eq!(
            written(&decimal(10_i128.pow(37), 0), &decimal(149, 2)),
            [format!("1{}", "0".repeat(37)), "1".to_owned()]
        );
    }

    #[test]
    fn what_needs_more_than_128_bits_is_exact() {
        let dividend = 10_i128.pow(37) + 1;
        assert_eq!(divide(dividend, 10_i128.pow(30), 12), Some(10_i128.pow(19)));
        assert_eq!(divide(5 * 10_i128.pow(36), 10_i128.pow(37), 12), Some(500_000_000_000));
    }

    #[test]
    fn large_quotients_have_fewer_digits() {
        let array = |units: Vec<Option<i128>>| -> ArrayRef {
            Arc::new(Decimal128Array::from(units).with_precision_and_scale(MAX_DIGITS, 0).unwrap())
        };
        let quotients = quotient(
            &array(vec![Some(10_i128.pow(30)), None, Some(1)]),
            &array(vec![Some(3), Some(1), Some(0)]),
        );
        let quotients = quotients.unwrap();
        assert_eq!(quotients.data_type(), &DataType::Decimal128(MAX_DIGITS, 8));
        assert_eq!(crate::cell::cell(&quotients, 0).get(), format!("{}.33333333", "3".repeat(30)));
        assert_eq!(quotients.null_count(), 2);
    }
}
