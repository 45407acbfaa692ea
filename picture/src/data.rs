//! What is drawn: rows with their columns, as an engine answered them.

use arrow::array::ArrayRef;
use shared::model::query::ZoneName;
use shared::model::result::ResultColumn;
use shared::model::table::Cell;

use crate::value::Value;

/// Rows with their columns.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// What the columns are.
    pub columns: &'a [ResultColumn],
    /// Their values: for each column an array of `row_count` values.
    pub values: &'a [ArrayRef],
    /// How many rows there are.
    pub row_count: usize,
    /// For each column, the measure of all rows; null for dimensions.
    pub totals: Option<&'a [Cell]>,
    /// Which row is the rest of `top`: its dimensions are null.
    pub other_row: Option<usize>,
    /// Whether there are more rows, which are left out here.
    pub truncated: bool,
    /// In whose time instants are shown.
    pub zone: &'a ZoneName,
}

impl<'a> Data<'a> {
    /// The value in a column of a row. Null where there is no such column or row.
    pub fn value(&self, column: usize, row: usize) -> Value<'a> {
        self.values.get(column).map_or(Value::Null, |values| Value::of(values.as_ref(), row))
    }
}
