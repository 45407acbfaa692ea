//! What stands in a frame where there is no picture.

use super::scene::{Scene, TEXT};
use crate::font::{self, Weight};

pub(super) const NO_DATA: &str = "No data";

/// How high a line of a message is, in pixels.
const LINE: f64 = 18.0;

/// Writes a message in the middle of what is left of the frame.
pub(super) fn message(scene: &mut Scene<'_>, text: &str) {
    let available = scene.area.width().min(420.0);
    let mut lines = font::wrap(text, available, TEXT + 1.0, Weight::Regular);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture has few lines")]
    let fitting = ((scene.area.height() / LINE) as usize).clamp(1, 6);
    let is_cut = lines.len() > fitting;
    lines.truncate(fitting);
    let (x, middle) = scene.area.center();
    // At most six lines.
    let below_first = f64::from(u8::try_from(lines.len().saturating_sub(1)).unwrap_or_default()) * LINE;
    let mut y = middle - below_first / 2.0 + TEXT * 0.35;
    scene
        .svg
        .tag("g")
        .set("fill", scene.colors.quiet_text)
        .number("font-size", TEXT + 1.0)
        .set("text-anchor", "middle")
        .open();
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.into_iter().enumerate() {
        let tag = scene.svg.tag("text").number("x", x).number("y", y);
        if index == last && is_cut {
            let cut = font::shorten(line, available - TEXT, TEXT + 1.0, Weight::Regular);
            tag.titled_text(text, &format!("{}…", cut.trim_end_matches('…')));
        } else {
            tag.text(line);
        }
        y += LINE;
    }
    scene.close_group();
}

/// Writes a quiet note at the bottom of what is left of the frame, and takes its room.
pub(super) fn note(scene: &mut Scene<'_>, text: &str) {
    let at = (scene.area.left, scene.area.bottom);
    let available = scene.area.width();
    scene.open_labels(super::scene::Anchor::Start);
    scene.label(text, at, available, super::scene::SMALL, Weight::Regular);
    scene.close_group();
    scene.area.bottom -= 20.0;
}
