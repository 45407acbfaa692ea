//! Rows as CSV (RFC 4180): a heading, then a line a row, in UTF-8. What is missing is empty; an empty text is a pair of quotes.
//!
//! Lines are written one at a time: memory does not grow with the number of rows.

mod archive;
mod line;

use std::io::{self, Write};

use shared::model::result::ResultColumn;

pub use archive::{Archive, file_name};
use line::Line;

use crate::data::Data;

/// The mark that tells spreadsheet programs that a file is in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What a file is like beyond its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether texts that a spreadsheet program would take for formulas get an apostrophe in front, and quotes. These are what
    /// begins with `=`, `+`, `-` or `@` and is no number, or with a tab or a return.
    /// <https://owasp.org/www-community/attacks/CSV_Injection>
    pub escape_formulas: bool,
    /// Whether it begins with the mark of UTF-8.
    pub byte_order_mark: bool,
}

/// Writes a file, line by line.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    line: Line,
    rows: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a file with the heading of the columns.
    ///
    /// # Errors
    ///
    /// What writing to `out` fails with.
    pub fn new(columns: &[ResultColumn], options: Options, mut out: W) -> io::Result<Self> {
        if options.byte_order_mark {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        let mut line = Line::new(options.escape_formulas);
        for column in columns {
            line.text(&column.name);
        }
        out.write_all(line.end())?;
        Ok(Self { out, line, rows: 0 })
    }

    /// Writes rows of the same columns. May be called with one batch after another.
    ///
    /// # Errors
    ///
    /// What writing to the file fails with.
    pub fn write(&mut self, data: &Data<'_>) -> io::Result<()> {
        for row in 0..data.row_count {
            for column in 0..data.columns.len() {
                self.line.value(data.value(column, row));
            }
            self.out.write_all(self.line.end())?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Ends the file. Returns how many rows are in it, without the heading.
    ///
    /// # Errors
    ///
    /// What flushing the file fails with.
    pub fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.rows)
    }
}

/// Writes a file. Returns how many rows are in it, without the heading. Give it a writer that buffers.
///
/// # Errors
///
/// What writing to `out` fails with.
pub fn write<W: Write>(data: &Data<'_>, options: Options, out: W) -> io::Result<u64> {
    let mut writer = Writer::new(data.columns, options, out)?;
    writer.write(data)?;
    writer.finish()
}
