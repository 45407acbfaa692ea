//! Rows as CSV (RFC 4180): a heading, then a line a row. What is missing is empty; an empty text is a pair of quotes.

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::DataType;

use super::Answer;
use crate::cell::write;

impl Answer {
    /// The rows as CSV, in UTF-8.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut csv = String::new();
        for (index, column) in self.columns.iter().enumerate() {
            begin(&mut csv, index);
            write_text(&mut csv, &column.name);
        }
        csv.push_str("\r\n");
        for row in 0..self.row_count {
            for (index, values) in self.values.iter().enumerate() {
                begin(&mut csv, index);
                if values.is_null(row) {
                    continue;
                }
                if values.data_type() == &DataType::Utf8View {
                    write_text(&mut csv, values.as_string_view().value(row));
                    continue;
                }
                let start = csv.len();
                write(&mut csv, values.as_ref(), row);
                // Dates are texts in JSON.
                if csv[start..].starts_with('"') {
                    csv.remove(start);
                    csv.pop();
                }
            }
            csv.push_str("\r\n");
        }
        csv.into_bytes()
    }
}

fn begin(csv: &mut String, index: usize) {
    if index > 0 {
        csv.push(',');
    }
}

fn write_text(csv: &mut String, text: &str) {
    let is_plain = !text.is_empty() && !text.contains([',', '"', '\r', '\n']) && text.trim() == text;
    if is_plain {
        csv.push_str(text);
    } else {
        csv.push('"');
        csv.push_str(&text.replace('"', "\"\""));
        csv.push('"');
    }
}
