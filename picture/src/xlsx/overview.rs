//! The first sheet: what the report is about, and which widgets it has.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Url, Worksheet, XlsxError};
use shared::model::dashboard::Widget;

use super::sheet::Written;
use super::text::fit;
use crate::options::ChartOptions;
use crate::report::Report;

/// How wide the columns are, in characters.
const COLUMN_WIDTHS: [f64; 5] = [48.0, 34.0, 12.0, 12.0, 72.0];

/// How many characters a line of a note has, at most.
const NOTE_CHARS: usize = 72;

/// How high a line is, and the highest row, in points.
const ROW_HEIGHTS: (f64, f64) = (15.0, 409.0);

const HEADINGS: [&str; 4] = ["Widget", "Sheet", "Type", "Rows"];

/// The heading of the column for what else there is to say.
const NOTE: &str = "Note";

/// What the list says about a widget.
pub(super) struct Entry {
    title: String,
    widget_type: &'static str,
    sheet: Option<String>,
    rows: Option<u64>,
    note: String,
}

impl Entry {
    pub(super) fn new(widget: &Widget) -> Self {
        Self {
            title: widget.title.as_str().to_owned(),
            widget_type: widget.widget_type.as_str(),
            sheet: None,
            rows: None,
            note: String::new(),
        }
    }

    /// It has a sheet.
    pub(super) fn is_sheet(&mut self, name: String, written: &Written) {
        self.sheet = Some(name);
        self.rows = Some(written.rows);
        let mut notes = Vec::new();
        if written.truncated {
            notes.push("More rows are in the data than are shown here.".to_owned());
        }
        match written.shortened {
            0 => {}
            1 => notes.push("One text was cut: it was longer than a cell can be.".to_owned()),
            count => notes.push(format!("{count} texts were cut: they were longer than a cell can be.")),
        }
        self.note = notes.join(" ");
    }

    /// It has no rows, for a reason.
    pub(super) fn failed(&mut self, reason: &str) {
        reason.clone_into(&mut self.note);
    }

    /// It is a text.
    pub(super) fn is_text(&mut self, widget: &Widget) {
        self.note = ChartOptions::of(&widget.options).text;
    }
}

/// How high a row with a note is, in points. Not all programs find that out themselves.
fn height(note: &str) -> f64 {
    let lines = note.lines().map(|line| line.chars().count().div_ceil(NOTE_CHARS).max(1)).sum::<usize>();
    let lines = u32::try_from(lines).unwrap_or(u32::MAX).max(1);
    (f64::from(lines) * ROW_HEIGHTS.0).min(ROW_HEIGHTS.1)
}

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, report: &Report<'_>, entries: &[Entry]) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(16);
    let bold = Format::new().set_bold();
    let heading = bold.clone().set_border_bottom(FormatBorder::Thin);
    let right = heading.clone().set_align(FormatAlign::Right);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let top = Format::new().set_align(FormatAlign::Top);
    let count = top.clone().set_num_format("#,##0");
    for (index, width) in (0..).zip(COLUMN_WIDTHS) {
        sheet.set_column_width(index, width)?;
    }

    sheet.write_string_with_format(0, 0, fit(report.title).0, &title)?;
    let mut row = 1;
    if !report.description.is_empty() {
        sheet.write_string(row, 0, fit(report.description).0)?;
        row += 1;
    }
    row += 1;
    for (label, text) in report.facts() {
        sheet.write_string_with_format(row, 0, label, &bold)?;
        sheet.write_string(row, 1, fit(&text).0)?;
        row += 1;
    }
    row += 1;
    for (index, text) in (0..).zip(HEADINGS) {
        let format = if text == "Rows" { &right } else { &heading };
        sheet.write_string_with_format(row, index, text, format)?;
    }
    sheet.write_string_with_format(row, 4, NOTE, &heading)?;
    for entry in entries {
        row += 1;
        sheet.write_string_with_format(row, 0, fit(&entry.title).0, &top)?;
        if let Some(name) = &entry.sheet {
            let target = format!("internal:'{}'!A1", name.replace('\'', "''"));
            sheet.write_url_with_text(row, 1, Url::new(target).set_text(name), name)?;
        }
        sheet.write_string_with_format(row, 2, entry.widget_type, &top)?;
        if let Some(rows) = entry.rows {
            #[expect(clippy::cast_precision_loss, reason = "a sheet has a million rows")]
            sheet.write_number_with_format(row, 3, rows as f64, &count)?;
        }
        if !entry.note.is_empty() {
            sheet.write_string_with_format(row, 4, fit(&entry.note).0, &wrapped)?;
            sheet.set_row_height(row, height(&entry.note))?;
        }
    }
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}
