//! What a widget that is no table looks like on paper: its title and a drawing, a text, or why there is nothing.

use krilla::tagging::{Tag, TagKind};
use shared::model::dashboard::WidgetType;

use super::page::{BOTTOM, Item, Style, TOP};
use super::paragraph::{Line, lines, markdown};
use super::structure::{Structure, heading};
use crate::chart::Content;
use crate::font::Weight;
use crate::options::ChartOptions;
use crate::report::Part;
use crate::theme::Theme;
use crate::{Size, chart};

/// Pixels of a drawing to a point: its text of 12 pixels is set in 9 points.
const PIXELS_PER_POINT: f32 = 4.0 / 3.0;

/// How high a row of the dashboard is, in points.
const GRID_ROW: f32 = 42.0;

/// The least and the greatest height of a drawing, in points.
const HEIGHTS: (f32, f32) = (130.0, 480.0);

/// How high the number of a metric is drawn, in points.
const METRIC_HEIGHT: f32 = 72.0;

/// Room between the edge of a card and what is in it.
const PADDING: f32 = 10.0;

/// How many lines a title or the reason of a failure has.
const MAX_LINES: usize = 6;

/// A widget as it is put on a page: things from the upper left corner.
pub(super) struct Block {
    pub(super) height: f32,
    pub(super) items: Vec<Item>,
    pub(super) title: String,
}

/// How a title of a widget looks.
pub(super) fn title_style() -> Style {
    Style { size: 11.0, weight: Weight::Bold, color: Theme::Light.colors().text }
}

impl Block {
    /// The block of a widget, so wide.
    pub(super) fn of(part: Part<'_>, width: f32, structure: &mut Structure, root: usize) -> Self {
        let title = part.widget.title.as_str();
        let is_card = part.widget.widget_type == WidgetType::Metric;
        let inset = if is_card { PADDING } else { 0.0 };
        let mut block = Self { height: inset, items: Vec::new(), title: title.to_owned() };
        let slot = structure.add(heading(2, title), Some(root));
        let style = if is_card {
            Style { size: 9.0, weight: Weight::Regular, color: Theme::Light.colors().quiet_text }
        } else {
            title_style()
        };
        block.text(title, inset, width - 2.0 * inset, style, slot);
        block.height += 4.0;
        match part.content {
            Content::Failure(reason) => block.failure(reason, inset, width - 2.0 * inset, structure, root),
            Content::Text => {
                let text = ChartOptions::of(&part.widget.options).text;
                let mut slot = None;
                for line in markdown(&text, width) {
                    if line.begins {
                        slot = Some(structure.add(Tag::P, Some(root)));
                    }
                    block.items.push(line.item(0.0, block.height, slot));
                    block.height += line.height();
                }
            }
            Content::Data(_) => {
                let height = if is_card { METRIC_HEIGHT } else { drawing_height(part, width) };
                block.drawing(part, (inset, width - 2.0 * inset), height, structure, root);
            }
        }
        if is_card {
            block.height += PADDING;
            block.frame(width);
        }
        block
    }

    fn text(&mut self, text: &str, x: f32, width: f32, style: Style, slot: usize) {
        let mut lines = lines(text, width, style);
        if lines.len() > MAX_LINES {
            lines.truncate(MAX_LINES);
            lines.push("…".to_owned());
        }
        for text in lines {
            let line = Line { text, x, style, space: 0.0, begins: false };
            self.items.push(line.item(0.0, self.height, Some(slot)));
            self.height += line.height();
        }
    }

    fn failure(&mut self, reason: &str, x: f32, width: f32, structure: &mut Structure, root: usize) {
        let colors = Theme::Light.colors();
        let strong = Style { size: 9.5, weight: Weight::Bold, color: colors.text };
        let style = Style { size: 9.5, weight: Weight::Regular, color: colors.text };
        let slot = structure.add(Tag::P, Some(root));
        let top = self.height;
        let ground = self.items.len();
        self.height += PADDING;
        self.text("This could not be shown.", x + PADDING, width - 2.0 * PADDING, strong, slot);
        self.text(reason, x + PADDING, width - 2.0 * PADDING, style, slot);
        self.height += PADDING;
        let height = self.height - top;
        self.items.insert(ground, Item::Box { x, y: top, width, height, color: colors.track });
        self.items.insert(ground + 1, Item::Box { x, y: top, width: 3.0, height, color: colors.down });
    }

    fn drawing(
        &mut self,
        part: Part<'_>,
        (x, width): (f32, f32),
        height: f32,
        structure: &mut Structure,
        root: usize,
    ) {
        let size = Size { width: pixels(width), height: pixels(height) };
        let svg = chart(part.widget, part.content, size, Theme::Light, false);
        let description = description(&svg).unwrap_or_else(|| part.widget.title.as_str().to_owned());
        let slot = structure.add(TagKind::from(Tag::Figure(Some(description))), Some(root));
        self.items.push(Item::Drawing {
            svg: svg.into(),
            x,
            y: self.height,
            width,
            height,
            slot: Some(slot),
        });
        self.height += height;
        if let Content::Data(data) = part.content
            && data.truncated
        {
            let style = Style { size: 8.0, weight: Weight::Regular, color: Theme::Light.colors().quiet_text };
            let slot = structure.add(Tag::P, Some(root));
            self.text(super::MORE_ROWS, x, width, style, slot);
        }
    }

    /// Puts a line around it.
    fn frame(&mut self, width: f32) {
        const LINE: f32 = 0.75;
        let color = Theme::Light.colors().grid;
        let height = self.height;
        let mut line = |x, y, width, height| self.items.push(Item::Box { x, y, width, height, color });
        line(0.0, 0.0, width, LINE);
        line(0.0, height - LINE, width, LINE);
        line(0.0, 0.0, LINE, height);
        line(width - LINE, 0.0, LINE, height);
    }
}

/// How high a drawing is: as on the dashboard, but not too flat to be read and not higher than a page.
fn drawing_height(part: Part<'_>, width: f32) -> f32 {
    let rows = u16::try_from(part.widget.position.height).map_or(f32::MAX, f32::from);
    let page = BOTTOM - TOP - 60.0;
    // A gauge is half a circle: more height would be empty.
    let most = if part.widget.widget_type == WidgetType::Gauge { width * 0.8 } else { width * 1.5 };
    (rows * GRID_ROW).clamp(HEIGHTS.0, HEIGHTS.1.min(page)).min(most)
}

/// Pixels of a drawing that is so long on paper.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page has some hundred points")]
fn pixels(points: f32) -> u32 {
    (points * PIXELS_PER_POINT).round() as u32
}

/// What a drawing says about itself in its `<desc>`.
fn description(svg: &str) -> Option<String> {
    let document = usvg::roxmltree::Document::parse(svg).ok()?;
    let description = document.descendants().find(|node| node.tag_name().name() == "desc")?;
    description.text().map(str::to_owned).filter(|text| !text.trim().is_empty())
}
