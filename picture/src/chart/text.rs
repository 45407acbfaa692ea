//! Text: paragraphs, headings, lists and bold words, as people write them in Markdown. Everything else stays as it is written.

use super::scene::{Scene, TEXT};
use crate::font::{self, Weight};

/// How high a line is, as a multiple of the size of its text.
const LINE: f64 = 1.5;

/// The size of running text, in pixels.
const BODY: f64 = TEXT + 1.0;

/// How far items of lists are moved in, in pixels.
const INDENT: f64 = 16.0;

/// What a line of the source is.
struct Block<'a> {
    text: &'a str,
    size: f64,
    is_heading: bool,
    is_item: bool,
}

/// Words of one weight.
struct Piece<'a> {
    text: &'a str,
    weight: Weight,
}

pub(super) fn draw(scene: &mut Scene<'_>) {
    let text = std::mem::take(&mut scene.options.text);
    let area = scene.area;
    let mut y = area.top;
    for line in text.lines() {
        if y >= area.bottom {
            break;
        }
        if line.trim().is_empty() {
            y += BODY * 0.6;
            continue;
        }
        y = draw_block(scene, &block(line), y);
    }
}

fn block(line: &str) -> Block<'_> {
    let trimmed = line.trim();
    let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&level)
        && let Some(text) = trimmed[level..].strip_prefix(' ')
    {
        let size = match level {
            1 => 20.0,
            2 => 16.0,
            _ => 14.0,
        };
        return Block { text: text.trim(), size, is_heading: true, is_item: false };
    }
    match trimmed.strip_prefix("- ").or_else(|| trimmed.strip_prefix("* ")) {
        Some(text) => Block { text: text.trim(), size: BODY, is_heading: false, is_item: true },
        None => Block { text: trimmed, size: BODY, is_heading: false, is_item: false },
    }
}

/// Words between two `**` are bold.
fn pieces<'a>(block: &Block<'a>) -> Vec<Piece<'a>> {
    if block.is_heading {
        return vec![Piece { text: block.text, weight: Weight::Bold }];
    }
    let parts: Vec<&str> = block.text.split("**").collect();
    // Without its partner, a mark is what it is.
    let is_paired = parts.len() % 2 == 1;
    if !is_paired {
        return vec![Piece { text: block.text, weight: Weight::Regular }];
    }
    let weigh = |(index, text): (usize, &'a str)| Piece {
        text,
        weight: if index % 2 == 1 { Weight::Bold } else { Weight::Regular },
    };
    parts.into_iter().enumerate().map(weigh).filter(|piece| !piece.text.is_empty()).collect()
}

/// Writes a block in lines, and returns where the next one begins.
fn draw_block(scene: &mut Scene<'_>, block: &Block<'_>, top: f64) -> f64 {
    let area = scene.area;
    let left = if block.is_item { area.left + INDENT } else { area.left };
    let height = block.size * if block.is_heading { 1.3 } else { LINE };
    let mut y = top + block.size * 0.9;
    scene.svg.tag("g").number("font-size", block.size).open();
    if block.is_item {
        scene
            .svg
            .tag("circle")
            .number("cx", area.left + 5.0)
            .number("cy", y - block.size * 0.33)
            .number("r", 2.0)
            .empty();
    }
    let mut x = left;
    for piece in pieces(block) {
        for (index, line) in lines(&piece, x - left, area.right - left, block.size).into_iter().enumerate() {
            if index > 0 {
                y += height;
                x = left;
            }
            if y > area.bottom {
                break;
            }
            if line.is_empty() {
                continue;
            }
            // Space at the ends of an element is not drawn.
            let space = font::width(&line[..line.len() - line.trim_start().len()], block.size, piece.weight);
            let tag = scene.svg.tag("text").number("x", x + space).number("y", y);
            let tag = if piece.weight == Weight::Bold { tag.set("font-weight", "bold") } else { tag };
            tag.text(line.trim());
            x += font::width(line, block.size, piece.weight);
        }
    }
    scene.close_group();
    y + height - block.size * 0.9 + if block.is_heading { 6.0 } else { 2.0 }
}

/// The lines of words, of which the first begins after what is `used`. It is empty if nothing fits there.
fn lines<'a>(piece: &Piece<'a>, used: f64, available: f64, size: f64) -> Vec<&'a str> {
    let mut lines = Vec::new();
    let mut rest = piece.text;
    if used > 0.0 {
        let mut end = 0;
        let mut width = used;
        for word in piece.text.split_inclusive(' ') {
            width += font::width(word.trim_end(), size, piece.weight);
            if width > available {
                break;
            }
            width += font::width(&word[word.trim_end().len()..], size, piece.weight);
            end += word.len();
        }
        lines.push(&piece.text[..end]);
        rest = &piece.text[end..];
        if rest.is_empty() {
            return lines;
        }
    }
    let mut wrapped = font::wrap(rest, available, size, piece.weight);
    // The space before what follows is part of the last line.
    if let Some(last) = wrapped.pop() {
        let start = last.as_ptr() as usize - rest.as_ptr() as usize;
        wrapped.push(&rest[start..]);
    }
    lines.extend(wrapped);
    lines
}
