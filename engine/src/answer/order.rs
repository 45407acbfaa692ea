//! Which groups are answered, and in which order.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, UInt32Array, UInt64Array};
use arrow::compute::{SortColumn, SortOptions, cast, lexsort_to_indices, take};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

use crate::file::column::ColumnPart;
use crate::file::table::Holding;
use crate::groups::mask::Mask;
use shared::model::resolved::{Condition, Order};

/// The groups that pass a condition on their measures. None if all do.
pub(crate) fn passing(having: &Condition, measures: &[ArrayRef], count: usize) -> Option<BooleanArray> {
    if super::is_nothing(having) {
        return None;
    }
    let parts: Vec<ColumnPart> =
        measures.iter().map(|values| ColumnPart { values: Arc::clone(values), dictionary: None }).collect();
    let holding = |index: usize| holding(measures.get(index)?.data_type());
    let rows = Mask::new(having, &holding).rows(count, &|index| &parts[index])?;
    Some(BooleanArray::new(rows, None))
}

fn holding(data_type: &DataType) -> Option<Holding> {
    Some(match data_type {
        DataType::Int64 => Holding::Units(0),
        DataType::Decimal128(_, scale) => Holding::Decimals(*scale),
        DataType::Float64 => Holding::Floats,
        DataType::Date32 => Holding::Days,
        DataType::Timestamp(..) => Holding::Instants,
        DataType::Boolean => Holding::Booleans,
        DataType::Utf8View => Holding::Texts,
        _ => return None,
    })
}

/// The indexes of the first groups that pass, in their order.
pub(crate) fn ordered(
    orders: &[Order],
    outputs: &[ArrayRef],
    count: usize,
    passing: Option<&BooleanArray>,
    limit: usize,
) -> Result<UInt64Array, ArrowError> {
    let candidates = passing.map(|passing| {
        let rows = (0..count).filter(|row| passing.value(*row));
        UInt32Array::from_iter_values(rows.filter_map(|row| u32::try_from(row).ok()))
    });
    let columns = orders.iter().map(|order| {
        let values = match &candidates {
            Some(candidates) => take(&outputs[order.output], candidates, None)?,
            None => Arc::clone(&outputs[order.output]),
        };
        let options = SortOptions { descending: order.descending, nulls_first: order.nulls_first };
        Ok(SortColumn { values, options: Some(options) })
    });
    let columns = columns.collect::<Result<Vec<_>, ArrowError>>()?;
    let indexes = if columns.is_empty() {
        // There is one group at most.
        let rows = candidates.as_ref().map_or(count, arrow::array::Array::len).min(limit);
        UInt32Array::from_iter_values((0..rows).filter_map(|row| u32::try_from(row).ok()))
    } else {
        lexsort_to_indices(&columns, Some(limit))?
    };
    let indexes: ArrayRef = match &candidates {
        Some(candidates) => take(candidates, &indexes, None)?,
        None => Arc::new(indexes),
    };
    Ok(arrow::array::AsArray::as_primitive::<arrow::datatypes::UInt64Type>(&cast(
        &indexes,
        &DataType::UInt64,
    )?)
    .clone())
}
