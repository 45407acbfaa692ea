//! What the API says of a table, with exact statistics.

use arrow::array::ArrayRef;
use engine::cell::cell;
use shared::model::table::{self, Cell, TableKind};

use super::datum::Datum;
use super::table::{Table, Value};

/// How long a text may be that is shown as the least or greatest of its column, in bytes. As in imports.
const MAX_TEXT_BYTES: usize = 100;

impl Table {
    /// What the API says of the table, with exact statistics.
    pub(crate) fn described(&self) -> table::Table {
        let batch = self.record_batch();
        let columns = (0..self.columns.len()).map(|index| self.describe(index, batch.column(index)));
        table::Table {
            name: self.name.clone(),
            kind: TableKind::File,
            row_count: Some(self.rows.len() as u64),
            columns: columns.collect(),
        }
    }

    fn describe(&self, index: usize, array: &ArrayRef) -> table::Column {
        let column = &self.columns[index];
        let mut values: Vec<(Datum, usize)> = self
            .values(index)
            .enumerate()
            .filter(|(_, value)| **value != Value::Null)
            .map(|(row, value)| (Datum::of(value, column), row))
            .collect();
        values.sort();
        let shown = |end: Option<&(Datum, usize)>| -> Option<Cell> {
            let (value, row) = end?;
            let is_short = !matches!(value, Datum::Text(text) if text.len() > MAX_TEXT_BYTES);
            is_short.then(|| cell(array, *row))
        };
        let (min, max) = (shown(values.first()), shown(values.last()));
        let nullable = values.len() < self.rows.len();
        values.dedup_by(|one, other| one.0 == other.0);
        table::Column {
            name: column.name.clone(),
            column_type: column.column_type,
            native_type: None,
            nullable: Some(nullable),
            distinct_count: Some(values.len() as u64),
            min,
            max,
        }
    }
}
