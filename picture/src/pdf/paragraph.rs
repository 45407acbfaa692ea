//! Text that is broken into lines.

use std::borrow::Cow;

use super::page::{Item, Side, Slot, Style};
use crate::font::{Weight, wrap};
use crate::theme::Theme;

/// How large running text is, in points.
const TEXT_SIZE: f32 = 9.5;

/// How far the items of a list are moved to the right.
const INDENT: f32 = 12.0;

/// The lines of a text that fit a width.
pub(super) fn lines(text: &str, available: f32, style: Style) -> Vec<String> {
    if !text.contains(['\n', '\r']) && style.width(text) <= available {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let wrapped = wrap(paragraph, available.into(), style.size.into(), style.weight);
        if wrapped.is_empty() {
            lines.push(String::new());
        }
        lines.extend(wrapped.into_iter().map(str::to_owned));
    }
    lines
}

/// A line with its place from the upper left corner of what it is in.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) x: f32,
    pub(super) style: Style,
    /// From the line above.
    pub(super) space: f32,
    /// Whether it is the first of a paragraph.
    pub(super) begins: bool,
}

impl Line {
    pub(super) fn height(&self) -> f32 {
        self.space + self.style.line_height()
    }

    /// The line as a thing on a page, whose top is at `y`.
    pub(super) fn item(&self, left: f32, y: f32, slot: Slot) -> Item {
        Item::Text {
            text: self.text.as_str().into(),
            x: left + self.x,
            y: y + self.space + baseline(self.style),
            side: Side::Left,
            style: self.style,
            slot,
        }
    }
}

/// From the top of a line to its baseline.
pub(super) fn baseline(style: Style) -> f32 {
    style.line_height() / 2.0 + style.size * 0.36
}

/// The lines of what a text widget says: paragraphs, headings that begin with `#`, and lists whose items begin with `-` or `*`.
pub(super) fn markdown(text: &str, available: f32) -> Vec<Line> {
    let color = Theme::Light.colors().text;
    let plain = Style { size: TEXT_SIZE, weight: Weight::Regular, color };
    let mut written = Vec::new();
    let mut space = 0.0;
    for paragraph in text.lines() {
        let paragraph = paragraph.trim();
        if paragraph.is_empty() {
            space = 6.0;
            continue;
        }
        let (style, x, text) = match paragraph.split_once(' ') {
            Some(("#", text)) => {
                (Style { size: 13.0, weight: Weight::Bold, color }, 0.0, Cow::Borrowed(text))
            }
            Some((marks, text)) if marks.bytes().all(|byte| byte == b'#') && marks.len() <= 6 => {
                (Style { size: 11.0, weight: Weight::Bold, color }, 0.0, Cow::Borrowed(text))
            }
            Some(("-" | "*", text)) => (plain, INDENT, Cow::Owned(format!("• {text}"))),
            _ => (plain, 0.0, Cow::Borrowed(paragraph)),
        };
        let text = text.replace("**", "");
        for (index, text) in lines(&text, available - x, style).into_iter().enumerate() {
            let space = if index == 0 { std::mem::take(&mut space) } else { 0.0 };
            written.push(Line { text, x, style, space, begins: index == 0 });
        }
    }
    written
}
