//! Tables that flow over pages, with their heading repeated.

use std::borrow::Cow;

use krilla::tagging::{TableHeaderScope, Tag};
use shared::model::dashboard::Widget;
use shared::model::result::Role;

use super::block::title_style;
use super::page::{BOTTOM, CONTENT_WIDTH, Item, MARGIN, Side, Slot, Style, TOP};
use super::paragraph::{baseline, lines};
use super::render::Heading;
use super::structure::heading;
use super::table_columns::{Column, PADDING, layout};
use super::{MORE_ROWS, Paper};
use crate::data::Data;
use crate::font::{Weight, shorten};
use crate::format::{self, NumberFormat, humanize, measure_format};
use crate::options::ChartOptions;
use crate::theme::Theme;
use crate::total;

const SIZE: f32 = 8.5;

/// Room above and below the lines of a row.
const ROW_PADDING: f32 = 3.0;

/// A row that is higher than a page is divided, and has at least so many lines on each.
const LEAST_LINES: usize = 3;

/// A table of at most so many rows is not divided, if none of its cells has several lines.
const SHORT_ROWS: u16 = 20;

/// How many characters of a cell are written: more is no reading any more.
const MAX_CHARS: usize = 100_000;

const OTHER: &str = "Other";
const TOTAL: &str = "Total";
const NO_DATA: &str = "No data";

/// A cell that is laid out.
struct Laid {
    lines: Vec<String>,
    column: Column,
    style: Style,
    slot: Slot,
}

/// Writes the table of a widget.
pub(super) fn write(paper: &mut Paper, widget: &Widget, data: &Data<'_>) {
    let options = ChartOptions::of(&widget.options);
    let formats: Vec<NumberFormat> =
        data.columns.iter().map(|column| measure_format(widget, &column.name, options.format)).collect();
    let style = Style { size: SIZE, weight: Weight::Regular, color: Theme::Light.colors().text };
    let title = widget.title.as_str();
    // The title, the heading and a few rows are on one page; a short table is as a whole.
    let rows = u16::try_from(data.row_count + usize::from(data.totals.is_some())).unwrap_or(u16::MAX);
    let together = if rows <= SHORT_ROWS { rows } else { 3 };
    paper.pages.reserve(56.0 + f32::from(together) * (style.line_height() + 2.0 * ROW_PADDING));
    paper.headings.push(Heading { text: title.to_owned(), page: paper.pages.index(), y: paper.pages.y() });
    let slot = paper.structure.add(heading(2, title), Some(paper.root));
    paper.line(title, title_style(), slot);
    paper.pages.advance(4.0);
    let tables = layout(data, &formats, style);
    let count = tables.len();
    for (index, columns) in tables.into_iter().enumerate() {
        if index > 0 {
            paper.pages.space(14.0);
            paper.pages.reserve(80.0);
            let quiet = Style { color: Theme::Light.colors().quiet_text, ..style };
            let slot = paper.structure.add(Tag::P, Some(paper.root));
            let text = format!("{title}: further columns ({} of {count})", index + 1);
            paper.line(&text, quiet, slot);
        }
        let table = paper.structure.add(Tag::Table, Some(paper.root));
        Table { data, formats: &formats, columns, style, table, body: None }.write(paper);
    }
    if data.row_count == 0 || data.truncated {
        let text = if data.row_count == 0 { NO_DATA } else { MORE_ROWS };
        let quiet = Style { color: Theme::Light.colors().quiet_text, ..style };
        let slot = paper.structure.add(Tag::P, Some(paper.root));
        paper.pages.advance(3.0);
        paper.line(text, quiet, slot);
    }
    paper.pages.advance(20.0);
}

struct Table<'a> {
    data: &'a Data<'a>,
    formats: &'a [NumberFormat],
    columns: Vec<Column>,
    style: Style,
    table: usize,
    body: Option<usize>,
}

impl Table<'_> {
    fn write(&mut self, paper: &mut Paper) {
        let head = paper.structure.add(Tag::THead, Some(self.table));
        let row = paper.structure.add(Tag::TR, Some(head));
        let bold = Style { weight: Weight::Bold, ..self.style };
        let mut heading = Vec::new();
        for column in &self.columns {
            let slot = paper.structure.add(Tag::TH(TableHeaderScope::Column), Some(row));
            let name = self.data.columns.get(column.index).map(|column| humanize(&column.name));
            heading.push(lay(paper, &name.unwrap_or_default(), *column, bold, Some(slot)));
        }
        self.draw(paper, &heading, Rule::Strong);
        for cell in &mut heading {
            // Where it is repeated it is decoration: the structure has it once.
            cell.slot = None;
        }
        self.body = Some(paper.structure.add(Tag::TBody, Some(self.table)));
        for row in 0..self.data.row_count {
            let cells = self.row(paper, |index| self.text(index, row), self.style);
            self.draw_below(paper, &heading, cells, Rule::Light);
        }
        if let Some(totals) = self.data.totals {
            let text = |index: usize| {
                let total = totals.get(index).zip(self.data.columns.get(index)).zip(self.formats.get(index));
                let text =
                    total.and_then(|((of, column), format)| total::text(of, column, *format, self.data));
                Cow::Owned(
                    text.unwrap_or_else(
                        || if self.is_label(index) { TOTAL.to_owned() } else { String::new() },
                    ),
                )
            };
            let cells = self.row(paper, text, bold);
            self.draw_below(paper, &heading, cells, Rule::Total);
        }
    }

    /// What a cell says.
    fn text(&self, index: usize, row: usize) -> Cow<'_, str> {
        if self.data.other_row == Some(row) && self.is_label(index) {
            return Cow::Borrowed(OTHER);
        }
        match (self.data.columns.get(index), self.formats.get(index)) {
            (Some(column), Some(format)) => {
                Cow::Owned(format::value(self.data.value(index, row), column, *format, self.data.zone))
            }
            _ => Cow::Borrowed(""),
        }
    }

    /// Whether a column is the first dimension, where rows of a special kind say what they are.
    fn is_label(&self, index: usize) -> bool {
        self.data.columns.iter().position(|column| column.role == Role::Dimension) == Some(index)
    }

    fn row<'t>(&self, paper: &mut Paper, text: impl Fn(usize) -> Cow<'t, str>, style: Style) -> Vec<Laid> {
        let row = paper.structure.add(Tag::TR, self.body);
        let mut cells = Vec::new();
        for column in &self.columns {
            let slot = paper.structure.add(Tag::TD, Some(row));
            cells.push(lay(paper, &text(column.index), *column, style, Some(slot)));
        }
        cells
    }

    /// Draws a row, on a new page below the heading if need be, and on several if it is higher than that.
    fn draw_below(&self, paper: &mut Paper, heading: &[Laid], mut cells: Vec<Laid>, rule: Rule) {
        let line_height = self.style.line_height();
        let below_heading = BOTTOM - TOP - height(heading);
        let mut is_new_page = false;
        while !paper.pages.fits(height(&cells)) {
            let lines = paper.pages.lines(2.0 * ROW_PADDING, line_height);
            if is_new_page || (height(&cells) > below_heading && lines >= LEAST_LINES) {
                let rest = split_off(&mut cells, lines.max(1));
                self.draw(paper, &cells, Rule::None);
                cells = rest;
            }
            paper.pages.turn();
            self.draw(paper, heading, Rule::Strong);
            is_new_page = true;
        }
        self.draw(paper, &cells, rule);
    }

    fn draw(&self, paper: &mut Paper, cells: &[Laid], rule: Rule) {
        let colors = Theme::Light.colors();
        let height = height(cells);
        let top = paper.pages.y();
        let width = self.columns.iter().map(|column| column.width).sum();
        let mut left = MARGIN;
        for cell in cells {
            let (side, x) = if cell.column.is_number {
                (Side::Right, left + cell.column.width - PADDING)
            } else {
                (Side::Left, left + PADDING)
            };
            let mut y = top + ROW_PADDING + baseline(cell.style);
            for line in &cell.lines {
                let text = line.as_str().into();
                paper.pages.put(Item::Text { text, x, y, side, style: cell.style, slot: cell.slot });
                y += cell.style.line_height();
            }
            left += cell.column.width;
        }
        let line = match rule {
            Rule::None => None,
            Rule::Light => Some((top + height - 0.5, 0.5, colors.grid)),
            Rule::Strong => Some((top + height - 1.0, 1.0, colors.axis)),
            Rule::Total => Some((top - 0.5, 1.0, colors.axis)),
        };
        if let Some((y, thickness, color)) = line {
            paper.pages.put(Item::Box { x: MARGIN, y, width, height: thickness, color });
        }
        paper.pages.advance(height);
    }
}

/// Breaks the text of a cell into lines.
fn lay(paper: &mut Paper, text: &str, column: Column, style: Style, slot: Slot) -> Laid {
    let available = column.width - 2.0 * PADDING;
    let (looked_at, rest) = match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => text.split_at(end),
        None => (text, ""),
    };
    let mut lines = lines(looked_at, available, style);
    if !rest.is_empty() {
        paper.shortened += 1;
        let mark = format!("… {} more characters", rest.chars().count());
        lines.push(shorten(&mark, available.into(), style.size.into(), style.weight).into_owned());
    }
    Laid { lines, column, style, slot }
}

/// The line at a row.
#[derive(Clone, Copy)]
enum Rule {
    /// None: the row goes on on the next page.
    None,
    /// Below a row.
    Light,
    /// Below the heading.
    Strong,
    /// Above the totals.
    Total,
}

/// Takes what is beyond the first lines of each cell.
fn split_off(cells: &mut [Laid], lines: usize) -> Vec<Laid> {
    let rest = |cell: &mut Laid| Laid {
        lines: cell.lines.split_off(lines.min(cell.lines.len())),
        column: cell.column,
        style: cell.style,
        slot: cell.slot,
    };
    cells.iter_mut().map(rest).collect()
}

fn height(cells: &[Laid]) -> f32 {
    let cells = cells.iter().map(|cell| {
        let lines = u16::try_from(cell.lines.len()).unwrap_or(u16::MAX);
        f32::from(lines) * cell.style.line_height()
    });
    cells.fold(0.0, f32::max) + 2.0 * ROW_PADDING
}

impl Paper {
    /// Writes one line over the whole width, shortened if need be.
    fn line(&mut self, text: &str, style: Style, slot: usize) {
        let text = shorten(text, CONTENT_WIDTH.into(), style.size.into(), style.weight);
        self.pages.reserve(style.line_height());
        let y = self.pages.y() + baseline(style);
        let text = text.as_ref().into();
        self.pages.put(Item::Text { text, x: MARGIN, y, side: Side::Left, style, slot: Some(slot) });
        self.pages.advance(style.line_height());
    }
}
