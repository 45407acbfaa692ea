//! Texts as values: what is a number, a date, a truth value.

pub(crate) mod number;
pub(crate) mod time;

/// Reads `true` or `false`, however they are capitalized.
pub(crate) fn boolean(text: &[u8]) -> Option<bool> {
    if text.eq_ignore_ascii_case(b"true") {
        Some(true)
    } else if text.eq_ignore_ascii_case(b"false") {
        Some(false)
    } else {
        None
    }
}
