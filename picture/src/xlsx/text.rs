//! Texts that a spreadsheet can hold.

use std::borrow::Cow;

/// The UTF-16 units that a cell holds.
pub(super) const MAX_UNITS: usize = 32_767;

/// What is at the end of a text that was cut.
const CUT: &str = "… [cut]";

/// A text without the characters that XML forbids: each is replaced by the sign for that. Tabs and line breaks stay.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_forbidden) {
        Cow::Owned(text.replace(is_forbidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as a cell holds it, and whether it had to be cut.
pub(super) fn fit(text: &str) -> (Cow<'_, str>, bool) {
    let text = clean(text);
    // No character has fewer bytes than UTF-16 units.
    if text.len() <= MAX_UNITS || text.encode_utf16().count() <= MAX_UNITS {
        return (text, false);
    }
    let kept = prefix(&text, MAX_UNITS - CUT.encode_utf16().count());
    (Cow::Owned(format!("{kept}{CUT}")), true)
}

/// The beginning of a text that has at most so many UTF-16 units.
pub(super) fn prefix(text: &str, max_units: usize) -> &str {
    let mut units = 0;
    for (index, character) in text.char_indices() {
        units += character.len_utf16();
        if units > max_units {
            return &text[..index];
        }
    }
    text
}

fn is_forbidden(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_replaced() {
        assert_eq!(clean("a\u{0}b\u{1f}\u{ffff}\t\r\n"), "a\u{fffd}b\u{fffd}\u{fffd}\t\r\n");
        assert!(matches!(clean("plain 🎉"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let emoji = "🎉".repeat(MAX_UNITS);
        let (cut, is_cut) = fit(&emoji);
        assert!(is_cut);
        assert!(cut.ends_with(CUT));
        assert!(cut.encode_utf16().count() <= MAX_UNITS);
        let longest = "é".repeat(MAX_UNITS);
        assert_eq!(fit(&longest), (Cow::Borrowed(longest.as_str()), false));
    }
}
