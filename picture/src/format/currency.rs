//! Currencies, and how amounts of them are written.

/// The code of a currency: three letters, as ISO 4217 has them. Which codes there are is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency([u8; 3]);

/// What is written before an amount in place of the code.
const SYMBOLS: [(&[u8; 3], &str); 26] = [
    (b"AUD", "A$"),
    (b"BRL", "R$"),
    (b"CAD", "CA$"),
    (b"CNY", "CN¥"),
    (b"EUR", "€"),
    (b"GBP", "£"),
    (b"HKD", "HK$"),
    (b"ILS", "₪"),
    (b"INR", "₹"),
    (b"JPY", "¥"),
    (b"KRW", "₩"),
    (b"KZT", "₸"),
    (b"MXN", "MX$"),
    (b"NGN", "₦"),
    (b"NZD", "NZ$"),
    (b"PHP", "₱"),
    (b"PYG", "₲"),
    (b"GHS", "GH₵"),
    (b"CRC", "₡"),
    (b"LAK", "₭"),
    (b"TRY", "₺"),
    (b"TWD", "NT$"),
    (b"UAH", "₴"),
    (b"USD", "$"),
    (b"VND", "₫"),
    (b"RUB", "₽"),
];

/// Currencies whose amounts have other than two decimals (ISO 4217, "minor unit").
const MINOR_UNITS: [(&[u8; 3], u8); 22] = [
    (b"BIF", 0),
    (b"CLP", 0),
    (b"DJF", 0),
    (b"GNF", 0),
    (b"ISK", 0),
    (b"JPY", 0),
    (b"KMF", 0),
    (b"KRW", 0),
    (b"PYG", 0),
    (b"RWF", 0),
    (b"UGX", 0),
    (b"VND", 0),
    (b"VUV", 0),
    (b"XAF", 0),
    (b"XOF", 0),
    (b"XPF", 0),
    (b"BHD", 3),
    (b"JOD", 3),
    (b"KWD", 3),
    (b"LYD", 3),
    (b"OMR", 3),
    (b"TND", 3),
];

impl Currency {
    /// The currency of a code of three letters A to Z.
    pub fn parse(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }

    /// What is written before an amount: a symbol, or the code and a space that does not break.
    pub fn prefix(self) -> String {
        let symbol = SYMBOLS.iter().find(|(code, _)| **code == self.0).map(|(_, symbol)| *symbol);
        symbol.map_or_else(|| format!("{}\u{a0}", self.code()), str::to_owned)
    }

    /// How many decimals its amounts have.
    pub fn decimals(self) -> u8 {
        MINOR_UNITS.iter().find(|(code, _)| **code == self.0).map_or(2, |(_, decimals)| *decimals)
    }

    /// The code.
    pub fn code(self) -> String {
        self.0.iter().map(|letter| char::from(*letter)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font;

    #[test]
    fn only_three_capital_letters_are_a_currency() {
        assert_eq!(Currency::parse("EUR").map(Currency::prefix).as_deref(), Some("€"));
        assert_eq!(Currency::parse("CHF").map(Currency::prefix).as_deref(), Some("CHF\u{a0}"));
        for code in ["", "eur", "EURO", "E1R", "€UR", "<b>"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
    }

    #[test]
    fn every_symbol_has_a_face() {
        for (_, symbol) in SYMBOLS {
            assert!(symbol.chars().all(font::covers), "{symbol}");
        }
    }
}
