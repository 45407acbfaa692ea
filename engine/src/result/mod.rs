//! Answers: their rows as columns, and as they are sent.

mod ipc;
mod json;

use std::ops::Deref;

use arrow::array::{ArrayRef, UInt64Array};
use serde_json::value::RawValue;
use shared::base::Timestamp;
use shared::model::result::{ResultColumn, Role};
use shared::model::table::{Cell, ColumnType};

use crate::answer::Assembled;
use crate::athena::Scan;
use crate::cell::cell;
use crate::error::EngineError;
use shared::model::resolved::Resolved;

/// How large the rows of an answer may be as JSON.
const MAX_BYTES: usize = 5 << 20;

/// The rows of an answer, column by column.
#[derive(Clone, Debug)]
pub struct Records {
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
}

/// An answer as it is sent: its rows are at most 5 MB of JSON.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The rows.
    pub records: Records,
    /// The rows as JSON: an array of arrays.
    pub rows: Box<RawValue>,
    /// When a database was asked for it.
    pub asked_at: Option<Timestamp>,
    /// What Athena has read for it.
    pub scan: Option<Scan>,
    /// What was gone through when it was computed. Nothing, where it was there already.
    pub scanned: Scanned,
}

/// What a query went through for its answer, whether or not it was in memory. What a database reads for it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Rows.
    pub rows: u64,
    /// Bytes of the columns as they are stored.
    pub bytes: u64,
}

impl Deref for Answer {
    type Target = Records;

    fn deref(&self) -> &Records {
        &self.records
    }
}

impl Records {
    pub(crate) fn new(resolved: &Resolved, assembled: &Assembled) -> Self {
        let totals = assembled.totals.as_ref().map(|totals| {
            let dimensions = resolved.dimensions.iter().map(|_| RawValue::NULL.to_owned());
            dimensions.chain(totals.iter().map(|total| cell(total, 0))).collect()
        });
        Self {
            columns: columns(resolved),
            values: assembled.columns.clone(),
            row_count: assembled.columns.first().map_or(0, arrow::array::Array::len),
            totals,
            other_row: assembled.other_row,
            truncated: assembled.truncated,
        }
    }

    /// About how many bytes they take in memory.
    pub fn bytes(&self) -> usize {
        self.values.iter().map(arrow::array::Array::get_array_memory_size).sum()
    }

    /// Keeps the first rows, and the rest, which is the last one.
    fn truncate(&mut self, count: usize) -> Result<(), EngineError> {
        let last = self.other_row.is_some().then(|| self.row_count - 1);
        let kept: UInt64Array =
            (0..count.saturating_sub(last.iter().len())).chain(last).map(|row| row as u64).collect();
        for array in &mut self.values {
            *array = arrow::compute::take(array, &kept, None)?;
        }
        self.row_count = kept.len();
        self.other_row = last.map(|_| kept.len() - 1);
        self.truncated = true;
        Ok(())
    }
}

impl Answer {
    /// About how many bytes it takes in memory.
    pub fn bytes(&self) -> usize {
        self.records.bytes() + self.rows.get().len()
    }

    pub(crate) fn new(mut records: Records) -> Result<Self, EngineError> {
        let mut written = json::rows(&records.values, records.row_count, MAX_BYTES);
        if written.count < records.row_count {
            records.truncate(written.count)?;
            written = json::rows(&records.values, records.row_count, usize::MAX);
        }
        let rows =
            RawValue::from_string(written.json).map_err(|error| EngineError::Internal(error.to_string()))?;
        Ok(Self { records, rows, asked_at: None, scan: None, scanned: Scanned::default() })
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
