//! One color.

use std::fmt::{self, Display, Formatter};

/// A color, in sRGB. Written as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// A color of three parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rgb` and `#rrggbb`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .strip_prefix('#')?
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        match *digits.as_slice() {
            [red, green, blue] => Some(Self::new(red * 17, green * 17, blue * 17)),
            [_, _, _, _, _, _] => {
                let part = |at: usize| digits[at] * 16 + digits[at + 1];
                Some(Self::new(part(0), part(2), part(4)))
            }
            _ => None,
        }
    }

    /// Its parts: red, green and blue.
    pub const fn parts(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    /// This color with a share, 0 to 1, of another in it.
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let [red, green, blue] = [(self.red, other.red), (self.green, other.green), (self.blue, other.blue)]
            .map(|(from, to)| {
                let mixed = f64::from(from) + (f64::from(to) - f64::from(from)) * share.clamp(0.0, 1.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it is between two bytes"
                )]
                let byte = mixed.round() as u8;
                byte
            });
        Self { red, green, blue }
    }

    /// Its parts as amounts of light, 0 to 1.
    pub(super) fn linear(self) -> [f64; 3] {
        self.parts().map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How much it stands out from another: 1 to 21, as WCAG defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// White or black, whichever can be read better on it.
    pub fn text_on(self) -> Self {
        const WHITE: Color = Color::new(0xff, 0xff, 0xff);
        const BLACK: Color = Color::new(0, 0, 0);
        if WHITE.contrast(self) >= BLACK.contrast(self) { WHITE } else { BLACK }
    }
}

impl Display for Color {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hexadecimal_colors_are_read() {
        assert_eq!(Color::parse("#0af").map(|color| color.to_string()).as_deref(), Some("#00aaff"));
        assert_eq!(Color::parse("#12aBfF").map(|color| color.to_string()).as_deref(), Some("#12abff"));
        for text in ["", "#", "red", "#12345", "#1234567", "123456", "#ggg", "#+12", "url(#a)", "#ff\u{660}"]
        {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let contrast = Color::new(0, 0, 0).contrast(Color::new(255, 255, 255));
        assert!((contrast - 21.0).abs() < 1e-9);
    }
}
