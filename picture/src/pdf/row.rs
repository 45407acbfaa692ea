//! Widgets beside each other. They wait until it is known which others are beside them.

use krilla::tagging::Tag;
use shared::model::dashboard::{Widget, WidgetType};

use super::Paper;
use super::block::{Block, title_style};
use super::page::{BOTTOM, CONTENT_WIDTH, MARGIN, TOP};
use super::paragraph::{Line, lines, markdown};
use super::render::Heading;
use super::structure::heading;
use crate::chart::Content;
use crate::options::ChartOptions;
use crate::report::Part;

/// The dashboard's columns.
const COLUMNS: u16 = 12;

/// Room between widgets, in points.
const GAP: f32 = 16.0;

/// The least columns of what shows one number, and the most.
const NUMBER_COLUMNS: (u16, u16) = (3, 6);

/// Blocks that are beside each other.
#[derive(Default)]
pub(super) struct Row {
    blocks: Vec<(u16, Block)>,
    /// The first row of the dashboard that they are in, and the one behind the last.
    band: (u32, u32),
    used: u16,
}

impl Row {
    /// Adds a widget beside the others, or in a row of its own if it is not beside them on the dashboard or has no room.
    pub(super) fn add(&mut self, paper: &mut Paper, part: Part<'_>) {
        let columns = columns(part.widget);
        let position = part.widget.position;
        let is_beside = position.y < self.band.1 && self.used + columns <= COLUMNS;
        if self.blocks.is_empty() || !is_beside {
            self.place(paper);
            self.band = (position.y, position.y.saturating_add(position.height));
        }
        let width = width(columns);
        if is_longer_than_a_page(part, width) {
            self.place(paper);
            return paper.flow(part);
        }
        let block = Block::of(part, width, &mut paper.structure, paper.root);
        self.blocks.push((columns, block));
        self.used += columns;
    }

    /// Puts the widgets on the page, and begins a new row.
    pub(super) fn place(&mut self, paper: &mut Paper) {
        let row = std::mem::take(self);
        let height = row.blocks.iter().map(|(_, block)| block.height).fold(0.0, f32::max);
        if row.blocks.is_empty() {
            return;
        }
        paper.pages.reserve(height);
        let top = paper.pages.y();
        let mut column = 0;
        for (columns, block) in row.blocks {
            let left = MARGIN + width(column) + if column == 0 { 0.0 } else { GAP };
            paper.headings.push(Heading { text: block.title, page: paper.pages.index(), y: top });
            for mut item in block.items {
                item.shift(left, top);
                paper.pages.put(item);
            }
            column += columns;
        }
        paper.pages.advance(height);
        paper.pages.advance(GAP + 4.0);
    }
}

/// How wide so many columns are, with the gaps between them.
fn width(columns: u16) -> f32 {
    (f32::from(columns) * (CONTENT_WIDTH + GAP) / f32::from(COLUMNS) - GAP).max(0.0)
}

/// How many columns a widget has on paper. What is drawn needs half of it to be read.
fn columns(widget: &Widget) -> u16 {
    let columns = u16::try_from(widget.position.width).unwrap_or(COLUMNS);
    match widget.widget_type {
        WidgetType::Metric | WidgetType::Gauge => columns.clamp(NUMBER_COLUMNS.0, NUMBER_COLUMNS.1),
        _ if columns <= COLUMNS / 2 => COLUMNS / 2,
        _ => COLUMNS,
    }
}

fn is_longer_than_a_page(part: Part<'_>, width: f32) -> bool {
    if !matches!(part.content, Content::Text) {
        return false;
    }
    let text = ChartOptions::of(&part.widget.options).text;
    let height: f32 = markdown(&text, width).iter().map(Line::height).sum();
    height > (BOTTOM - TOP) / 2.0
}

impl Paper {
    /// Writes a text that is too long for a block over the whole width, and over pages.
    fn flow(&mut self, part: Part<'_>) {
        let title = part.widget.title.as_str();
        self.pages.reserve(100.0);
        self.headings.push(Heading { text: title.to_owned(), page: self.pages.index(), y: self.pages.y() });
        let mut slot = self.structure.add(heading(2, title), Some(self.root));
        let style = title_style();
        let mut lines: Vec<Line> = lines(title, CONTENT_WIDTH, style)
            .into_iter()
            .map(|text| Line { text, x: 0.0, style, space: 0.0, begins: false })
            .collect();
        lines.extend(markdown(&ChartOptions::of(&part.widget.options).text, CONTENT_WIDTH));
        for line in lines {
            if line.begins {
                slot = self.structure.add(Tag::P, Some(self.root));
            }
            self.pages.reserve(line.height());
            self.pages.put(line.item(MARGIN, self.pages.y(), Some(slot)));
            self.pages.advance(line.height());
        }
        self.pages.advance(GAP + 4.0);
    }
}
