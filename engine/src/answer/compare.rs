//! Finds the group of before that belongs to each group.

use arrow::array::{ArrayRef, UInt64Array};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use hashbrown::HashMap;

use super::quotient::alike;

/// For each of the groups, which of the others has the same values of all dimensions.
pub(crate) fn matching(
    dimensions: &[ArrayRef],
    others: &[ArrayRef],
    count: usize,
    other_count: usize,
) -> Result<UInt64Array, ArrowError> {
    if dimensions.is_empty() {
        return Ok((0..count).map(|_| (other_count > 0).then_some(0)).collect());
    }
    let pairs = dimensions.iter().zip(others).map(|(one, other)| alike(one, other));
    let (dimensions, others): (Vec<_>, Vec<_>) = pairs.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let fields = dimensions.iter().map(|values| SortField::new(values.data_type().clone()));
    let converter = RowConverter::new(fields.collect())?;
    let others = converter.convert_columns(&others)?;
    let places: HashMap<&[u8], u64> =
        others.iter().zip(0..).map(|(row, index)| (row.data(), index)).collect();
    let rows = converter.convert_columns(&dimensions)?;
    Ok(rows.iter().map(|row| places.get(row.data()).copied()).collect())
}
