//! What the colors stand for.

use super::scene::{SMALL, Scene, TEXT};
use crate::font::{self, Weight};
use crate::theme::Color;

/// How high a row is, in pixels.
const ROW: f64 = 20.0;

/// How wide the square of color is, in pixels.
const SWATCH: f64 = 10.0;

const SWATCH_GAP: f64 = 6.0;
const ENTRY_GAP: f64 = 18.0;
const MAX_ENTRY: f64 = 180.0;
const MAX_ROWS: usize = 2;

/// Draws a legend above what is left of the frame, if it is to be there, and takes its room. By default it is there if there is
/// more than one entry.
pub(super) fn draw(scene: &mut Scene<'_>, entries: &[(&str, Color)]) {
    let has_room = scene.area.height() >= 140.0 && scene.area.width() >= 140.0;
    let is_wanted = scene.options.legend.unwrap_or(entries.len() > 1 && has_room);
    if !is_wanted || entries.is_empty() || scene.area.height() < 80.0 {
        return;
    }
    let rows = lay_out(entries, scene.area.width());
    let shown: usize = rows.iter().map(Vec::len).sum();
    scene.svg.tag("g").set("fill", scene.colors.quiet_text).number("font-size", TEXT).open();
    let (left, mut top) = (scene.area.left, scene.area.top);
    let mut end = left;
    let mut index = 0;
    for row in &rows {
        let mut x = left;
        for text in row {
            square(scene, (x, top + 2.0), entries[index].1);
            let at = (x + SWATCH + SWATCH_GAP, top + SWATCH + 1.0);
            let tag = scene.svg.tag("text").number("x", at.0).number("y", at.1);
            let whole = entries[index].0;
            if text == whole {
                tag.text(text);
            } else {
                tag.titled_text(whole, text);
            }
            x += SWATCH + SWATCH_GAP + font::width(text, TEXT, Weight::Regular) + ENTRY_GAP;
            index += 1;
        }
        end = x;
        top += ROW;
    }
    if shown < entries.len() {
        let more = format!("+{} more", entries.len() - shown);
        scene
            .svg
            .tag("text")
            .number("x", end)
            .number("y", top - ROW + SWATCH + 1.0)
            .number("font-size", SMALL)
            .text(&more);
    }
    scene.close_group();
    scene.area.top = top + 6.0;
}

/// Draws the square of a color.
pub(super) fn square(scene: &mut Scene<'_>, (x, y): (f64, f64), color: Color) {
    scene
        .svg
        .tag("rect")
        .number("x", x)
        .number("y", y)
        .number("width", SWATCH)
        .number("height", SWATCH)
        .number("rx", 2.5)
        .set("fill", color)
        .empty();
}

/// The rows of entries that fit, each shortened.
fn lay_out(entries: &[(&str, Color)], available: f64) -> Vec<Vec<String>> {
    const MORE: f64 = 60.0;
    let mut rows: Vec<Vec<String>> = vec![Vec::new()];
    let mut used = 0.0;
    let longest = MAX_ENTRY.min(available - SWATCH - SWATCH_GAP);
    for (index, (name, _)) in entries.iter().enumerate() {
        let text = font::shorten(name, longest, TEXT, Weight::Regular).into_owned();
        let width = SWATCH + SWATCH_GAP + font::width(&text, TEXT, Weight::Regular);
        let reserved = if rows.len() == MAX_ROWS && index + 1 < entries.len() { MORE } else { 0.0 };
        if used > 0.0 && used + width + reserved > available {
            if rows.len() == MAX_ROWS {
                break;
            }
            rows.push(Vec::new());
            used = 0.0;
        }
        used += width + ENTRY_GAP;
        if let Some(row) = rows.last_mut() {
            row.push(text);
        }
    }
    rows
}
