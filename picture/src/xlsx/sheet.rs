//! The sheet of a widget: a heading that stays in view, the rows, and the totals below them.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use shared::model::dashboard::Widget;
use shared::model::result::Role;
use shared::model::table::ColumnType;

use super::cell::{self, Place};
use super::chart::Source;
use super::column::Column;
use super::text::fit;
use super::{MAX_COLUMNS, MAX_ROWS};
use crate::data::Data;
use crate::format;
use crate::options::ChartOptions;
use crate::total::Total;
use crate::value::Value;

/// How many rows tell how wide a column is.
const MEASURED_ROWS: usize = 1_000;

/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (8, 50);

/// How many bytes of XML are around what a cell says, at most.
const CELL_BYTES: u64 = 90;

/// How many bytes a byte of text takes at most, on average: a quotation mark is written as six, other texts hardly grow.
const ESCAPED: u64 = 2;

/// What is in the first dimension of the row that is the rest of `top`.
const OTHER: &str = "Other";

/// What is in the first dimension of the row of totals.
const TOTAL: &str = "Total";

/// What a sheet came to.
pub(super) struct Written {
    pub(super) rows: u64,
    pub(super) truncated: bool,
    pub(super) shortened: u64,
    /// How many bytes of XML it has at most.
    pub(super) bytes: u64,
}

/// Writes the sheet of a widget.
pub(super) fn write(
    sheet: &mut Worksheet,
    name: &str,
    widget: &Widget,
    data: &Data<'_>,
) -> Result<Written, XlsxError> {
    sheet.set_name(name)?;
    let options = ChartOptions::of(&widget.options);
    let columns: Vec<Column> = data
        .columns
        .iter()
        .take(usize::from(MAX_COLUMNS))
        .map(|column| Column::of(column, widget, options.format))
        .collect();
    let mut written = Written { rows: 0, truncated: data.truncated, shortened: 0, bytes: 0 };

    written.shortened += heading(sheet, data, columns.len())?;
    let totals = u32::from(data.totals.is_some());
    let rows = u32::try_from(data.row_count).unwrap_or(u32::MAX).min(MAX_ROWS - 1 - totals);
    written.rows = rows.into();
    written.truncated |= u64::from(rows) < data.row_count as u64 || columns.len() < data.columns.len();
    let chart = Source::of(widget, data, &options, rows);
    if let Some(chart) = &chart {
        chart.write_heading(sheet)?;
    }
    for row in 0..rows {
        write_row(sheet, data, &columns, row, &mut written)?;
        if let Some(chart) = &chart {
            chart.write_row(sheet, data, &columns, row)?;
        }
    }
    write_totals(sheet, data, &columns, rows + 1)?;

    if let Some(last) = u16::try_from(columns.len()).ok().and_then(|count| count.checked_sub(1)) {
        sheet.autofilter(0, 0, rows, last)?;
    }
    for (index, _) in (0_u16..).zip(&columns) {
        sheet.set_column_width(index, width(data, index.into(), &options))?;
    }
    if let Some(chart) = &chart {
        chart.insert(sheet, name, widget, &options, &columns)?;
    }
    Ok(written)
}

fn heading(sheet: &mut Worksheet, data: &Data<'_>, count: usize) -> Result<u64, XlsxError> {
    let mut shortened = 0;
    let left = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    let right = left.clone().set_align(FormatAlign::Right);
    for (index, column) in (0_u16..).zip(&data.columns[..count]) {
        let is_number = matches!(column.column_type, ColumnType::Integer | ColumnType::Number);
        let format = if is_number && column.role == Role::Measure { &right } else { &left };
        let (text, is_cut) = fit(&column.name);
        sheet.write_string_with_format(0, index, text, format)?;
        shortened += u64::from(is_cut);
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(shortened)
}

fn write_row(
    sheet: &mut Worksheet,
    data: &Data<'_>,
    columns: &[Column],
    row: u32,
    written: &mut Written,
) -> Result<(), XlsxError> {
    let index_of_row = row as usize;
    let is_other = data.other_row == Some(index_of_row);
    for (index, column) in (0_u16..).zip(columns) {
        let place = Place { row: row + 1, column: index };
        let value = match data.value(index.into(), index_of_row) {
            Value::Null if is_other && is_first_dimension(data, index.into()) => Value::Text(OTHER),
            value => value,
        };
        if let Value::Text(text) = value {
            written.bytes += text.len() as u64 * ESCAPED;
        }
        written.bytes += CELL_BYTES;
        written.shortened += u64::from(cell::write(sheet, place, value, &column.rows, data.zone)?);
    }
    Ok(())
}

fn write_totals(
    sheet: &mut Worksheet,
    data: &Data<'_>,
    columns: &[Column],
    row: u32,
) -> Result<(), XlsxError> {
    let Some(totals) = data.totals else { return Ok(()) };
    for (index, column) in (0_u16..).zip(columns) {
        let place = Place { row, column: index };
        let total = totals.get(usize::from(index)).zip(data.columns.get(usize::from(index)));
        match total.and_then(|(total, column)| Total::of(total, column.column_type)) {
            Some(Total::Value(value)) => {
                cell::write(sheet, place, value, &column.totals, data.zone)?;
            }
            Some(Total::Text(text)) => {
                cell::write(sheet, place, Value::Text(&text), &column.totals, data.zone)?;
            }
            None if is_first_dimension(data, index.into()) => {
                cell::write(sheet, place, Value::Text(TOTAL), &column.totals, data.zone)?;
            }
            None => {}
        }
    }
    Ok(())
}

fn is_first_dimension(data: &Data<'_>, column: usize) -> bool {
    data.columns.iter().position(|column| column.role == Role::Dimension) == Some(column)
}

/// How wide a column is, in characters: as its heading and its first rows are.
fn width(data: &Data<'_>, index: usize, options: &ChartOptions) -> f64 {
    let Some(column) = data.columns.get(index) else { return 0.0 };
    let cells = (0..data.row_count.min(MEASURED_ROWS)).map(|row| {
        let shown = format::value(data.value(index, row), column, options.format, data.zone);
        shown.lines().map(|line| line.chars().take(WIDTHS.1).count()).max().unwrap_or_default()
    });
    // Room for the filter's button beside the heading, and for a total, which is longer than what it sums.
    let heading = column.name.chars().take(WIDTHS.1).count() + 3;
    let longest = cells.max().unwrap_or_default() + 2;
    let width = longest.max(heading).clamp(WIDTHS.0, WIDTHS.1);
    u32::try_from(width).map_or(8.0, f64::from)
}
