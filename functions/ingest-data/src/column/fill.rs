//! Arrays of a column's values, read as one thing.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, BooleanBufferBuilder, Decimal128Array, NullBufferBuilder,
    PrimitiveArray, StringArray,
};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use engine::types::MAX_DIGITS;

use super::reading::{Reading, Readings, Rules};
use super::{Column, POWERS};
use crate::cells::{Kind, Values};
use crate::failure::{ImportFailure, Mistakes, Outcome};
use crate::value::{boolean, number, time};

/// Reads values. None if the column has to be read as something else, as it knows now.
pub(super) fn fill(
    column: &mut Column,
    reading: Reading,
    values: Values<'_>,
    rules: &Rules,
    mistakes: &mut Mistakes,
) -> Outcome<Option<ArrayRef>> {
    let mut filling = Filling { column, reading, values, rules, mistakes };
    Ok(match reading {
        Reading::Custom if filling.column.type_so_far(rules) == DataType::Date32 => {
            filling.primitive::<Date32Type>(|text, _| rules.custom(text).and_then(time::date_of))
        }
        Reading::Custom => filling
            .primitive::<TimestampMicrosecondType>(|text, _| rules.custom(text).and_then(time::instant)),
        Reading::Date => filling.primitive::<Date32Type>(|text, _| time::date(text)),
        Reading::Datetime => filling.primitive::<TimestampMicrosecondType>(|text, _| time::datetime(text)),
        Reading::Integer => filling.primitive::<Int64Type>(|text, _| number::integer(text)),
        Reading::PointFloat | Reading::CommaFloat => {
            filling.primitive::<Float64Type>(|text, kind| number::float(text, separators(reading, kind)))
        }
        Reading::Boolean => filling.booleans(),
        Reading::PointExact | Reading::CommaExact => filling.decimals()?,
        Reading::Text => filling.texts()?,
    })
}

/// Numbers that were numbers in the file have a point, whatever texts in the same column have.
fn separators(reading: Reading, kind: Kind) -> number::Separators {
    if kind == Kind::Number { number::POINT } else { reading.separators() }
}

struct Filling<'a, 'v> {
    column: &'a mut Column,
    reading: Reading,
    values: Values<'v>,
    rules: &'a Rules,
    mistakes: &'a mut Mistakes,
}

impl Filling<'_, '_> {
    /// Notes that a value does not fit. None if the column has to be read as something else.
    #[cold]
    fn refuse(&mut self, row: usize, text: &[u8], kind: Kind) -> Option<()> {
        if !self.column.is_mistake(self.reading, text, kind, self.rules) {
            return None;
        }
        if self.mistakes.is_full() {
            self.mistakes.count_one();
        } else {
            let reason = self.column.reason(text);
            self.mistakes.add(self.values.row_number(row), Some(&self.column.name), Some(text), reason);
        }
        Some(())
    }

    fn primitive<T: ArrowPrimitiveType>(
        &mut self,
        read: impl Fn(&[u8], Kind) -> Option<T::Native>,
    ) -> Option<ArrayRef> {
        let count = self.values.len();
        let mut natives = Vec::with_capacity(count);
        let mut nulls = NullBufferBuilder::new(count);
        for row in 0..count {
            let value = match self.values.get(row) {
                None => None,
                Some((text, kind)) => {
                    let value = if self.column.accepts(self.reading, kind) { read(text, kind) } else { None };
                    if value.is_none() {
                        self.refuse(row, text, kind)?;
                    }
                    value
                }
            };
            nulls.append(value.is_some());
            natives.push(value.unwrap_or_default());
        }
        Some(Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::from(natives), nulls.finish())))
    }

    fn booleans(&mut self) -> Option<ArrayRef> {
        let count = self.values.len();
        let mut bits = BooleanBufferBuilder::new(count);
        let mut nulls = NullBufferBuilder::new(count);
        for row in 0..count {
            let value = match self.values.get(row) {
                None => None,
                Some((text, kind)) => {
                    let value = if self.column.accepts(self.reading, kind) { boolean(text) } else { None };
                    if value.is_none() {
                        self.refuse(row, text, kind)?;
                    }
                    value
                }
            };
            nulls.append(value.is_some());
            bits.append(value.unwrap_or_default());
        }
        Some(Arc::new(BooleanArray::new(bits.finish(), nulls.finish())))
    }

    /// Reads decimals, all with as many digits after the point as the one that has most.
    fn decimals(&mut self) -> Outcome<Option<ArrayRef>> {
        let count = self.values.len();
        let mut digits: Vec<i128> = Vec::with_capacity(count);
        let mut nulls = NullBufferBuilder::new(count);
        for row in 0..count {
            let Some((text, kind)) = self.values.get(row) else {
                digits.push(0);
                nulls.append_null();
                continue;
            };
            let exact = if self.column.accepts(self.reading, kind) {
                number::exact(text, separators(self.reading, kind))
            } else {
                None
            };
            let scale = self.column.scale;
            match exact.filter(|exact| self.column.make_room(exact.whole, exact.scale)) {
                Some(exact) => {
                    if exact.separated && kind != Kind::Number {
                        self.note_separators(exact.decisive);
                    }
                    if self.column.scale > scale {
                        let more = POWERS[usize::from(self.column.scale - scale)];
                        for digits in &mut digits {
                            *digits *= more;
                        }
                    }
                    digits.push(exact.digits * POWERS[usize::from(self.column.scale - exact.scale)]);
                    nulls.append_non_null();
                }
                None if self.refuse(row, text, kind).is_none() => return Ok(None),
                None => {
                    digits.push(0);
                    nulls.append_null();
                }
            }
        }
        let array = Decimal128Array::new(ScalarBuffer::from(digits), nulls.finish());
        let array = array.with_precision_and_scale(MAX_DIGITS, self.column.scale.cast_signed())?;
        Ok(Some(Arc::new(array)))
    }

    /// Notes that a number has separators: from one that can be read in one way only, the column's others cannot differ.
    fn note_separators(&mut self, decisive: bool) {
        self.column.separated = true;
        if decisive && !self.column.decisive {
            self.column.decisive = true;
            let other = match self.reading {
                Reading::PointExact => [Reading::CommaExact, Reading::CommaFloat],
                _ => [Reading::PointExact, Reading::PointFloat],
            };
            self.column.possible = self.column.possible.without(Readings::of(&other));
        }
    }

    fn texts(&mut self) -> Outcome<Option<ArrayRef>> {
        let count = self.values.len();
        let mut bytes = Vec::with_capacity(self.values.bytes());
        let mut offsets = Vec::with_capacity(count + 1);
        let mut nulls = NullBufferBuilder::new(count);
        offsets.push(0_i32);
        for value in self.values.iter() {
            if let Some((text, kind)) = value {
                bytes.extend_from_slice(text);
                self.column.nested |= kind == Kind::Nested;
            }
            nulls.append(value.is_some());
            offsets.push(i32::try_from(bytes.len()).map_err(ImportFailure::internal)?);
        }
        Ok(Some(Arc::new(text_array(offsets, bytes, nulls.finish())?)))
    }
}

fn text_array(offsets: Vec<i32>, bytes: Vec<u8>, nulls: Option<NullBuffer>) -> Outcome<StringArray> {
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls)?)
}
