//! Rows in memory, and the order they are sorted in.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray as _, new_null_array};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use shared::model::calendar::DAY_MICROSECONDS;

use super::{Batch, Schema};
use crate::column::widen;
use crate::failure::{ImportFailure, Outcome};

/// How many rows are gathered at a time.
const PIECE_ROWS: usize = 16 << 10;

/// Rows in memory.
pub(crate) struct Held {
    batches: Vec<Batch>,
    /// Where each row is: in which batch, and where in it. None if they are in order as they are.
    order: Option<Vec<(usize, usize)>>,
    rows: usize,
}

impl Held {
    /// Sorts rows by time, nulls last. Rows of the same time keep their order.
    pub(super) fn sort(mut batches: Vec<Batch>, schema: &Schema) -> Outcome<Self> {
        for batch in &mut batches {
            complete(batch, schema)?;
        }
        let rows = batches.iter().map(|batch| batch.rows).sum();
        let order = schema.time.map(|time| order(&batches, time)).transpose()?.flatten();
        Ok(Self { batches, order, rows })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Gives a column's values in some of the rows, piece by piece.
    pub(crate) fn for_each_piece(
        &self,
        column: usize,
        rows: Range<usize>,
        mut take: impl FnMut(ArrayRef) -> Outcome<()>,
    ) -> Outcome<()> {
        let Some(order) = &self.order else {
            let mut start = 0;
            for batch in &self.batches {
                let from = rows.start.max(start) - start;
                let to = rows.end.saturating_sub(start).min(batch.rows);
                start += batch.rows;
                if from < to {
                    take(batch.columns[column].slice(from, to - from))?;
                }
            }
            return Ok(());
        };
        let arrays: Vec<&dyn Array> =
            self.batches.iter().map(|batch| batch.columns[column].as_ref()).collect();
        for places in order[rows].chunks(PIECE_ROWS) {
            take(interleave(&arrays, places)?)?;
        }
        Ok(())
    }
}

/// Makes a batch's columns what they are by now, and adds those that came after it.
fn complete(batch: &mut Batch, schema: &Schema) -> Outcome<()> {
    for (array, data_type) in batch.columns.iter_mut().zip(&schema.types) {
        *array = widen(array, data_type)?;
    }
    for data_type in &schema.types[batch.columns.len()..] {
        batch.columns.push(new_null_array(data_type, batch.rows));
    }
    Ok(())
}

/// The order of rows by time. None if they are in order as they are.
fn order(batches: &[Batch], time: usize) -> Outcome<Option<Vec<(usize, usize)>>> {
    let mut last = i64::MIN;
    let mut in_order = true;
    for batch in batches {
        each_key(&batch.columns[time], |_, key| {
            in_order &= last <= key;
            last = key;
        })?;
    }
    if in_order {
        return Ok(None);
    }
    let mut keys: Vec<(i64, u32, u32)> = Vec::with_capacity(batches.iter().map(|batch| batch.rows).sum());
    for (index, batch) in batches.iter().enumerate() {
        let index = u32::try_from(index).map_err(ImportFailure::internal)?;
        each_key(&batch.columns[time], |row, key| keys.push((key, index, row)))?;
    }
    // No two are equal, so that this keeps the order of rows of the same time.
    keys.sort_unstable();
    Ok(Some(keys.into_iter().map(|(_, batch, row)| (batch as usize, row as usize)).collect()))
}

/// Gives what each row of an array is sorted by.
pub(super) fn each_key(array: &ArrayRef, mut take: impl FnMut(u32, i64)) -> Outcome<()> {
    let key: Box<dyn Fn(usize) -> i64> = match array.data_type() {
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>();
            Box::new(|row| i64::from(days.value(row)) * DAY_MICROSECONDS)
        }
        DataType::Timestamp(..) => {
            let instants = array.as_primitive::<TimestampMicrosecondType>();
            Box::new(|row| instants.value(row))
        }
        other => return Err(ImportFailure::internal(format!("rows cannot be sorted by {other}"))),
    };
    let rows = u32::try_from(array.len()).map_err(ImportFailure::internal)?;
    for row in 0..rows {
        // No datetime is as late as this.
        take(row, if array.is_null(row as usize) { i64::MAX } else { key(row as usize) });
    }
    Ok(())
}
