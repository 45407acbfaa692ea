//! How wide the columns of a table are.

use shared::model::result::{ResultColumn, Role};
use shared::model::table::ColumnType;

use super::page::{CONTENT_WIDTH, Style};
use crate::data::Data;
use crate::font::Weight;
use crate::format::{self, NumberFormat, humanize};
use crate::total;

/// How many rows tell how wide a column of text is. What cannot be broken into lines is measured in all of them.
const MEASURED_TEXTS: usize = 200;

/// Room beyond what was measured, in points: widths are sums, and not the same to the last bit in whatever order they are added.
const SLACK: f32 = 0.5;

/// The widest that a column of text is before it is broken into lines, in points.
const MAX_TEXT: f32 = 220.0;

/// The narrowest that a column of text gets.
const MIN_TEXT: f32 = 70.0;

/// A table is stretched over the page, but not further than this.
const MAX_STRETCH: f32 = 1.8;

/// Room left and right of a cell's text.
pub(super) const PADDING: f32 = 4.0;

/// A column of a table on paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    /// Which one it is of the data.
    pub(super) index: usize,
    /// In points, with padding.
    pub(super) width: f32,
    /// Whether it is set at the right.
    pub(super) is_number: bool,
    /// Whether it is of text, which can be broken into lines.
    is_text: bool,
}

/// The columns, in as many tables as they need. From the second one on, the first column is repeated.
pub(super) fn layout(data: &Data<'_>, formats: &[NumberFormat], style: Style) -> Vec<Vec<Column>> {
    let natural: Vec<Column> = data
        .columns
        .iter()
        .zip(formats)
        .enumerate()
        .map(|(index, (column, format))| measure(data, index, column, *format, style))
        .collect();
    split(natural).into_iter().map(fit).collect()
}

/// Whether a column's cells are set at the right.
pub(super) fn is_number(column: &ResultColumn) -> bool {
    column.role == Role::Measure && matches!(column.column_type, ColumnType::Integer | ColumnType::Number)
}

fn measure(
    data: &Data<'_>,
    index: usize,
    column: &ResultColumn,
    format: NumberFormat,
    style: Style,
) -> Column {
    let bold = Style { weight: Weight::Bold, ..style };
    let is_number = is_number(column);
    let is_text = column.column_type == ColumnType::Text;
    let mut width = bold.width(&humanize(&column.name));
    if is_number {
        // A heading of several words can be broken; a number cannot.
        width = width.min(MIN_TEXT);
    }
    let measured = if is_text { data.row_count.min(MEASURED_TEXTS) } else { data.row_count };
    for row in 0..measured {
        let text = format::value(data.value(index, row), column, format, data.zone);
        width = width.max(text.lines().map(|line| style.width(line)).fold(0.0, f32::max));
        if width > MAX_TEXT && is_text {
            break;
        }
    }
    // Totals have more digits than what they sum, and are bold.
    let total = data.totals.and_then(|totals| totals.get(index));
    if let Some(total) = total.and_then(|of| total::text(of, column, format, data)) {
        width = width.max(bold.width(&total));
    }
    let width = width.min(if is_text { MAX_TEXT } else { CONTENT_WIDTH / 2.0 });
    Column { index, width: width + SLACK + 2.0 * PADDING, is_number, is_text }
}

/// The width that a column needs at least.
fn least(column: &Column) -> f32 {
    if column.is_text { column.width.min(MIN_TEXT) } else { column.width }
}

/// Splits the columns into tables that fit the page.
fn split(columns: Vec<Column>) -> Vec<Vec<Column>> {
    let Some(first) = columns.first().copied() else { return Vec::new() };
    let mut tables: Vec<Vec<Column>> = Vec::new();
    let mut used = f32::MAX;
    for column in columns {
        let needed = least(&column);
        match tables.last_mut() {
            Some(table) if used + needed <= CONTENT_WIDTH => {
                table.push(column);
                used += needed;
            }
            Some(_) => {
                tables.push(vec![first, column]);
                used = least(&first) + needed;
            }
            None => {
                tables.push(vec![column]);
                used = needed;
            }
        }
    }
    tables
}

/// Stretches the columns to the page, or narrows those of text.
fn fit(mut columns: Vec<Column>) -> Vec<Column> {
    let total: f32 = columns.iter().map(|column| column.width).sum();
    if total <= CONTENT_WIDTH {
        let stretch = (CONTENT_WIDTH / total).min(MAX_STRETCH);
        for column in &mut columns {
            column.width *= stretch;
        }
        return columns;
    }
    // What is over its least width gives the same share of that.
    let least_total: f32 = columns.iter().map(least).sum();
    let share = ((CONTENT_WIDTH - least_total) / (total - least_total)).clamp(0.0, 1.0);
    for column in &mut columns {
        let least = least(column);
        column.width = least + (column.width - least) * share;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(index: usize, width: f32, is_number: bool) -> Column {
        Column { index, width, is_number, is_text: !is_number }
    }

    fn total(columns: &[Column]) -> f32 {
        columns.iter().map(|column| column.width).sum()
    }

    #[test]
    fn columns_that_fit_are_stretched() {
        let columns = fit(vec![column(0, 200.0, false), column(1, 100.0, true)]);
        assert!((total(&columns) - CONTENT_WIDTH).abs() < 0.1);
        assert!((total(&fit(vec![column(0, 50.0, true)])) - 90.0).abs() < 0.1);
    }

    #[test]
    fn text_is_narrowed_and_numbers_are_not() {
        let columns = fit(vec![column(0, 228.0, false), column(1, 228.0, false), column(2, 200.0, true)]);
        assert!((total(&columns) - CONTENT_WIDTH).abs() < 0.1);
        assert!((columns[2].width - 200.0).abs() < 0.1);
    }

    #[test]
    fn columns_that_do_not_fit_are_in_further_tables() {
        let columns: Vec<_> = (0..50).map(|index| column(index, 80.0, true)).collect();
        let tables = split(columns);
        assert!(tables.iter().all(|table| total(table) <= CONTENT_WIDTH && table[0].index == 0));
        let others = tables.iter().flat_map(|table| &table[1..]).map(|column| column.index);
        assert!(others.eq(1..50));
    }
}
