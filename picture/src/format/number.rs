//! Numbers, by a widget's `format`.

use super::currency::Currency;
use super::digits::Digits;
use crate::value::Value;

/// The suffixes of compact numbers and their powers of ten.
const SUFFIXES: [(i32, &str); 5] = [(0, ""), (3, "K"), (6, "M"), (9, "B"), (12, "T")];

/// Floats with more digits before the point than this are written with an exponent: the rest of their digits say nothing.
const MAX_WHOLE_DIGITS: i32 = 21;

/// Numbers with more zeros after the point than this are written with an exponent.
const MAX_LEADING_ZEROS: i32 = 6;

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// What they are.
    pub style: NumberStyle,
    /// Of which currency they are. Only `NumberStyle::Currency` has it.
    pub currency: Option<Currency>,
    /// How many decimals they have, 0 to 10. None: as many as the number needs.
    pub decimals: Option<u8>,
    /// Whether thousands are separated.
    pub grouped: bool,
}

/// What numbers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberStyle {
    /// `1,234.56`.
    #[default]
    Number,
    /// `12.5%` for 0.125.
    Percent,
    /// `€1,234.56`.
    Currency,
    /// `1.2K`.
    Compact,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self { style: NumberStyle::Number, currency: None, decimals: None, grouped: true }
    }
}

/// A number, exactly but for the decimals that the format leaves off. None for what is no number.
pub fn number(value: Value<'_>, format: NumberFormat) -> Option<String> {
    let digits = Digits::of(value)?;
    if format.style == NumberStyle::Compact {
        return Some(write_compact(&digits, format));
    }
    let digits = if format.style == NumberStyle::Percent { digits.times_ten(2) } else { digits };
    let is_float = matches!(value, Value::Float(_));
    let is_extreme = is_float
        && (digits.magnitude() > MAX_WHOLE_DIGITS
            || (format.decimals.is_none() && !digits.is_zero() && digits.magnitude() < -MAX_LEADING_ZEROS));
    if is_extreme {
        return Some(affix(digits.is_negative(), &digits.write_with_exponent(), format));
    }
    let rounded = match format.decimals {
        Some(decimals) => digits.round(decimals),
        None => round_by_magnitude(digits, value, format),
    };
    Some(affix(rounded.is_negative(), &rounded.write(format.grouped), format))
}

/// A finite float as `number` writes it; another as what is missing.
pub fn float(value: f64, format: NumberFormat) -> String {
    number(Value::Float(value), format).unwrap_or_else(|| super::MISSING.to_owned())
}

/// A number in few characters, for axes and labels on marks: `€1.2M`, `12.5%`.
pub fn compact(value: f64, format: NumberFormat) -> String {
    let Some(digits) = Digits::of(Value::Float(value)) else { return super::MISSING.to_owned() };
    match format.style {
        NumberStyle::Percent => float(value, format),
        _ if digits.magnitude() <= 3 => match (format.style, format.decimals) {
            // Cents are left off where there are none.
            (NumberStyle::Currency, None) if digits.clone().round(2).trimmed().decimals() == 0 => {
                float(value, NumberFormat { decimals: Some(0), ..format })
            }
            (NumberStyle::Compact, _) => write_compact(&digits, format),
            _ => float(value, format),
        },
        _ => write_compact(&digits, NumberFormat { decimals: None, ..format }),
    }
}

/// A tick of an axis: so many units of a power of ten, exactly. `is_compact` is said for the whole axis, whose ticks are to be
/// written alike.
pub(crate) fn tick(units: i128, power: i32, is_compact: bool, format: NumberFormat) -> String {
    let is_percent = format.style == NumberStyle::Percent;
    let digits = Digits::of_units(units, -power).times_ten(if is_percent { 2 } else { 0 }).trimmed();
    let is_extreme =
        digits.magnitude() > 18 || (!digits.is_zero() && digits.magnitude() < -MAX_LEADING_ZEROS);
    if is_extreme {
        return affix(digits.is_negative(), &digits.write_with_exponent(), format);
    }
    let fits = |(power, _): &&(i32, &str)| is_compact && !is_percent && digits.magnitude() > *power;
    let (power, suffix) = SUFFIXES.iter().rev().find(fits).copied().unwrap_or(SUFFIXES[0]);
    let scaled = digits.clone().times_ten(-power).trimmed();
    affix(digits.is_negative(), &format!("{}{suffix}", scaled.write(format.grouped)), format)
}

fn write_compact(digits: &Digits, format: NumberFormat) -> String {
    if digits.magnitude() > 18 || (!digits.is_zero() && digits.magnitude() < -MAX_LEADING_ZEROS) {
        return affix(digits.is_negative(), &digits.write_with_exponent(), format);
    }
    let rounded_by = |power: i32| {
        let scaled = digits.clone().times_ten(-power);
        if let Some(decimals) = format.decimals {
            return scaled.round(decimals);
        }
        let decimals = three_significant(&scaled).min(if power == 0 { 10 } else { 1 });
        scaled.round(decimals).trimmed()
    };
    // 999,950 rounds to 1,000.0K: that is 1M.
    let fitting = SUFFIXES.iter().find(|(power, _)| rounded_by(*power).trimmed_magnitude() <= 3);
    let (power, suffix) = fitting.copied().unwrap_or(SUFFIXES[SUFFIXES.len() - 1]);
    let rounded = rounded_by(power);
    affix(rounded.is_negative(), &format!("{}{suffix}", rounded.write(format.grouped)), format)
}

impl Digits {
    /// How many digits are before the point of what is not rounded to nothing.
    fn trimmed_magnitude(&self) -> i32 {
        if self.is_zero() { 0 } else { self.magnitude() }
    }
}

/// As many decimals as the number needs: integers none, decimals their own, floats about three significant digits.
fn round_by_magnitude(digits: Digits, value: Value<'_>, format: NumberFormat) -> Digits {
    match (format.style, value) {
        (NumberStyle::Currency, _) => digits.round(format.currency.map_or(2, Currency::decimals)),
        (NumberStyle::Percent, _) if !digits.is_zero() && digits.magnitude() <= 0 => {
            let decimals = three_significant(&digits).min(2);
            digits.round(decimals).trimmed()
        }
        (NumberStyle::Percent, _) => digits.round(1).trimmed(),
        (_, Value::Float(_)) => {
            let decimals = match digits.magnitude() {
                5.. => 0,
                1.. => 2,
                _ => three_significant(&digits),
            };
            digits.round(decimals).trimmed()
        }
        _ => {
            let decimals = digits.decimals();
            digits.round(decimals)
        }
    }
}

fn three_significant(digits: &Digits) -> u8 {
    u8::try_from((3 - digits.magnitude()).clamp(0, 10)).unwrap_or_default()
}

fn affix(is_negative: bool, number: &str, format: NumberFormat) -> String {
    let sign = if is_negative { "-" } else { "" };
    let prefix = match format.style {
        NumberStyle::Currency => format.currency.map(Currency::prefix).unwrap_or_default(),
        _ => String::new(),
    };
    let suffix = if format.style == NumberStyle::Percent { "%" } else { "" };
    format!("{sign}{prefix}{number}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(style: NumberStyle) -> NumberFormat {
        NumberFormat { style, currency: Currency::parse("EUR"), ..NumberFormat::default() }
    }

    #[test]
    fn numbers_have_the_decimals_that_they_need() {
        let written = |value| number(value, of(NumberStyle::Number)).unwrap();
        assert_eq!(written(Value::Integer(1_234_567)), "1,234,567");
        assert_eq!(written(Value::Decimal(-123_450, 2)), "-1,234.50");
        assert_eq!(written(Value::Float(1_234.567)), "1,234.57");
        assert_eq!(written(Value::Float(12_345.67)), "12,346");
        assert_eq!(written(Value::Float(0.012_345)), "0.0123");
        assert_eq!(written(Value::Float(3.0)), "3");
        assert_eq!(written(Value::Float(-0.0)), "0");
        assert_eq!(written(Value::Float(1e300)), "1e300");
        assert_eq!(written(Value::Float(-1e-9)), "-1e-9");
        assert_eq!(number(Value::Text("1"), of(NumberStyle::Number)), None);
    }

    #[test]
    fn percent_multiplies_by_a_hundred() {
        let written = |value| float(value, of(NumberStyle::Percent));
        assert_eq!(written(0.125), "12.5%");
        assert_eq!(written(1.0), "100%");
        assert_eq!(written(0.001_23), "0.12%");
        assert_eq!(written(-12.0), "-1,200%");
        assert_eq!(float(0.5, NumberFormat { decimals: Some(2), ..of(NumberStyle::Percent) }), "50.00%");
    }

    #[test]
    fn currencies_have_their_symbol_and_decimals() {
        let written = |code, value| {
            number(value, NumberFormat { currency: Currency::parse(code), ..of(NumberStyle::Currency) })
                .unwrap()
        };
        assert_eq!(written("EUR", Value::Decimal(-123_456, 2)), "-€1,234.56");
        assert_eq!(written("USD", Value::Integer(5)), "$5.00");
        assert_eq!(written("JPY", Value::Float(1_234.5)), "¥1,235");
        assert_eq!(written("CHF", Value::Integer(5)), "CHF\u{a0}5.00");
    }

    #[test]
    fn compact_numbers_are_short() {
        let written = |value| float(value, of(NumberStyle::Compact));
        assert_eq!(written(0.0), "0");
        assert_eq!(written(999.0), "999");
        assert_eq!(written(1_000.0), "1K");
        assert_eq!(written(1_234.0), "1.2K");
        assert_eq!(written(123_456.0), "123K");
        assert_eq!(written(999_950.0), "1M");
        assert_eq!(written(-2_500_000_000.0), "-2.5B");
        assert_eq!(written(4.2e12), "4.2T");
        assert_eq!(written(1e300), "1e300");
        assert_eq!(compact(1_234_567.0, of(NumberStyle::Currency)), "€1.2M");
        assert_eq!(compact(20.0, of(NumberStyle::Currency)), "€20");
        assert_eq!(compact(20.5, of(NumberStyle::Currency)), "€20.50");
        assert_eq!(compact(0.25, of(NumberStyle::Percent)), "25%");
        assert_eq!(compact(15_000.0, of(NumberStyle::Number)), "15K");
    }
}
