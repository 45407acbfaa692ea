//! What is on the pages, before it is drawn: a page cannot say how many there are before all are known.

use crate::font::{Weight, width};
use crate::theme::Color;

/// The width of A4, in points.
pub(super) const WIDTH: f32 = 595.0;

/// The height of A4, in points.
pub(super) const HEIGHT: f32 = 842.0;

/// The margins left and right.
pub(super) const MARGIN: f32 = 42.0;

/// Where content begins.
pub(super) const TOP: f32 = 48.0;

/// Where content ends. Below is the footer.
pub(super) const BOTTOM: f32 = HEIGHT - 56.0;

/// The baseline of the footer.
pub(super) const FOOTER: f32 = HEIGHT - 30.0;

/// How wide content is.
pub(super) const CONTENT_WIDTH: f32 = WIDTH - 2.0 * MARGIN;

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// In points.
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) color: Color,
}

impl Style {
    /// From one baseline to the next.
    pub(super) fn line_height(self) -> f32 {
        (self.size * 1.36).ceil()
    }

    /// How wide a text is, in points.
    pub(super) fn width(self, text: &str) -> f32 {
        narrow(width(text, self.size.into(), self.weight))
    }
}

/// Which side of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A place in the structure of the document that a thing on a page belongs to. None: it is decoration.
pub(super) type Slot = Option<usize>;

/// A thing on a page. Places are in points from the page's upper left corner.
#[derive(Debug)]
pub(super) enum Item {
    /// A line of text at its baseline.
    Text { text: Box<str>, x: f32, y: f32, side: Side, style: Style, slot: Slot },
    /// A filled rectangle.
    Box { x: f32, y: f32, width: f32, height: f32, color: Color },
    /// A drawing.
    Drawing { svg: Box<str>, x: f32, y: f32, width: f32, height: f32, slot: Slot },
}

impl Item {
    /// Moves it.
    pub(super) fn shift(&mut self, dx: f32, dy: f32) {
        let (Self::Text { x, y, .. } | Self::Box { x, y, .. } | Self::Drawing { x, y, .. }) = self;
        *x += dx;
        *y += dy;
    }
}

/// The pages, and how far down the last one is filled.
#[derive(Debug)]
pub(super) struct Pages {
    pages: Vec<Vec<Item>>,
    y: f32,
}

impl Pages {
    pub(super) fn new() -> Self {
        Self { pages: vec![Vec::new()], y: TOP }
    }

    /// Where the next thing goes, in points from above.
    pub(super) fn y(&self) -> f32 {
        self.y
    }

    /// The index of the page that is being filled.
    pub(super) fn index(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Whether so much fits below.
    pub(super) fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// How many lines of that height fit below, beside so much else.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a page has fewer than a thousand lines"
    )]
    pub(super) fn lines(&self, else_height: f32, line_height: f32) -> usize {
        ((BOTTOM - self.y - else_height) / line_height).max(0.0) as usize
    }

    /// Makes sure that so much fits below, on a new page if need be. A new page is as high as there is.
    pub(super) fn reserve(&mut self, height: f32) {
        if !self.fits(height) && self.y > TOP {
            self.turn();
        }
    }

    /// Begins a new page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Moves down, at most to the page's end.
    pub(super) fn advance(&mut self, height: f32) {
        self.y += height;
    }

    /// Leaves room, but not above everything else on a page.
    pub(super) fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// Puts a thing on the page that is being filled.
    pub(super) fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    pub(super) fn into_pages(self) -> Vec<Vec<Item>> {
        self.pages
    }
}

/// A distance as drawings have it. Those on a page are far below what this cannot hold.
#[expect(clippy::cast_possible_truncation, reason = "distances on a page need no more digits")]
pub(super) fn narrow(distance: f64) -> f32 {
    distance as f32
}
