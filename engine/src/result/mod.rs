//! Answers as they are sent.

mod csv;
mod ipc;
mod json;

use arrow::array::ArrayRef;
use serde_json::value::RawValue;
use shared::model::result::{ResultColumn, Role};
use shared::model::table::{Cell, ColumnType};

use crate::answer::Assembled;
use crate::cell::cell;
use crate::error::EngineError;
use shared::model::resolved::Resolved;

/// How large the rows of an answer may be as JSON.
const MAX_BYTES: usize = 5 << 20;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the columns are.
    pub columns: Vec<ResultColumn>,
    /// Their values.
    pub values: Vec<ArrayRef>,
    /// How many rows there are.
    pub row_count: usize,
    /// For each column, the measure of all rows; null for dimensions.
    pub totals: Option<Vec<Cell>>,
    /// Which row is the rest of `top`.
    pub other_row: Option<usize>,
    /// Whether there is more than what is here.
    pub truncated: bool,
    /// The rows as JSON: an array of arrays.
    pub rows: Box<RawValue>,
}

impl Answer {
    /// About how many bytes it takes in memory.
    pub fn bytes(&self) -> usize {
        let values: usize = self.values.iter().map(arrow::array::Array::get_array_memory_size).sum();
        values + self.rows.get().len()
    }

    pub(crate) fn new(resolved: &Resolved, assembled: &Assembled) -> Result<Self, EngineError> {
        let columns = columns(resolved);
        let mut values = assembled.columns.clone();
        let mut row_count = values.first().map_or(0, arrow::array::Array::len);
        let (mut other_row, mut truncated) = (assembled.other_row, assembled.truncated);
        let mut written = json::rows(&values, row_count, MAX_BYTES);
        if written.count < row_count {
            // The rest is the last row, also of fewer.
            let last = other_row.is_some().then(|| row_count - 1);
            let kept: arrow::array::UInt64Array = (0..written.count.saturating_sub(last.iter().len()))
                .chain(last)
                .map(|row| row as u64)
                .collect();
            for array in &mut values {
                *array = arrow::compute::take(array, &kept, None)?;
            }
            row_count = kept.len();
            other_row = other_row.map(|_| row_count - 1);
            truncated = true;
            written = json::rows(&values, row_count, usize::MAX);
        }
        let totals = assembled.totals.as_ref().map(|totals| {
            let dimensions = resolved.dimensions.iter().map(|_| RawValue::NULL.to_owned());
            dimensions.chain(totals.iter().map(|total| cell(total, 0))).collect()
        });
        Ok(Self {
            columns,
            values,
            row_count,
            totals,
            other_row,
            truncated,
            rows: RawValue::from_string(written.json)
                .map_err(|error| EngineError::Internal(error.to_string()))?,
        })
    }
}

/// What the columns of an answer are.
pub fn columns(resolved: &Resolved) -> Vec<ResultColumn> {
    let dimensions = resolved.dimensions.iter().map(|dimension| ResultColumn {
        name: dimension.name.clone(),
        column_type: dimension.column_type(),
        role: Role::Dimension,
        grain: dimension.grain,
    });
    let measure = |name: String, column_type: ColumnType| ResultColumn {
        name,
        column_type,
        role: Role::Measure,
        grain: None,
    };
    let measures = resolved.measures.iter().map(|it| measure(it.name.clone(), it.column_type));
    let compared = resolved.measures.iter().filter(|_| resolved.compare.is_some());
    let before = compared.map(|it| measure(format!("{}_before", it.name), it.column_type));
    dimensions.chain(measures).chain(before).collect()
}
