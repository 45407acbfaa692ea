//! CSV files, and their relatives with semicolons, tabs or bars.
//!
//! Rows are numbered as a spreadsheet shows them: records, not lines, so that a line break between quotes counts for nothing, while an
//! empty line counts. An empty line is no row of the table, unless the table has one column only: there it is an empty field, except
//! at the end of the file. An empty field is null, with quotes and without.

mod dialect;
mod split;

use std::sync::Arc;

use shared::model::data_source::file_options::{Delimiter, FileOptions};

use super::text::{Blocks, Text};
use super::union::Union;
use super::{Input, Part, Sink};
use crate::cells::Cells;
use crate::failure::{ImportFailure, Outcome, shown};
use crate::limits::Limits;
use crate::names;
use split::{Record, Splitter};

/// How many rows are handed on at a time where rows have no bytes of their own: empty lines of a table with one column.
const MAX_EMPTY_ROWS: usize = 100_000;

/// How much of the beginning is looked at to see what separates the fields.
const SAMPLE_BYTES: usize = 256 << 10;

/// The CSV files of a table. Each has a header of its own: columns are the same where their names are.
pub(crate) struct Csv<'a> {
    parts: Vec<CsvPart<'a>>,
    has_header: bool,
    limits: &'a Limits,
}

/// One of the files of a table.
struct CsvPart<'a> {
    text: Text<'a>,
    delimiter: u8,
    name: Option<Arc<str>>,
}

impl<'a> Csv<'a> {
    pub(crate) fn open(files: &[Part<'a>], options: &FileOptions, limits: &'a Limits) -> Outcome<Self> {
        let open = |file: &Part<'a>| {
            CsvPart::open(file, options).map_err(|failure| failure.in_file(file.name.as_deref()))
        };
        let parts = files.iter().map(open).collect::<Outcome<_>>()?;
        Ok(Self { parts, has_header: options.has_header, limits })
    }

    /// Whether numbers have rather a comma than a point in such files.
    pub(crate) fn prefers_comma(&self) -> bool {
        self.parts.iter().all(|part| part.delimiter == b';')
    }
}

impl<'a> CsvPart<'a> {
    fn open(file: &Part<'a>, options: &FileOptions) -> Outcome<Self> {
        let text = Text::open(file.path)?;
        let delimiter = match options.delimiter {
            Some(Delimiter::Comma) => b',',
            Some(Delimiter::Semicolon) => b';',
            Some(Delimiter::Tab) => b'\t',
            Some(Delimiter::Bar) => b'|',
            None => {
                let mut blocks = text.blocks()?;
                let mut start = Vec::new();
                blocks.read(&mut start, SAMPLE_BYTES)?;
                dialect::delimiter(&mut start, blocks.is_over())
            }
        };
        Ok(Self { text, delimiter, name: file.name.clone() })
    }
}

impl Input for Csv<'_> {
    fn read(&mut self, sink: &mut Sink) -> Outcome<()> {
        let mut union = Union::default();
        for part in &self.parts {
            let reading = Reading {
                blocks: part.text.blocks()?,
                splitter: Splitter::new(part.delimiter),
                has_header: self.has_header,
                limits: self.limits,
                union: &mut union,
                names: Vec::new(),
                places: None,
                row: 0,
                empty_rows: 0,
                cells: Cells { file: part.name.clone(), ..Cells::default() },
            };
            reading.read(sink).map_err(|failure| failure.in_file(part.name.as_deref()))?;
        }
        Ok(())
    }
}

/// A CSV file while it is read.
struct Reading<'a> {
    blocks: Blocks,
    splitter: Splitter,
    has_header: bool,
    limits: &'a Limits,
    /// The columns of all files so far.
    union: &'a mut Union,
    /// The names of this file's columns, once they are known.
    names: Vec<String>,
    /// Where each of them is among the columns of all files, if not at its own place.
    places: Option<Vec<usize>>,
    /// The number of the last row that was read.
    row: u64,
    /// How many of the last rows are empty lines of a table with one column.
    empty_rows: u64,
    cells: Cells,
}

impl Reading<'_> {
    fn read(mut self, sink: &mut Sink) -> Outcome<()> {
        let mut rest = Vec::new();
        loop {
            self.cells.bytes.append(&mut rest);
            // Twice what is there already: a long record is looked at again only as often as it doubles.
            let count = self.limits.block_bytes.max(self.cells.bytes.len());
            self.blocks.read(&mut self.cells.bytes, count)?;
            let (end, goes_on) = self.split_block(sink)?;
            rest.extend_from_slice(&self.cells.bytes[end..]);
            self.cells.bytes.truncate(end);
            sink.send(&mut self.cells)?;
            if !goes_on {
                break;
            }
        }
        if self.names.is_empty() {
            return Err(ImportFailure::of_file("The file is empty: it has nothing but line breaks."));
        }
        Ok(())
    }

    /// Splits what was read into records. Returns how far that went, and whether there is more to be read.
    fn split_block(&mut self, sink: &mut Sink) -> Outcome<(usize, bool)> {
        let is_last = self.blocks.is_over();
        let mut at = 0;
        while at < self.cells.bytes.len() {
            let first = self.cells.spans.len();
            match self.splitter.split(&mut self.cells.bytes, at, is_last, &mut self.cells.spans) {
                Record::Whole { next } if next - at > self.limits.record_bytes => {
                    self.cells.spans.truncate(first);
                    self.stop_long(0, at);
                    return Ok((at, false));
                }
                Record::Whole { next } => {
                    self.row += 1;
                    self.take(first, sink)?;
                    at = next;
                }
                Record::Incomplete { column, .. }
                    if self.cells.bytes.len() - at > self.limits.record_bytes =>
                {
                    self.stop_long(column, at);
                    return Ok((at, false));
                }
                Record::Incomplete { column, in_quotes } if is_last && in_quotes => {
                    self.stop(
                        column,
                        at,
                        "A quote opens in this row and is not closed until the file ends.".into(),
                    );
                    return Ok((at, false));
                }
                Record::Incomplete { .. } => return Ok((at, true)),
            }
        }
        Ok((at, !is_last))
    }

    /// Takes in a record, whose fields begin at this span.
    fn take(&mut self, mut first: usize, sink: &mut Sink) -> Outcome<()> {
        let spans = &self.cells.spans[first..];
        let is_blank = matches!(spans, [(start, end)] if start == end) && !self.splitter.has_quotes();
        if self.names.is_empty() {
            return if is_blank { self.drop_record(first) } else { self.begin(first) };
        }
        if is_blank {
            self.empty_rows += u64::from(self.names.len() == 1);
            return self.drop_record(first);
        }
        if self.empty_rows > 0 {
            first = self.add_empty_rows(first, sink)?;
        }
        let count = self.cells.spans.len() - first;
        if count != self.names.len() {
            let reason = format!(
                "The row has {count} fields where the table has {} columns. Put fields that contain the delimiter in quotes.",
                self.names.len()
            );
            self.cells.mistakes.add(self.row, None, None, reason);
            return self.drop_record(first);
        }
        if let Some(index) = self.splitter.stray_quote() {
            let value = self.value(first + index);
            let reason = "There is text after the closing quote. Quotes inside of quotes are doubled.";
            self.cells.mistakes.add(self.row, Some(&self.names[index]), Some(&value), reason);
            return self.drop_record(first);
        }
        let limit = self.limits.value_bytes;
        let long = self.cells.spans[first..].iter().position(|(start, end)| (end - start) as usize > limit);
        if let Some(index) = long {
            let value = self.value(first + index);
            let reason = format!("The value is longer than {limit} bytes.");
            self.cells.mistakes.add(self.row, Some(&self.names[index]), Some(&value), reason);
            return self.drop_record(first);
        }
        self.add_row(first);
        Ok(())
    }

    /// Adds a record as a row, its values at the places of their columns.
    fn add_row(&mut self, first: usize) {
        self.cells.rows.push(self.row);
        if let Some(places) = &self.places {
            let record = self.cells.spans.split_off(first);
            self.cells.spans.resize(first + self.cells.width, (0, 0));
            for (span, place) in record.into_iter().zip(places) {
                self.cells.spans[first + place] = span;
            }
        }
    }

    /// Takes the first record: as the header, or as the first row that tells how many columns there are.
    fn begin(&mut self, first: usize) -> Outcome<()> {
        if self.has_header {
            let fields = (first..self.cells.spans.len()).map(|span| self.value(span));
            let header = fields.map(|field| String::from_utf8_lossy(&field).into_owned()).collect();
            self.names = names::of_header(header, self.row, self.limits)?;
        } else {
            self.names = names::numbered(self.cells.spans.len() - first, self.row, self.limits)?;
        }
        let places = self.union.add(&self.names, &mut self.cells.names);
        names::check_count(self.union.len(), self.row, self.limits)?;
        self.cells.width = self.union.len();
        let is_same =
            places.len() == self.cells.width && places.iter().enumerate().all(|(own, place)| own == *place);
        self.places = Some(places).filter(|_| !is_same);
        if self.has_header { self.drop_record(first) } else { self.take_first_row(first) }
    }

    fn take_first_row(&mut self, first: usize) -> Outcome<()> {
        let limit = self.limits.value_bytes;
        if self.cells.spans[first..].iter().any(|(start, end)| (end - start) as usize > limit) {
            self.cells.mistakes.add(self.row, None, None, format!("A value is longer than {limit} bytes."));
            return self.drop_record(first);
        }
        self.add_row(first);
        Ok(())
    }

    /// Adds the empty lines before a record, now that they are known not to be at the end of the file. Returns the record's place then.
    fn add_empty_rows(&mut self, first: usize, sink: &mut Sink) -> Outcome<usize> {
        let record = self.cells.spans.split_off(first);
        while self.empty_rows > 0 {
            self.cells.rows.push(self.row - self.empty_rows);
            self.cells.spans.resize(self.cells.spans.len() + self.cells.width, (0, 0));
            self.empty_rows -= 1;
            if self.cells.rows.len().is_multiple_of(MAX_EMPTY_ROWS) {
                let bytes = self.cells.bytes.clone();
                sink.send(&mut self.cells)?;
                self.cells.bytes.extend_from_slice(&bytes);
            }
        }
        let first = self.cells.spans.len();
        self.cells.spans.extend(record);
        Ok(first)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail")]
    fn drop_record(&mut self, first: usize) -> Outcome<()> {
        self.cells.spans.truncate(first);
        Ok(())
    }

    fn stop_long(&mut self, column: usize, at: usize) {
        let limit = self.limits.record_bytes;
        let reason = format!(
            "The row is longer than {limit} bytes. Perhaps a quote is not closed. Nothing after it was read."
        );
        self.stop(column, at, reason);
    }

    /// Notes that the rest of the file cannot be read.
    fn stop(&mut self, column: usize, at: usize, reason: String) {
        let column = self.names.get(column).cloned();
        let value = shown(&self.cells.bytes[at..]);
        self.cells.mistakes.add(self.row + 1, column.as_deref(), Some(value.as_bytes()), reason);
        if self.names.is_empty() {
            self.names.push(String::new());
        }
    }

    fn value(&self, span: usize) -> Vec<u8> {
        let (start, end) = self.cells.spans[span];
        self.cells.bytes[start as usize..end as usize].to_vec()
    }
}
