//! A report as a spreadsheet: a first sheet that says what it is, then a sheet a widget.
//!
//! Rows go to a file in the directory for temporary files while they are added, and from there into the workbook: memory does not grow
//! with the number of rows. That file takes about 40 bytes a cell until the workbook is finished. Nothing is ever written as a
//! formula.

mod cell;
mod chart;
mod column;
mod overview;
mod sheet;
mod sheet_name;
mod text;

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

use crate::chart::Content;
use crate::report::{Outcome, Part, Report};
use overview::Entry;
use sheet_name::SheetNames;
use text::clean;

/// The rows that a sheet has.
pub const MAX_ROWS: u32 = 1_048_576;

/// The columns that a sheet has.
const MAX_COLUMNS: u16 = 16_384;

/// Deflate's level, of 1 to 9. Higher ones take twice the time for a tenth of the size.
const COMPRESSION_LEVEL: u8 = 3;

/// From how many bytes on a sheet may not fit the 4 GB that a file in an ordinary archive has.
const LARGE: u64 = 3_500_000_000;

/// What the first sheet is called.
const OVERVIEW: &str = "Report";

/// A workbook that is being written.
pub struct Workbook<'a, W> {
    book: rust_xlsxwriter::Workbook,
    report: Report<'a>,
    out: W,
    names: SheetNames,
    entries: Vec<Entry>,
    outcome: Outcome,
    /// How many bytes the largest sheet has at most.
    largest: u64,
}

impl<'a, W: Write + Seek + Send> Workbook<'a, W> {
    /// Begins a workbook. Nothing is written to `out` before it is finished.
    ///
    /// # Errors
    ///
    /// When the first sheet cannot be made.
    pub fn new(report: Report<'a>, out: W) -> io::Result<Self> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.set_zip_compression_level(COMPRESSION_LEVEL);
        book.set_properties(&properties(&report));
        let mut names = SheetNames::default();
        let name = names.take(OVERVIEW);
        book.add_worksheet().set_name(name).map_err(failed)?;
        Ok(Self { book, report, out, names, entries: Vec::new(), outcome: Outcome::default(), largest: 0 })
    }

    /// Adds a sheet with the rows of a widget. What has none, a text or a widget that failed, is on the first sheet only. Rows that
    /// are more than a sheet has are left out, which the outcome says.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be written.
    pub fn add(&mut self, part: Part<'_>) -> io::Result<()> {
        let mut entry = Entry::new(part.widget);
        match part.content {
            Content::Data(data) => {
                let name = self.names.take(part.widget.title.as_str());
                let worksheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
                let written = sheet::write(worksheet, &name, part.widget, &data).map_err(failed)?;
                self.outcome.rows += written.rows;
                self.outcome.truncated |= written.truncated;
                self.outcome.shortened += written.shortened;
                self.largest = self.largest.max(written.bytes);
                entry.is_sheet(name, &written);
            }
            Content::Failure(reason) => entry.failed(reason),
            Content::Text => entry.is_text(part.widget),
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the workbook. Returns what is in it, and the writer.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn finish(mut self) -> io::Result<(Outcome, W)> {
        let first = self.book.worksheet_from_index(0).map_err(failed)?;
        overview::write(first, &self.report, &self.entries).map_err(failed)?;
        // Only then: LibreOffice 7 does not open a workbook that is written like this.
        self.book.use_zip_large_file(self.largest > LARGE);
        self.book.save_to_writer(&mut self.out).map_err(failed)?;
        self.out.flush()?;
        Ok((self.outcome, self.out))
    }
}

fn properties(report: &Report<'_>) -> DocProperties {
    let properties = DocProperties::new()
        .set_title(clean(report.title))
        .set_comment(clean(report.description))
        .set_author(clean(report.made_by));
    match ExcelDateTime::from_timestamp(report.made_at.as_second()) {
        Ok(made_at) => properties.set_creation_datetime(&made_at),
        Err(_) => properties,
    }
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}
