//! Counts how many different values a column has, as long as there are not too many.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher};

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use foldhash::quality::FixedState;

/// How many different values are counted.
const MAX_DISTINCT: usize = 100_000;

/// Hashes of the values so far: of 100,000 values, two have the same one once in four billion tables.
pub(super) struct Distinct {
    hashes: HashSet<u64, BuildHasherDefault<Unchanged>>,
    last: Option<u64>,
    limit: usize,
    is_over: bool,
}

impl Distinct {
    /// For one of so many columns, which share the room for hashes.
    pub(super) fn new(columns: usize, hashes: usize) -> Self {
        let limit = MAX_DISTINCT.min(hashes / columns.max(1));
        Self { hashes: HashSet::default(), last: None, limit, is_over: false }
    }

    /// How many different values there are. None if there are too many to tell.
    pub(super) fn count(&self) -> Option<u64> {
        (!self.is_over).then_some(self.hashes.len() as u64)
    }

    /// Counts the values of an array.
    pub(super) fn add(&mut self, array: &ArrayRef) {
        if self.is_over {
            return;
        }
        match array.data_type() {
            DataType::Utf8 => {
                let state = FixedState::default();
                self.each(
                    array.as_string::<i32>().iter().flatten().map(|text| state.hash_one(text.as_bytes())),
                );
            }
            DataType::Int64 => {
                self.each(
                    array
                        .as_primitive::<Int64Type>()
                        .iter()
                        .flatten()
                        .map(|value| mix(value.cast_unsigned())),
                );
            }
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>().iter().flatten();
                self.each(days.map(|day| mix(i64::from(day).cast_unsigned())));
            }
            DataType::Timestamp(..) => {
                let instants = array.as_primitive::<TimestampMicrosecondType>().iter().flatten();
                self.each(instants.map(|instant| mix(instant.cast_unsigned())));
            }
            DataType::Decimal128(..) => {
                let state = FixedState::default();
                let decimals = array.as_primitive::<Decimal128Type>().iter().flatten();
                self.each(decimals.map(|decimal| match i64::try_from(decimal) {
                    Ok(short) => mix(short.cast_unsigned()),
                    Err(_) => state.hash_one(decimal),
                }));
            }
            DataType::Float64 => {
                let floats = array.as_primitive::<Float64Type>().iter().flatten();
                // Both zeros are one number.
                self.each(floats.map(|float| mix((float + 0.0).to_bits())));
            }
            DataType::Boolean => {
                self.each(array.as_boolean().iter().flatten().map(|value| mix(value.into())));
            }
            _ => self.is_over = true,
        }
    }

    fn each(&mut self, hashes: impl Iterator<Item = u64>) {
        for hash in hashes {
            // Sorted and monotonous columns repeat themselves.
            if self.last != Some(hash) {
                self.last = Some(hash);
                if self.hashes.insert(hash) && self.hashes.len() > self.limit {
                    self.is_over = true;
                    self.hashes = HashSet::default();
                    return;
                }
            }
        }
    }
}

/// The finalizer of `SplitMix64`, which gives different values to different numbers.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A hasher for what is a hash already.
#[derive(Default)]
struct Unchanged(u64);

impl Hasher for Unchanged {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 << 8) | u64::from(byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array, StringArray};

    use super::*;

    #[test]
    fn different_values_are_counted_once() {
        let mut texts = Distinct::new(1, 1_000);
        texts.add(&(Arc::new(StringArray::from(vec![Some("a"), None, Some("b"), Some("a")])) as ArrayRef));
        texts.add(&(Arc::new(StringArray::from(vec!["b", "c"])) as ArrayRef));
        assert_eq!(texts.count(), Some(3));
        let mut zeros = Distinct::new(1, 1_000);
        zeros.add(&(Arc::new(Float64Array::from(vec![0.0, -0.0])) as ArrayRef));
        assert_eq!(zeros.count(), Some(1));
    }

    #[test]
    fn too_many_are_not_counted() {
        let mut numbers = Distinct::new(2, 20);
        numbers.add(&(Arc::new(Int64Array::from_iter_values(0..10)) as ArrayRef));
        assert_eq!(numbers.count(), Some(10));
        numbers.add(&(Arc::new(Int64Array::from(vec![11])) as ArrayRef));
        assert_eq!(numbers.count(), None);
    }
}
