//! The first part of the first page: what the report is about.

use krilla::tagging::Tag;

use super::Paper;
use super::page::{CONTENT_WIDTH, Item, MARGIN, Side, Style};
use super::paragraph::{baseline, lines};
use super::structure::heading;
use crate::font::Weight;
use crate::report::Report;
use crate::theme::Theme;

/// Where what is said about a label begins.
const FACTS: f32 = 84.0;

/// How many lines a fact or the description has at most: filters can be many.
const MAX_LINES: usize = 20;

/// Writes it.
pub(super) fn write(paper: &mut Paper, report: &Report<'_>) {
    let colors = Theme::Light.colors();
    let title = Style { size: 22.0, weight: Weight::Bold, color: colors.text };
    let body = Style { size: 10.0, weight: Weight::Regular, color: colors.text };
    let label = Style { color: colors.quiet_text, ..body };

    let slot = paper.structure.add(heading(1, report.title), Some(paper.root));
    paper.text(report.title, MARGIN, CONTENT_WIDTH, title, slot);
    if !report.description.trim().is_empty() {
        paper.pages.advance(2.0);
        let slot = paper.structure.add(Tag::P, Some(paper.root));
        paper.text(report.description, MARGIN, CONTENT_WIDTH, label, slot);
    }
    paper.pages.advance(10.0);
    for (name, text) in report.facts() {
        let slot = paper.structure.add(Tag::P, Some(paper.root));
        paper.pages.reserve(label.line_height());
        let y = paper.pages.y() + baseline(label);
        let item =
            Item::Text { text: name.into(), x: MARGIN, y, side: Side::Left, style: label, slot: Some(slot) };
        paper.pages.put(item);
        paper.text(&text, MARGIN + FACTS, CONTENT_WIDTH - FACTS, body, slot);
    }
    paper.pages.advance(10.0);
    let y = paper.pages.y();
    paper.pages.put(Item::Box { x: MARGIN, y, width: CONTENT_WIDTH, height: 0.75, color: colors.axis });
    paper.pages.advance(18.0);
}

impl Paper {
    /// Writes a text, line by line.
    fn text(&mut self, text: &str, x: f32, width: f32, style: Style, slot: usize) {
        let mut lines = lines(text, width, style);
        if lines.len() > MAX_LINES {
            lines.truncate(MAX_LINES);
            lines.push("…".to_owned());
            self.shortened += 1;
        }
        for line in lines {
            self.pages.reserve(style.line_height());
            let y = self.pages.y() + baseline(style);
            let item = Item::Text { text: line.into(), x, y, side: Side::Left, style, slot: Some(slot) };
            self.pages.put(item);
            self.pages.advance(style.line_height());
        }
    }
}
