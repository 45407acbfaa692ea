//! SVG, written element by element.
//!
//! Whatever a client wrote goes through `text` or `attribute`, which escape it; names of elements and attributes are ours. So no text
//! can become markup.

use std::fmt::{Display, Write as _};

/// Coordinates beyond this are clamped: they are far outside of any picture, and renderers compute in 32-bit floats.
const MAX_COORDINATE: f64 = 1e6;

/// A document that is being written.
#[derive(Debug, Default)]
pub(crate) struct Svg {
    out: String,
}

/// The start of an element, to which attributes are added. It is finished by `open`, `empty`, `text` or `titled`.
pub(crate) struct Tag<'a> {
    out: &'a mut String,
    name: &'static str,
}

impl Svg {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity) }
    }

    /// Begins an element.
    pub(crate) fn tag(&mut self, name: &'static str) -> Tag<'_> {
        self.out.push('<');
        self.out.push_str(name);
        Tag { out: &mut self.out, name }
    }

    /// Ends an element that was opened.
    pub(crate) fn close(&mut self, name: &'static str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }
}

impl Tag<'_> {
    /// An attribute of a value of ours: a keyword, a color, a path.
    pub(crate) fn set(self, name: &str, value: impl Display) -> Self {
        // Writing to a string does not fail.
        let _ = write!(self.out, " {name}=\"{value}\"");
        self
    }

    /// A coordinate or a length.
    pub(crate) fn number(self, name: &str, value: f64) -> Self {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        write_number(self.out, value);
        self.out.push('"');
        self
    }

    /// An attribute of any text.
    pub(crate) fn attribute(self, name: &str, value: &str) -> Self {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(self.out, value);
        self.out.push('"');
        self
    }

    /// Leaves the element open for others in it.
    pub(crate) fn open(self) {
        self.out.push('>');
    }

    /// Ends the element, which has nothing in it.
    pub(crate) fn empty(self) {
        self.out.push_str("/>");
    }

    /// Ends the element with text in it.
    pub(crate) fn text(self, text: &str) {
        self.out.push('>');
        escape(self.out, text);
        self.out.push_str("</");
        self.out.push_str(self.name);
        self.out.push('>');
    }

    /// Ends the element with a title in it, which is shown on hovering and read aloud.
    pub(crate) fn titled(self, title: &str) {
        self.out.push_str("><title>");
        escape(self.out, title);
        self.out.push_str("</title></");
        self.out.push_str(self.name);
        self.out.push('>');
    }

    /// Ends the element with text, and a title of its own, in it.
    pub(crate) fn titled_text(self, title: &str, text: &str) {
        self.out.push_str("><title>");
        escape(self.out, title);
        self.out.push_str("</title>");
        escape(self.out, text);
        self.out.push_str("</");
        self.out.push_str(self.name);
        self.out.push('>');
    }
}

/// Writes a number with at most two decimals.
pub(crate) fn write_number(out: &mut String, value: f64) {
    let value = if value.is_finite() { value.clamp(-MAX_COORDINATE, MAX_COORDINATE) } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "it is at most 10^8")]
    let hundredths = (value * 100.0).round() as i64;
    if hundredths < 0 {
        out.push('-');
    }
    let hundredths = hundredths.unsigned_abs();
    let (whole, fraction) = (hundredths / 100, hundredths % 100);
    let _ = match (fraction, fraction % 10) {
        (0, _) => write!(out, "{whole}"),
        (_, 0) => write!(out, "{whole}.{}", fraction / 10),
        _ => write!(out, "{whole}.{fraction:02}"),
    };
}

/// Writes text so that it is text, in elements as in attributes. Characters that XML 1.0 does not allow are left out.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(character),
        }
    }
}

/// The data of a path.
#[derive(Debug, Default)]
pub(crate) struct Path(String);

impl Path {
    /// A command and its coordinates: `M 1 2`.
    pub(crate) fn command(&mut self, command: char, coordinates: &[f64]) -> &mut Self {
        self.0.push(command);
        for (index, coordinate) in coordinates.iter().enumerate() {
            if index > 0 {
                self.0.push(' ');
            }
            write_number(&mut self.0, *coordinate);
        }
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Path {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written = |value| {
            let mut out = String::new();
            write_number(&mut out, value);
            out
        };
        assert_eq!(written(0.0), "0");
        assert_eq!(written(-0.001), "0");
        assert_eq!(written(1.5), "1.5");
        assert_eq!(written(-12.345), "-12.35");
        assert_eq!(written(7.05), "7.05");
        assert_eq!(written(f64::NAN), "0");
        assert_eq!(written(1e300), "1000000");
    }

    #[test]
    fn text_cannot_become_markup() {
        let mut svg = Svg::default();
        svg.tag("text").attribute("data-x", "\"'><script>").text("</text>&]]>\u{0}\u{fffe}\n");
        assert_eq!(
            svg.finish(),
            "<text data-x=\"&quot;&#39;&gt;&lt;script&gt;\">&lt;/text&gt;&amp;]]&gt; </text>"
        );
    }
}
