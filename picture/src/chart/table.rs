//! Rows and columns, as many as fit.

use shared::model::result::Role;

use super::frame;
use super::scene::{Anchor, Scene, TEXT};
use super::series;
use crate::data::Data;
use crate::font::{self, Weight};
use crate::format::{self, humanize, measure_format};
use crate::total;

/// How high a row is, in pixels.
const ROW: f64 = 27.0;

/// Room at both sides of a cell, in pixels.
const PADDING: f64 = 10.0;

/// How narrow a column of wide texts is made at most, so that another one fits, in pixels.
const NARROWED: f64 = 130.0;

/// How wide a column wants to be at most, in pixels.
const WIDEST: f64 = 260.0;

struct Column {
    name: String,
    is_number: bool,
    cells: Vec<String>,
    total: Option<String>,
    width: f64,
}

pub(super) fn draw(scene: &mut Scene<'_>, data: &Data<'_>) {
    let area = scene.area;
    let has_totals = data.totals.is_some();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture has few rows")]
    let fitting = (area.height() / ROW) as usize;
    let fitting = fitting.saturating_sub(1 + usize::from(has_totals)).max(1);
    let has_more = data.row_count > fitting || data.truncated;
    let shown = if has_more { fitting.saturating_sub(1).max(1).min(data.row_count) } else { data.row_count };
    let mut columns = Vec::new();
    let mut used = 0.0;
    for index in 0..data.columns.len() {
        let column = column(scene, data, index, shown);
        used += column.width.min(NARROWED);
        if used > area.width() && !columns.is_empty() {
            break;
        }
        columns.push(column);
    }
    if columns.is_empty() {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    share_width(&mut columns, area.width());
    let mut y = area.top;
    draw_row(scene, &columns, y, Style::Header, |column| Some(&column.name));
    y += ROW;
    for row in 0..shown {
        draw_row(scene, &columns, y, Style::Plain, |column| column.cells.get(row));
        y += ROW;
    }
    if has_totals {
        draw_row(scene, &columns, y, Style::Total, |column| column.total.as_ref());
        y += ROW;
    }
    let rows_left = data.row_count - shown;
    let columns_left = data.columns.len() - columns.len();
    let mut notes = Vec::new();
    if data.truncated {
        notes.push("more rows".to_owned());
    } else if rows_left > 0 {
        notes.push(format!("{} more {}", grouped(rows_left), if rows_left == 1 { "row" } else { "rows" }));
    }
    if columns_left > 0 {
        notes.push(format!("{columns_left} more {}", if columns_left == 1 { "column" } else { "columns" }));
    }
    if !notes.is_empty() && y + ROW <= area.bottom + ROW * 0.7 {
        scene.open_labels(Anchor::Start);
        let at = (area.left + PADDING, (y + ROW * 0.65).min(area.bottom));
        scene.label(&format!("… {}", notes.join(", ")), at, area.width() - PADDING, TEXT, Weight::Regular);
        scene.close_group();
    }
}

fn grouped(count: usize) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    format::number(crate::Value::Integer(count), format::NumberFormat::default()).unwrap_or_default()
}

/// A column with the texts of the rows that are shown.
fn column(scene: &Scene<'_>, data: &Data<'_>, index: usize, shown: usize) -> Column {
    let of = &data.columns[index];
    let format = measure_format(scene.widget, &of.name, scene.options.format);
    let cell = |row: usize| {
        if of.role == Role::Dimension && data.other_row == Some(row) {
            return series::name(data, index, row);
        }
        format::value(data.value(index, row), of, format, data.zone)
    };
    let cells: Vec<String> = (0..shown).map(cell).collect();
    let is_number = of.role == Role::Measure
        && (0..shown).all(|row| {
            matches!(data.value(index, row), crate::Value::Null)
                || series::drawn(data.value(index, row)).is_some()
        });
    let total = data.totals.and_then(|totals| totals.get(index)).map(|total| match of.role {
        Role::Dimension if index == 0 => "Total".to_owned(),
        Role::Dimension => String::new(),
        Role::Measure => total::text(total, of, format, data).unwrap_or_default(),
    });
    let name = humanize(&of.name).into_owned();
    let wanted = |text: &str, weight| {
        let head = text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end]);
        font::width(head, TEXT, weight)
    };
    let widest =
        cells.iter().map(|cell| wanted(cell, Weight::Regular)).fold(wanted(&name, Weight::Bold), f64::max);
    let widest = total.as_deref().map_or(widest, |total| widest.max(wanted(total, Weight::Bold)));
    Column { name, is_number, cells, total, width: (widest + PADDING * 2.0).clamp(40.0, WIDEST) }
}

/// Gives columns the width that they want; what is left is shared, what is lacking is taken from the widest.
fn share_width(columns: &mut [Column], available: f64) {
    let wanted: f64 = columns.iter().map(|column| column.width).sum();
    if wanted <= available {
        let factor = available / wanted;
        for column in columns {
            column.width *= factor;
        }
        return;
    }
    // The width that the wide ones are cut to, so that all fit.
    let (mut low, mut high) = (0.0, available);
    for _ in 0..30 {
        let limit = f64::midpoint(low, high);
        let used: f64 = columns.iter().map(|column| column.width.min(limit)).sum();
        if used > available { high = limit } else { low = limit }
    }
    for column in columns {
        column.width = column.width.min(low);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Header,
    Plain,
    Total,
}

fn draw_row<'c>(
    scene: &mut Scene<'_>,
    columns: &'c [Column],
    y: f64,
    style: Style,
    cell: impl Fn(&'c Column) -> Option<&'c String>,
) {
    let area = scene.area;
    let rule = if style == Style::Plain { scene.colors.grid } else { scene.colors.axis };
    let line = if style == Style::Total { y } else { y + ROW };
    scene
        .svg
        .tag("line")
        .number("x1", area.left)
        .number("y1", super::plot::crisp(line))
        .number("x2", area.right)
        .number("y2", super::plot::crisp(line))
        .set("stroke", rule)
        .empty();
    let weight = if style == Style::Plain { Weight::Regular } else { Weight::Bold };
    let color = if style == Style::Header { scene.colors.quiet_text } else { scene.colors.text };
    scene.svg.tag("g").set("fill", color).open();
    let mut x = area.left;
    for column in columns {
        if let Some(text) = cell(column).filter(|text| !text.is_empty()) {
            let short = font::shorten(text, column.width - PADDING * 2.0 + 0.5, TEXT, weight);
            let at = if column.is_number { x + column.width - PADDING } else { x + PADDING };
            let tag = scene.svg.tag("text").number("x", at).number("y", y + ROW * 0.5 + TEXT * 0.35);
            let tag = if column.is_number { tag.set("text-anchor", "end") } else { tag };
            let tag = if weight == Weight::Bold { tag.set("font-weight", "bold") } else { tag };
            if short == *text {
                tag.text(text);
            } else {
                tag.titled_text(text, &short);
            }
        }
        x += column.width;
    }
    scene.close_group();
}
