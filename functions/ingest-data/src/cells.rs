//! Rows of a file as an input hands them on: bytes, and where in them each value is.

use std::sync::Arc;

use crate::failure::Mistakes;

/// What a value is in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Nothing.
    Null,
    /// Text that may stand for anything: of a CSV file, or of a cell of a spreadsheet.
    Text,
    /// Text of a JSON file, where numbers would have been numbers.
    String,
    /// A number in JSON's form.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A date or a time of a spreadsheet, in ISO's form.
    Time,
    /// An array or an object of a JSON file.
    Nested,
}

/// Rows of a file.
#[derive(Default)]
pub(crate) struct Cells {
    /// What the values lie in.
    pub(crate) bytes: Vec<u8>,
    /// Where in it each value is, row by row.
    pub(crate) spans: Vec<(u32, u32)>,
    /// What each value is. Where there are none, all are text, and an empty one is null.
    pub(crate) kinds: Vec<Kind>,
    /// The number of each row, for people.
    pub(crate) rows: Vec<u64>,
    /// How many columns each row has.
    pub(crate) width: usize,
    /// The names of the columns that are not in the rows before these.
    pub(crate) names: Vec<String>,
    /// What is wrong in rows that are left out here.
    pub(crate) mistakes: Mistakes,
    /// The file that they are of, where a table is of several.
    pub(crate) file: Option<Arc<str>>,
}

impl Cells {
    /// Makes room for other rows.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
        self.kinds.clear();
        self.rows.clear();
        self.names.clear();
        self.mistakes = Mistakes::default();
    }

    /// The values of a column.
    pub(crate) fn column(&self, index: usize) -> Values<'_> {
        Values { cells: self, index }
    }
}

/// The values of a column of some rows.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    cells: &'a Cells,
    index: usize,
}

impl<'a> Values<'a> {
    pub(crate) fn len(self) -> usize {
        self.cells.rows.len()
    }

    /// The number of a row, for people.
    pub(crate) fn row_number(self, row: usize) -> u64 {
        self.cells.rows[row]
    }

    /// The value in a row, unless it is null.
    pub(crate) fn get(self, row: usize) -> Option<(&'a [u8], Kind)> {
        let at = row * self.cells.width + self.index;
        let (start, end) = self.cells.spans[at];
        let bytes = &self.cells.bytes[start as usize..end as usize];
        match self.cells.kinds.get(at) {
            None if start == end => None,
            None => Some((bytes, Kind::Text)),
            Some(Kind::Null) => None,
            Some(kind) => Some((bytes, *kind)),
        }
    }

    /// All values, row by row.
    pub(crate) fn iter(self) -> impl Iterator<Item = Option<(&'a [u8], Kind)>> {
        (0..self.len()).map(move |row| self.get(row))
    }

    /// How many bytes all values have.
    pub(crate) fn bytes(self) -> usize {
        self.iter().flatten().map(|(bytes, _)| bytes.len()).sum()
    }
}
