//! One line of a CSV file.

use std::str;

use crate::exact;
use crate::value::Value;

/// A line that is being written. Its memory is used again for the next one.
#[derive(Debug)]
pub(super) struct Line {
    text: String,
    is_begun: bool,
    escape_formulas: bool,
}

impl Line {
    pub(super) fn new(escape_formulas: bool) -> Self {
        Self { text: String::new(), is_begun: false, escape_formulas }
    }

    /// Adds a cell with a value.
    pub(super) fn value(&mut self, value: Value<'_>) {
        if let Value::Text(text) = value {
            return self.text(text);
        }
        self.separate();
        exact::write(&mut self.text, value);
    }

    /// Adds a cell with a text.
    pub(super) fn text(&mut self, text: &str) {
        self.separate();
        let is_escaped = self.escape_formulas && is_formula(text);
        if !is_escaped && is_plain(text) {
            return self.text.push_str(text);
        }
        self.text.push('"');
        if is_escaped {
            self.text.push('\'');
        }
        for (index, piece) in text.split('"').enumerate() {
            if index > 0 {
                self.text.push_str("\"\"");
            }
            self.text.push_str(piece);
        }
        self.text.push('"');
    }

    /// Ends the line and begins the next one, which overwrites it.
    pub(super) fn end(&mut self) -> &[u8] {
        if self.is_begun {
            self.is_begun = false;
            self.text.push_str("\r\n");
        } else {
            self.text.clear();
            self.text.push_str("\r\n");
        }
        self.text.as_bytes()
    }

    fn separate(&mut self) {
        if self.is_begun {
            self.text.push(',');
        } else {
            self.text.clear();
            self.is_begun = true;
        }
    }
}

/// Whether a text means the same without quotes.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'))
        && text.trim() == text
}

/// Whether a spreadsheet program may take a text for a formula.
fn is_formula(text: &str) -> bool {
    match text.bytes().next() {
        Some(b'\t' | b'\r') => true,
        Some(b'=' | b'@') => true,
        Some(b'+' | b'-') => !is_number(text),
        _ => false,
    }
}

/// Whether a text is a number with a sign: digits, a point, an exponent. Rust reads `inf` and `NaN` as numbers, too.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_numbers() {
        for formula in ["=1", "=", "@x", "+", "-", "-1+2", "+1,0", "-inf", "+NaN", "-x", "\t1", "\r1"] {
            assert!(is_formula(formula), "{formula:?}");
        }
        for text in ["", "1", "-1", "+1.5", "-1e5", "-.5", "a=1", " =1", "x@y"] {
            assert!(!is_formula(text), "{text:?}");
        }
    }
}
