//! How wide characters are.

use std::sync::atomic::{AtomicU16, Ordering};

use super::faces::{Face, Parsed, Weight, parsed};

/// Widths are kept in thousandths of the size of the text.
const EM: u16 = 1_000;

/// How wide the box is that stands for a character that no face has.
const MISSING: u16 = 600;

/// Characters below this are looked up once: Latin, Greek, Cyrillic, Hebrew and Arabic.
const CACHED: usize = 0x600;

const UNKNOWN: u16 = u16::MAX;

static CACHE: [[AtomicU16; CACHED]; 2] = [const { [const { AtomicU16::new(UNKNOWN) }; CACHED] }; 2];

/// Whether a face has the character. What is never seen, like a joiner, counts as covered.
pub fn covers(character: char) -> bool {
    is_invisible(character) || find(character, Weight::Regular).is_some()
}

/// The face that a character is set in. None where none has it.
pub fn face_for(character: char, weight: Weight) -> Option<&'static Face> {
    find(character, weight).map(|(parsed, _)| parsed.face)
}

/// How wide a text is, in the unit of `size`, without kerning and ligatures: what is drawn is hardly ever wider.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let thousandths: u32 = text.chars().map(|character| u32::from(advance(character, weight))).sum();
    f64::from(thousandths) * size / f64::from(EM)
}

/// How wide a character is, in thousandths of the size.
pub(super) fn advance(character: char, weight: Weight) -> u16 {
    let slots = &CACHE[usize::from(weight == Weight::Bold)];
    let Some(slot) = slots.get(character as usize) else { return measure(character, weight) };
    let cached = slot.load(Ordering::Relaxed);
    if cached != UNKNOWN {
        return cached;
    }
    let measured = measure(character, weight);
    slot.store(measured, Ordering::Relaxed);
    measured
}

fn measure(character: char, weight: Weight) -> u16 {
    if is_invisible(character) {
        return 0;
    }
    let Some((parsed, glyph)) = find(character, weight) else { return MISSING };
    let advance = u32::from(parsed.tables.glyph_hor_advance(glyph).unwrap_or_default());
    let thousandths = advance * u32::from(EM) / u32::from(parsed.tables.units_per_em().max(1));
    u16::try_from(thousandths).unwrap_or(EM)
}

fn find(character: char, weight: Weight) -> Option<(&'static Parsed, ttf_parser::GlyphId)> {
    let has = |parsed: &'static Parsed| Some((parsed, parsed.tables.glyph_index(character)?));
    let (latin, others) = parsed().split_at_checked(2)?;
    let first = latin.iter().filter(|parsed| parsed.face.weight == weight);
    first.chain(others).find_map(has)
}

/// Joiners, marks of direction, selectors of variants and other characters that take no room.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("0123456789", 10.0, Weight::Regular) - 57.2).abs() < 0.01);
        assert!(width("Total", 10.0, Weight::Bold) > width("Total", 10.0, Weight::Regular));
        assert!((width("東京", 10.0, Weight::Regular) - 20.0).abs() < f64::EPSILON);
        assert!(width("e\u{301}", 10.0, Weight::Regular) <= width("e", 10.0, Weight::Regular));
    }

    #[test]
    fn scripts_have_a_face() {
        for text in [
            "Größe – Œuvre ąłő €₹₺₽₿",
            "Ελλάδα Россия Україна",
            "العربية עברית हिन्दी ไทย",
            "日本語ひらがなカタカナ 简体中文 繁體中文 한국어",
            "বাংলা தமிழ் తెలుగు ગુજરાતી ਪੰਜਾਬੀ ಕನ್ನಡ മലയാളം",
            "Հայերեն ქართული",
            "→ ▲ ▼ ● ≤ ≥ ≠ ∑ ✓ ★ 😀 👩‍💻 🇩🇪",
        ] {
            for character in text.chars() {
                assert!(covers(character), "{character} {:x}", character as u32);
            }
        }
        assert!(!covers('\u{10ffff}'));
    }

    #[test]
    fn a_character_is_set_in_the_first_face_that_has_it() {
        let family = |character, weight| face_for(character, weight).map(|face| (face.family, face.weight));
        assert_eq!(family('a', Weight::Bold), Some(("Noto Sans", Weight::Bold)));
        assert_eq!(family('東', Weight::Bold), Some(("Noto Sans CJK SC", Weight::Regular)));
        assert_eq!(family('\u{10ffff}', Weight::Regular), None);
    }
}
