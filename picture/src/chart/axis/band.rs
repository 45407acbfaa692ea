//! Labels of categories: horizontal where they fit, else in two lines, slanted, or only some of them.

use crate::font::{self, Weight};

/// How labels of categories are written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BandLabels {
    /// The labels: at which category each is, and its lines.
    pub(crate) labels: Vec<(usize, Vec<String>)>,
    /// Whether they are slanted.
    pub(crate) is_slanted: bool,
    /// How much room they take below the axis, in pixels.
    pub(crate) height: f64,
}

/// The slant of labels, in degrees.
pub(crate) const SLANT: f64 = 40.0;

/// How wide a slanted label is at most, in pixels.
const MAX_SLANTED: f64 = 120.0;

/// How far apart slanted labels are at least, in pixels.
const SLANTED_GAP: f64 = 23.0;

/// How far apart horizontal labels are at least, in pixels.
const GAP: f64 = 10.0;

/// Labels for categories of which each has `band` pixels, in `size`, with at most `height` pixels below the axis.
pub(crate) fn labels(texts: &[&str], band: f64, size: f64, height: f64) -> BandLabels {
    let line = size * 1.3;
    let width = |text: &str| font::width(text, size, Weight::Regular);
    let width_of = |text: &str| if head(text) == text { width(text) } else { f64::MAX };
    let widest = texts.iter().map(|text| width_of(text)).fold(0.0, f64::max);
    let every = |step: usize, write: &dyn Fn(&str) -> Vec<String>| {
        texts.iter().enumerate().step_by(step).map(|(index, text)| (index, write(text))).collect::<Vec<_>>()
    };
    let straight = |labels, lines: f64| BandLabels { labels, is_slanted: false, height: line * lines };
    if widest + GAP <= band {
        return straight(every(1, &|text| vec![text.to_owned()]), 1.0);
    }
    let wrapped = |text: &str| -> Vec<String> {
        font::wrap(text, band - GAP, size, Weight::Regular).into_iter().map(str::to_owned).collect()
    };
    let breaks_between_words = |text: &str| {
        text.split_whitespace().all(|word| width(head(word)) <= band - GAP) && wrapped(text).len() <= 2
    };
    if band >= 40.0 && height >= line * 2.0 && texts.iter().all(|text| breaks_between_words(text)) {
        return straight(every(1, &wrapped), 2.0);
    }
    // Short labels, like years and numbers, say as much when some are left out.
    let step = step_for(widest + GAP, band);
    if widest <= 44.0 {
        return straight(every(step, &|text| vec![text.to_owned()]), 1.0);
    }
    if band >= 90.0 {
        let short = |text: &str| vec![font::shorten(text, band - GAP, size, Weight::Regular).into_owned()];
        return straight(every(1, &short), 1.0);
    }
    let (sine, _) = SLANT.to_radians().sin_cos();
    let longest = MAX_SLANTED.min((height - line) / sine);
    if longest < 40.0 {
        let step = step_for(80.0, band);
        let available = (band * usize_to_f64(step) - GAP).max(20.0);
        let short = |text: &str| vec![font::shorten(text, available, size, Weight::Regular).into_owned()];
        return straight(every(step, &short), 1.0);
    }
    let step = step_for(SLANTED_GAP, band);
    let short = |text: &str| vec![font::shorten(text, longest, size, Weight::Regular).into_owned()];
    let labels = every(step, &short);
    let widest = labels.iter().flat_map(|(_, lines)| lines).map(|text| width(text)).fold(0.0, f64::max);
    BandLabels { labels, is_slanted: true, height: widest * sine + line }
}

/// As much of a label as is measured: what is longer never fits.
fn head(text: &str) -> &str {
    text.char_indices().nth(80).map_or(text, |(end, _)| &text[..end])
}

fn step_for(width: f64, band: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small and positive")]
    let step = (width / band.max(0.01)).ceil() as usize;
    step.max(1)
}

#[expect(clippy::cast_precision_loss, reason = "it counts categories")]
fn usize_to_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_written_as_they_fit() {
        let short = labels(&["DE", "FR"], 100.0, 11.0, 100.0);
        assert!(!short.is_slanted && short.labels.len() == 2);
        let words = labels(&["Home and garden", "Sports and leisure"], 70.0, 11.0, 100.0);
        assert_eq!(words.labels[0].1.len(), 2);
        let long = labels(&["Internationalization", "Telecommunication"], 50.0, 11.0, 140.0);
        assert!(long.is_slanted);
        let years: Vec<String> = (1900..2000).map(|year| year.to_string()).collect();
        let years: Vec<&str> = years.iter().map(String::as_str).collect();
        let thinned = labels(&years, 6.0, 11.0, 100.0);
        assert!(!thinned.is_slanted && thinned.labels.len() < 20);
        let endless = "x".repeat(10_000);
        let endless = labels(&[&endless, &endless], 100.0, 11.0, 100.0);
        assert!(endless.labels[0].1[0].ends_with('…'));
    }
}
