//! A sheet as a table.

use std::fs::File;
use std::io::BufReader;

use calamine::{CellErrorType, DataRef, Xlsx, XlsxError};

use super::cell::{Value, value};
use super::damaged;
use crate::cells::{Cells, Kind};
use crate::failure::{ImportFailure, Outcome};
use crate::input::{Input, Sink};
use crate::limits::Limits;
use crate::names;

/// A sheet that has something in it.
pub(crate) struct Sheet<'a> {
    xlsx: &'a mut Xlsx<BufReader<File>>,
    name: &'a str,
    has_header: bool,
    limits: &'a Limits,
    /// The first column that has something in it.
    left: u32,
    /// How many columns there are from there to the last that has something in it.
    width: usize,
}

impl<'a> Sheet<'a> {
    /// Finds out which columns a sheet has. None if there is nothing in it.
    pub(super) fn open(
        xlsx: &'a mut Xlsx<BufReader<File>>,
        name: &'a str,
        has_header: bool,
        limits: &'a Limits,
    ) -> Outcome<Option<Self>> {
        let mut columns: Option<(u32, u32)> = None;
        let mut first_row = 0;
        let mut last = None;
        let mut reader = match xlsx.worksheet_cells_reader(name) {
            Ok(reader) => reader,
            // A chart, whatever the list of sheets says.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
            Err(error) => return Err(damaged(&error)),
        };
        while let Some(cell) = reader.next_cell().map_err(|error| damaged(&error))? {
            let place = cell.get_position();
            if last.replace(place).is_some_and(|last| last >= place) {
                return Err(ImportFailure::of_file(format!(
                    "The cells of sheet \"{name}\" are not in their order."
                )));
            }
            if is_empty(cell.get_value()) {
                continue;
            }
            if columns.is_none() {
                first_row = place.0;
            }
            let (left, right) = columns.unwrap_or((place.1, place.1));
            columns = Some((left.min(place.1), right.max(place.1)));
        }
        let Some((left, right)) = columns else { return Ok(None) };
        let width = (right - left) as usize + 1;
        names::check_count(width, u64::from(first_row) + 1, limits)?;
        drop(reader);
        Ok(Some(Self { xlsx, name, has_header, limits, left, width }))
    }
}

impl Input for Sheet<'_> {
    fn read(&mut self, sink: &mut Sink) -> Outcome<()> {
        let mut row = Row {
            cells: Cells { width: self.width, ..Cells::default() },
            number: None,
            values: vec![(0, 0, Kind::Null); self.width],
            bytes: Vec::new(),
            errors: Vec::new(),
            names: Vec::new(),
            has_header: self.has_header,
            limits: self.limits,
        };
        let mut reader = self.xlsx.worksheet_cells_reader(self.name).map_err(|error| damaged(&error))?;
        while let Some(cell) = reader.next_cell().map_err(|error| damaged(&error))? {
            if is_empty(cell.get_value()) {
                continue;
            }
            let (number, column) = cell.get_position();
            if row.number != Some(number) {
                row.end(sink)?;
                row.number = Some(number);
            }
            row.add((column - self.left) as usize, cell.get_value())?;
        }
        row.end(sink)?;
        sink.send(&mut row.cells)
    }
}

/// Whether there is nothing in a cell, or an empty text.
fn is_empty(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => false,
    }
}

/// A row while its cells are read.
struct Row<'a> {
    /// The rows before it.
    cells: Cells,
    number: Option<u32>,
    values: Vec<(usize, usize, Kind)>,
    bytes: Vec<u8>,
    /// The cells that hold no value but the error of a formula.
    errors: Vec<(usize, CellErrorType)>,
    /// The names of the columns, once they are known.
    names: Vec<String>,
    has_header: bool,
    limits: &'a Limits,
}

impl Row<'_> {
    fn add(&mut self, column: usize, cell: &DataRef<'_>) -> Outcome<()> {
        let start = self.bytes.len();
        let kind = match value(cell, &mut self.bytes) {
            Value::Of(kind) => kind,
            Value::Error(error) => {
                self.errors.push((column, error));
                return Ok(());
            }
        };
        let end = self.bytes.len();
        let Some(place) = self.values.get_mut(column) else {
            return Err(ImportFailure::internal("a sheet became wider while it was read"));
        };
        *place = (start, end, kind);
        Ok(())
    }

    /// Takes the row in, as the header or as a row of the table.
    fn end(&mut self, sink: &mut Sink) -> Outcome<()> {
        let Some(number) = self.number else { return Ok(()) };
        let number = u64::from(number) + 1;
        if self.names.is_empty() {
            self.names = if self.has_header {
                let text = |&(start, end, _): &(usize, usize, Kind)| {
                    String::from_utf8_lossy(&self.bytes[start..end]).into_owned()
                };
                names::of_header(self.values.iter().map(text).collect(), number, self.limits)?
            } else {
                names::numbered(self.values.len(), number, self.limits)?
            };
            self.cells.names.clone_from(&self.names);
            if self.has_header {
                self.clear();
                return Ok(());
            }
        }
        let mut is_wrong = !self.errors.is_empty();
        for (column, error) in &self.errors {
            let value = error.to_string();
            let reason = "The formula has no result but an error. Mend it, or leave the cell empty.";
            self.cells.mistakes.add(number, Some(&self.names[*column]), Some(value.as_bytes()), reason);
        }
        let limit = self.limits.value_bytes;
        for (index, &(start, end, _)) in self.values.iter().enumerate() {
            if end - start > limit {
                let reason = format!("The value is longer than {limit} bytes.");
                let value = &self.bytes[start..end];
                self.cells.mistakes.add(number, Some(&self.names[index]), Some(value), reason);
                is_wrong = true;
            }
        }
        if !is_wrong {
            let offset = self.cells.bytes.len();
            self.cells.bytes.extend_from_slice(&self.bytes);
            for &(start, end, kind) in &self.values {
                let place = |at: usize| u32::try_from(offset + at).map_err(ImportFailure::internal);
                self.cells.spans.push((place(start)?, place(end)?));
                self.cells.kinds.push(kind);
            }
            self.cells.rows.push(number);
        }
        self.clear();
        // Values of other cells than texts are short; their number counts as well.
        if self.cells.bytes.len() + self.cells.spans.len() * 8 > self.limits.block_bytes {
            sink.send(&mut self.cells)?;
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.values.fill((0, 0, Kind::Null));
        self.bytes.clear();
        self.errors.clear();
    }
}
