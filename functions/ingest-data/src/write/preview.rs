//! The first rows of a table, as they are shown of it.

use std::sync::Arc;

use arrow::array::{ArrayRef, new_null_array};
use engine::cell::cell;
use engine::types::column_type;
use shared::model::result::{ResultColumn, Role, Rows};
use shared::model::table::{Cell, ColumnType};

use crate::column::widen;
use crate::failure::Outcome;
use crate::store::Schema;

/// How much a preview may be, in bytes of JSON.
const MAX_BYTES: usize = 1 << 20;

/// Makes the preview of pieces of a table's first rows, which are as many as it may have.
pub(crate) fn preview(schema: &Schema, pieces: &[Vec<ArrayRef>], row_count: u64) -> Outcome<Rows> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut bytes = 0;
    'pieces: for piece in pieces {
        let count = piece.first().map_or(0, arrow::array::Array::len);
        let columns = columns(schema, piece, count)?;
        for row in 0..count {
            let cells: Vec<Cell> = columns.iter().map(|array| cell(array, row)).collect();
            bytes += cells.iter().map(|cell| cell.get().len() + 1).sum::<usize>();
            if bytes > MAX_BYTES {
                break 'pieces;
            }
            rows.push(cells);
        }
    }
    let names = schema.names.iter().zip(&schema.types);
    let columns = names.map(|(name, data_type)| ResultColumn {
        name: name.clone(),
        column_type: column_type(data_type).unwrap_or(ColumnType::Text),
        role: Role::Dimension,
        grain: None,
    });
    let shown = rows.len() as u64;
    Ok(Rows { columns: columns.collect(), rows, row_count: shown, truncated: shown < row_count })
}

/// A piece's columns, as they are by now.
fn columns(schema: &Schema, piece: &[ArrayRef], count: usize) -> Outcome<Vec<ArrayRef>> {
    let column = |(index, data_type)| match piece.get(index) {
        Some(array) => widen(&Arc::clone(array), data_type),
        None => Ok(new_null_array(data_type, count)),
    };
    schema.types.iter().enumerate().map(column).collect()
}
