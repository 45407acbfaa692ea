//! Arrays of what a column was thought to be, made arrays of what it is.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, Decimal128Array, Float64Array, StringBuilder,
    TimestampMicrosecondArray, new_null_array,
};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use engine::cell::write_decimal;
use engine::types::DATETIME;
use shared::model::calendar::{DAY_MICROSECONDS, write_date};

use super::POWERS;
use crate::failure::{ImportFailure, Outcome};

/// Makes an array one of another type, which holds all of its values.
pub(crate) fn widen(array: &ArrayRef, to: &DataType) -> Outcome<ArrayRef> {
    let from = array.data_type();
    if from == to {
        return Ok(array.clone());
    }
    Ok(match (from, to) {
        (DataType::Null, _) => new_null_array(to, array.len()),
        (DataType::Int64, DataType::Decimal128(..)) => {
            decimals(array.as_primitive::<Int64Type>().unary(i128::from), 0, to)?
        }
        (DataType::Int64, DataType::Float64) => {
            #[expect(clippy::cast_precision_loss, reason = "as reading it as a float rounds it")]
            let floats = array.as_primitive::<Int64Type>().unary(|value| value as f64);
            let floats: Float64Array = floats;
            Arc::new(floats)
        }
        (DataType::Int64, DataType::Utf8) => texts(array, |out, row| {
            let _ = write!(out, "{}", array.as_primitive::<Int64Type>().value(row));
        }),
        (DataType::Decimal128(_, scale), DataType::Decimal128(..)) => {
            decimals(array.as_primitive::<Decimal128Type>().clone(), *scale, to)?
        }
        (DataType::Decimal128(_, scale), DataType::Float64) => {
            let floats = array.as_primitive::<Decimal128Type>().unary(|value| {
                let mut text = String::new();
                write_decimal(&mut text, value, *scale);
                // The text of a decimal is that of a float.
                text.parse().unwrap_or_default()
            });
            let floats: Float64Array = floats;
            Arc::new(floats)
        }
        (DataType::Date32, to) if *to == DATETIME => {
            let days = array.as_primitive::<Date32Type>();
            let instants: TimestampMicrosecondArray = days.unary(|day| i64::from(day) * DAY_MICROSECONDS);
            Arc::new(instants)
        }
        (DataType::Date32, DataType::Utf8) => {
            texts(array, |out, row| write_date(out, array.as_primitive::<Date32Type>().value(row)))
        }
        _ => return Err(ImportFailure::internal(format!("a column of {from} was taken for one of {to}"))),
    })
}

/// Decimals with as many digits after the point as the type has.
fn decimals(array: Decimal128Array, scale: i8, to: &DataType) -> Outcome<ArrayRef> {
    let DataType::Decimal128(precision, to_scale) = *to else {
        return Err(ImportFailure::internal("no decimal"));
    };
    let more = usize::try_from(to_scale - scale).map_err(ImportFailure::internal)?;
    let array = if more == 0 { array } else { array.unary(|value| value.wrapping_mul(POWERS[more])) };
    Ok(Arc::new(array.with_precision_and_scale(precision, to_scale)?))
}

/// The texts that values were written as: of whole numbers and dates there is one only.
fn texts(array: &ArrayRef, write: impl Fn(&mut String, usize)) -> ArrayRef {
    let mut builder = StringBuilder::new();
    let mut text = String::new();
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
        } else {
            text.clear();
            write(&mut text, row);
            builder.append_value(&text);
        }
    }
    Arc::new(builder.finish())
}

#[cfg(test)]
mod tests {
    use arrow::array::{Date32Array, Int64Array};

    use super::*;

    #[test]
    fn values_stay_what_they_are() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(-7), None, Some(i64::MAX)]));
        let wide = widen(&numbers, &DataType::Decimal128(38, 2)).unwrap();
        assert_eq!(wide.as_primitive::<Decimal128Type>().value(0), -700);
        assert_eq!(wide.as_primitive::<Decimal128Type>().value(2), i128::from(i64::MAX) * 100);
        let text = widen(&numbers, &DataType::Utf8).unwrap();
        assert_eq!(text.as_string::<i32>().value(0), "-7");
        assert!(text.is_null(1));
        let days: ArrayRef = Arc::new(Date32Array::from(vec![20_254]));
        assert_eq!(widen(&days, &DataType::Utf8).unwrap().as_string::<i32>().value(0), "2025-06-15");
        assert!(widen(&days, &DataType::Int64).is_err());
    }
}
