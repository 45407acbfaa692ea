//! Rows as JSON.

use arrow::array::ArrayRef;

use crate::cell::write;

/// Rows as an array of arrays, and how many they are.
pub(super) struct Written {
    pub(super) json: String,
    pub(super) count: usize,
}

/// The first rows: as many as there are, or as fit into so many bytes.
pub(super) fn rows(values: &[ArrayRef], count: usize, most: usize) -> Written {
    let mut json = String::with_capacity(most.min(count * values.len() * 12 + 2));
    json.push('[');
    for row in 0..count {
        let begun = json.len();
        if row > 0 {
            json.push(',');
        }
        json.push('[');
        for (index, column) in values.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            write(&mut json, column.as_ref(), row);
        }
        json.push(']');
        if json.len() >= most {
            json.truncate(begun);
            json.push(']');
            return Written { json, count: row };
        }
    }
    json.push(']');
    Written { json, count }
}
