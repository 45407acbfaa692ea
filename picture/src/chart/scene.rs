//! What every drawing is drawn into: the document, the colors, and the room that is left.

use shared::model::dashboard::{Widget, WidgetType};

use super::{MAX_SIDE, MIN_SIDE, Size};
use crate::font::{self, FAMILIES, Weight};
use crate::options::ChartOptions;
use crate::svg::Svg;
use crate::theme::{Color, Colors, Theme};

/// The size of most text, in pixels.
pub(super) const TEXT: f64 = 12.0;

/// The size of labels of axes, in pixels.
pub(super) const SMALL: f64 = 11.0;

const TITLE: f64 = 15.0;

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(self) -> f64 {
        (self.right - self.left).max(1.0)
    }

    pub(super) fn height(self) -> f64 {
        (self.bottom - self.top).max(1.0)
    }

    pub(super) fn center(self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }
}

/// A drawing in the making.
pub(super) struct Scene<'a> {
    pub(super) svg: Svg,
    pub(super) widget: &'a Widget,
    pub(super) options: ChartOptions,
    pub(super) colors: &'static Colors,
    /// What is not drawn on yet.
    pub(super) area: Area,
    width: u32,
    height: u32,
}

/// Where text stands on its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The value of `text-anchor`; none for its default.
    pub(super) fn keyword(self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Middle => Some("middle"),
            Self::End => Some("end"),
        }
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(widget: &'a Widget, size: Size, theme: Theme) -> Self {
        let (width, height) = (size.width.clamp(MIN_SIDE, MAX_SIDE), size.height.clamp(MIN_SIDE, MAX_SIDE));
        let (right, bottom) = (f64::from(width), f64::from(height));
        let margin = if right.min(bottom) < 200.0 { 10.0 } else { 20.0 };
        let area = Area { left: margin, top: margin, right: right - margin, bottom: bottom - margin };
        let options = ChartOptions::of(&widget.options);
        let svg = Svg::with_capacity(16_384);
        Self { svg, widget, options, colors: theme.colors(), area, width, height }
    }

    /// An id that no other picture of the dashboard has.
    pub(super) fn id(&self, name: &str) -> String {
        format!("w{}-{name}", self.widget.id.unwrap_or_default())
    }

    /// Begins the document with what is read aloud of it.
    pub(super) fn begin(&mut self, description: &str) {
        let (title, summary) = (self.id("title"), self.id("description"));
        self.svg
            .tag("svg")
            .set("xmlns", "http://www.w3.org/2000/svg")
            .set("width", self.width)
            .set("height", self.height)
            .set("viewBox", format_args!("0 0 {} {}", self.width, self.height))
            .set("role", "img")
            .set("aria-labelledby", format_args!("{title} {summary}"))
            .set("font-family", FAMILIES)
            .number("font-size", TEXT)
            .set("fill", self.colors.text)
            .open();
        self.svg.tag("title").set("id", title).text(self.widget.title.as_str());
        self.svg.tag("desc").set("id", summary).text(description);
    }

    /// Draws what is behind everything, and the title if told so.
    pub(super) fn draw_ground(&mut self, title: bool) {
        self.svg
            .tag("rect")
            .set("width", self.width)
            .set("height", self.height)
            .set("fill", self.colors.ground)
            .empty();
        let is_text = self.widget.widget_type == WidgetType::Text;
        if !title || (is_text && self.options.text.trim_start().starts_with('#')) {
            return;
        }
        let size = if self.area.height() < 160.0 { 13.0 } else { TITLE };
        let text = font::shorten(self.widget.title.as_str(), self.area.width(), size, Weight::Bold);
        self.svg
            .tag("text")
            .number("x", self.area.left)
            .number("y", self.area.top + size * 0.85)
            .number("font-size", size)
            .set("font-weight", "bold")
            .text(&text);
        self.area.top += size * 0.85 + if self.area.height() < 160.0 { 14.0 } else { 18.0 };
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> String {
        self.svg.close("svg");
        self.svg.finish()
    }

    /// Begins a group of small quiet text.
    pub(super) fn open_labels(&mut self, anchor: Anchor) {
        let tag = self.svg.tag("g").set("fill", self.colors.quiet_text).number("font-size", SMALL);
        match anchor.keyword() {
            Some(keyword) => tag.set("text-anchor", keyword).open(),
            None => tag.open(),
        }
    }

    pub(super) fn close_group(&mut self) {
        self.svg.close("g");
    }

    /// Text at a point, in the style of its group, shortened to a width. What is cut off is in its title.
    pub(super) fn label(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        available: f64,
        size: f64,
        weight: Weight,
    ) {
        let short = font::shorten(text, available, size, weight);
        let mut tag = self.svg.tag("text").number("x", x).number("y", y);
        if weight == Weight::Bold {
            tag = tag.set("font-weight", "bold");
        }
        if short == text {
            tag.text(text);
        } else {
            tag.titled_text(text, &short);
        }
    }

    /// A line, in the style of its group.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.svg.tag("line").number("x1", x1).number("y1", y1).number("x2", x2).number("y2", y2).empty();
    }

    /// The color of a series, counted from 0: the client's, or the theme's.
    pub(super) fn series_color(&self, index: usize) -> Color {
        let own = self.options.colors.get(index).copied().flatten();
        own.unwrap_or_else(|| self.colors.of_series(index))
    }
}
