//! Fitting text into a width.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;

use super::faces::Weight;
use super::width::width;

const ELLIPSIS: &str = "…";

/// The text, or as much of its beginning as fits the width, with "…" behind it. What is seen as one character is never split. Empty
/// if not even the "…" fits.
pub fn shorten(text: &str, available: f64, size: f64, weight: Weight) -> Cow<'_, str> {
    let ellipsis = width(ELLIPSIS, size, weight);
    let (mut used, mut kept) = (0.0, 0);
    for (start, grapheme) in text.grapheme_indices(true) {
        if used + ellipsis <= available {
            kept = start;
        }
        used += width(grapheme, size, weight);
        if used > available {
            return Cow::Owned(if ellipsis > available {
                String::new()
            } else {
                format!("{}{ELLIPSIS}", text[..kept].trim_end())
            });
        }
    }
    Cow::Borrowed(text)
}

/// The lines of a paragraph that fit the width: broken between words, and within a word that is wider than a line.
pub fn wrap(text: &str, available: f64, size: f64, weight: Weight) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    for (index, piece) in text.split_word_bound_indices() {
        let piece_width = width(piece, size, weight);
        let is_space = piece.trim().is_empty();
        if used + piece_width > available && index > start && !is_space {
            lines.push(text[start..index].trim());
            (start, used) = (index, 0.0);
        }
        if piece_width <= available || is_space {
            used += piece_width;
            continue;
        }
        for (offset, grapheme) in piece.grapheme_indices(true) {
            let grapheme_width = width(grapheme, size, weight);
            if used + grapheme_width > available && index + offset > start {
                lines.push(text[start..index + offset].trim());
                (start, used) = (index + offset, 0.0);
            }
            used += grapheme_width;
        }
    }
    let rest = text[start..].trim();
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str, available: f64) -> Cow<'_, str> {
        shorten(text, available, 10.0, Weight::Regular)
    }

    #[test]
    fn what_fits_stays() {
        assert_eq!(short("Germany", 100.0), "Germany");
        assert_eq!(short("", 0.0), "");
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis_and_fits() {
        let long = "A very long name of a product ".repeat(300);
        for available in [9.0, 10.0, 30.0, 77.0, 200.0] {
            let short = short(&long, available);
            assert!(short.ends_with('…'), "{short}");
            assert!(width(&short, 10.0, Weight::Regular) <= available, "{short}");
        }
        assert_eq!(short("Germany", 1.0), "");
    }

    #[test]
    fn what_is_seen_as_one_character_is_not_split() {
        let family = "👩‍👩‍👧‍👦";
        for available in 0..90 {
            let text = format!("e\u{301}{family}x{family}");
            let short = short(&text, f64::from(available)).into_owned();
            let kept = short.trim_end_matches('…');
            let whole = text.grapheme_indices(true).any(|(start, _)| start == kept.len()) || kept == text;
            assert!(whole, "{short:?}");
        }
    }

    #[test]
    fn paragraphs_are_broken_between_words() {
        let lines = wrap("The quick brown fox jumps over the lazy dog", 80.0, 10.0, Weight::Regular);
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), "The quick brown fox jumps over the lazy dog");
        let word = "x".repeat(1_000);
        let lines = wrap(&word, 80.0, 10.0, Weight::Regular);
        assert!(lines.iter().all(|line| width(line, 10.0, Weight::Regular) <= 80.0));
        assert_eq!(lines.concat().len(), 1_000);
        assert!(wrap("  ", 80.0, 10.0, Weight::Regular).is_empty());
    }
}
