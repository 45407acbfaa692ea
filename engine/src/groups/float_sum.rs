//! The sum of floats, exactly: the order in which rows and threads come changes no digit.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Float64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion_expr::utils::format_state_name;
use datafusion_expr::{Accumulator, AggregateUDFImpl, Signature, Volatility};

/// A sum without loss: floats of which none overlaps another, as in Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast
/// Robust Geometric Predicates", 1997; what Python's `math.fsum` does.
#[derive(Clone, Debug, Default)]
struct ExactSum {
    parts: Vec<f64>,
    /// What is beyond all floats is added as floats are.
    infinite: f64,
    is_there: bool,
}

impl ExactSum {
    fn add(&mut self, value: f64) {
        self.is_there = true;
        if !value.is_finite() {
            self.infinite += value;
            return;
        }
        let mut value = value;
        let mut kept = 0;
        for index in 0..self.parts.len() {
            let mut part = self.parts[index];
            if value.abs() < part.abs() {
                std::mem::swap(&mut value, &mut part);
            }
            let sum = value + part;
            let lost = part - (sum - value);
            if lost != 0.0 {
                self.parts[kept] = lost;
                kept += 1;
            }
            value = sum;
        }
        self.parts.truncate(kept);
        if value.is_finite() {
            self.parts.push(value);
        } else {
            self.infinite += value;
            self.parts.clear();
        }
    }

    /// The sum, rounded once, to the nearest float. None if nothing was added, or if it is beyond all floats.
    fn rounded(&self) -> Option<f64> {
        if !self.is_there || self.infinite != 0.0 {
            return None;
        }
        let mut parts = self.parts.iter().rev().copied();
        let mut sum = parts.next().unwrap_or_default();
        let mut lost = 0.0;
        let mut rest = None;
        for part in parts.by_ref() {
            let before = sum;
            sum = before + part;
            lost = part - (sum - before);
            if lost != 0.0 {
                rest = parts.next();
                break;
            }
        }
        // Just between two floats, what is further down says which one is nearer.
        if rest.is_some_and(|rest| (lost < 0.0 && rest < 0.0) || (lost > 0.0 && rest > 0.0)) {
            let twice = lost * 2.0;
            let nearer = sum + twice;
            #[expect(clippy::float_cmp, reason = "whether it was exact")]
            if twice == nearer - sum {
                sum = nearer;
            }
        }
        Some(sum + 0.0)
    }
}

/// The function, as `DataFusion` knows functions.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct FloatSum {
    signature: Signature,
}

impl FloatSum {
    pub(crate) fn new() -> Self {
        Self { signature: Signature::exact(vec![DataType::Float64], Volatility::Immutable) }
    }
}

impl AggregateUDFImpl for FloatSum {
    fn name(&self) -> &'static str {
        "float_sum"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, _args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::<ExactSum>::default())
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let parts = DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)));
        Ok(vec![Arc::new(Field::new(format_state_name(args.name, "parts"), parts, true))])
    }
}

impl Accumulator for ExactSum {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for value in values[0].as_primitive::<Float64Type>().iter().flatten() {
            self.add(value);
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.rounded()))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.parts.capacity() * size_of::<f64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let infinite = (self.infinite != 0.0).then_some(self.infinite);
        // Zero says that something was there.
        let parts = self.parts.iter().copied().chain(infinite).chain(self.is_there.then_some(0.0));
        let parts: Vec<ScalarValue> = parts.map(|part| ScalarValue::Float64(Some(part))).collect();
        Ok(vec![ScalarValue::List(ScalarValue::new_list_nullable(&parts, &DataType::Float64))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for parts in states[0].as_list::<i32>().iter().flatten() {
            let parts: &Float64Array = parts.as_primitive();
            for part in parts.iter().flatten() {
                self.add(part);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(values: &[f64]) -> Option<f64> {
        let mut sum = ExactSum::default();
        for value in values {
            sum.add(*value);
        }
        sum.rounded()
    }

    #[test]
    fn nothing_is_lost() {
        assert_eq!(sum(&[]), None);
        assert_eq!(sum(&[1e16, 1.0, -1e16]), Some(1.0));
        assert_eq!(sum(&[0.1; 10]), Some(1.0));
        assert_eq!(sum(&[1e300, 1.0, 1e-300, -1e300, -1.0]), Some(1e-300));
        assert_eq!(sum(&[f64::MAX, f64::MAX]), None);
    }

    proptest! {
        #[test]
        fn order_and_parts_change_no_digit(
            values in proptest::collection::vec(prop_oneof![-1e300..1e300, -1.0..1.0, Just(0.1)], 0..40),
            at in 0_usize..40,
        ) {
            let whole = sum(&values).map(f64::to_bits);
            let mut reversed = values.clone();
            reversed.reverse();
            prop_assert_eq!(sum(&reversed).map(f64::to_bits), whole);
            let (one, other) = values.split_at(at.min(values.len()));
            let mut merged = ExactSum::default();
            for part in [one, other] {
                let mut sum = ExactSum::default();
                for value in part {
                    sum.add(*value);
                }
                let states = sum.state().unwrap();
                let states: Vec<ArrayRef> = states.iter().map(|state| state.to_array().unwrap()).collect();
                merged.merge_batch(&states).unwrap();
            }
            prop_assert_eq!(merged.rounded().map(f64::to_bits), whole);
        }
    }
}
