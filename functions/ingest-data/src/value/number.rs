//! Numbers as people and programs write them, with a point or a comma before the decimals.

use engine::types::MAX_DIGITS;

/// The characters that numbers are written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Separators {
    /// Before the decimals.
    decimal: u8,
    /// Between groups of three digits.
    group: u8,
}

/// As in `1,234.56`.
pub(crate) const POINT: Separators = Separators { decimal: b'.', group: b',' };

/// As in `1.234,56`.
pub(crate) const COMMA: Separators = Separators { decimal: b',', group: b'.' };

/// A number with all its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    /// Its digits, without the point.
    pub(crate) digits: i128,
    /// How many of them are before the point, without leading zeros.
    pub(crate) whole: u8,
    /// How many of them are after the point.
    pub(crate) scale: u8,
    /// Whether there are separators in it.
    pub(crate) separated: bool,
    /// Whether it could be written with these separators only: `1,234` could be two numbers, `1,234.5` and `0.5` only one.
    pub(crate) decisive: bool,
}

/// Reads a whole number of 64 bits, in the one way that it is written: `007`, `+7` and `-0` are none.
#[inline]
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 19 || (digits[0] == b'0' && (negative || digits.len() > 1)) {
        return None;
    }
    // Nineteen digits are less than 2^64.
    let mut value = 0_u64;
    for &digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    if negative { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}

/// Reads a decimal of up to 38 digits. Leading zeros make it text (an article's number, perhaps), and so does a plus.
#[inline]
pub(crate) fn exact(text: &[u8], separators: Separators) -> Option<Exact> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let number = short(rest, separators).or_else(|| long(rest, separators))?;
    Some(if negative { Exact { digits: -number.digits, ..number } } else { number })
}

/// Reads a decimal that fits 64 bits and has no groups: nearly every one.
#[inline]
fn short(text: &[u8], separators: Separators) -> Option<Exact> {
    if text.len() > 19 {
        return None;
    }
    let mut value = 0_u64;
    let mut point = None;
    for (index, &byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        } else if byte == separators.decimal && point.is_none() {
            point = Some(index);
        } else {
            return None;
        }
    }
    let before = point.unwrap_or(text.len());
    let scale = point.map_or(0, |point| text.len() - point - 1);
    // A point has a digit after it. Without one, nineteen digits could be too many for what adds up above.
    if (point.is_some() && scale == 0) || before + scale > 18 || before + scale == 0 {
        return None;
    }
    let zero = before > 0 && text[0] == b'0';
    if zero && before > 1 {
        return None;
    }
    // One to three digits, a separator and three digits could be thousands, if the first is no zero.
    let decisive = point.is_some() && (scale != 3 || zero || before == 0 || before > 3);
    let whole = if zero { 0 } else { before };
    Some(Exact {
        digits: i128::from(value),
        whole: small(whole),
        scale: small(scale),
        separated: point.is_some(),
        decisive,
    })
}

/// Reads a decimal with groups or with many digits.
fn long(text: &[u8], separators: Separators) -> Option<Exact> {
    let point = text.iter().position(|&byte| byte == separators.decimal);
    let (whole, fraction) = match point {
        Some(point) => (&text[..point], Some(&text[point + 1..])),
        None => (text, None),
    };
    if fraction.is_some_and(<[u8]>::is_empty) || (whole.is_empty() && fraction.is_none()) {
        return None;
    }
    if whole.len() > 1 && whole[0] == b'0' {
        return None;
    }
    let groups = group_count(whole, separators.group)?;
    let mut value = 0_i128;
    let (mut before, mut after) = (0, 0);
    for &byte in whole.iter().filter(|&&byte| byte != separators.group) {
        value = push(value, byte)?;
        before += u32::from(before > 0 || byte != b'0');
    }
    for &byte in fraction.unwrap_or_default() {
        value = push(value, byte)?;
        after += 1;
    }
    if before + after > u32::from(MAX_DIGITS) {
        return None;
    }
    let decisive = match (groups, fraction) {
        (0, None) => false,
        (0, Some(_)) => after != 3 || before == 0 || before > 3,
        (1, None) => false,
        _ => true,
    };
    let separated = groups > 0 || fraction.is_some();
    Some(Exact {
        digits: value,
        whole: small(before as usize),
        scale: small(after as usize),
        separated,
        decisive,
    })
}

/// How many separators of groups there are. None if they are not where they belong.
fn group_count(whole: &[u8], group: u8) -> Option<usize> {
    let mut parts = whole.split(|&byte| byte == group);
    let first = parts.next().unwrap_or_default();
    let mut count = 0;
    for part in parts {
        if part.len() != 3 {
            return None;
        }
        count += 1;
    }
    (count == 0 || ((1..=3).contains(&first.len()) && first[0] != b'0')).then_some(count)
}

fn push(value: i128, byte: u8) -> Option<i128> {
    let digit = byte.wrapping_sub(b'0');
    if digit > 9 {
        return None;
    }
    value.checked_mul(10)?.checked_add(i128::from(digit))
}

fn small(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}

/// How long a number may be that is read as a float, in bytes.
const MAX_FLOAT_BYTES: usize = 400;

/// Reads a number as a 64-bit float: with an exponent, or with more digits than a decimal has. What is too large for one is none, and
/// so are infinity and what is not a number, for which JSON has no word.
pub(crate) fn float(text: &[u8], separators: Separators) -> Option<f64> {
    if text.len() > MAX_FLOAT_BYTES {
        return None;
    }
    let (mantissa, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b"0"[..]),
    };
    let digits = exponent.strip_prefix(b"-").or_else(|| exponent.strip_prefix(b"+")).unwrap_or(exponent);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let unsigned = mantissa.strip_prefix(b"-").unwrap_or(mantissa);
    let point = unsigned.iter().position(|&byte| byte == separators.decimal);
    let (whole, fraction) = match point {
        Some(point) => (&unsigned[..point], &unsigned[point + 1..]),
        None => (unsigned, &b"0"[..]),
    };
    let only_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    if fraction.is_empty() || !only_digits(fraction) || (whole.is_empty() && point.is_none()) {
        return None;
    }
    if whole.len() > 1 && whole[0] == b'0' {
        return None;
    }
    group_count(whole, separators.group)?;
    let mut plain = String::with_capacity(text.len() + 4);
    if mantissa.len() > unsigned.len() {
        plain.push('-');
    }
    for &byte in whole.iter().filter(|&&byte| byte != separators.group) {
        if !byte.is_ascii_digit() {
            return None;
        }
        plain.push(byte.into());
    }
    plain.push('.');
    plain.extend(fraction.iter().map(|&byte| char::from(byte)));
    plain.push('e');
    plain.extend(exponent.iter().map(|&byte| char::from(byte)));
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Whether a text says infinity or not-a-number, as many programs write them.
pub(crate) fn is_not_finite(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    [&b"inf"[..], b"infinity", b"nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str, separators: Separators) -> Option<(i128, u8, bool)> {
        exact(text.as_bytes(), separators).map(|number| (number.digits, number.scale, number.decisive))
    }

    #[test]
    fn integers_are_written_in_one_way() {
        for (text, value) in [("0", 0), ("-7", -7), ("9223372036854775807", i64::MAX)] {
            assert_eq!(integer(text.as_bytes()), Some(value));
        }
        assert_eq!(integer(b"-9223372036854775808"), Some(i64::MIN));
        for text in ["", "-", "007", "+7", "-0", "-07", "1.0", " 1", "1e5", "9223372036854775808", "0x1"] {
            assert_eq!(integer(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(decimal("12.30", POINT), Some((1_230, 2, true)));
        assert_eq!(decimal("-0.5", POINT), Some((-5, 1, true)));
        assert_eq!(decimal(".5", POINT), Some((5, 1, true)));
        assert_eq!(decimal("0.125", POINT), Some((125, 3, true)));
        assert_eq!(decimal("1.234.567,8", COMMA), Some((12_345_678, 1, true)));
        assert_eq!(decimal("1,234.56", POINT), Some((123_456, 2, true)));
        let long = "12345678901234567890123456789012345.678";
        assert_eq!(decimal(long, POINT), Some((12_345_678_901_234_567_890_123_456_789_012_345_678, 3, true)));
        assert_eq!(decimal(&format!("{long}9"), POINT), None);
        for text in [
            "", "-", ".", "5.", "1.2.3", "1,23", "1,2345", ",123", "0,123", "00.5", "+1.5", "1 234", "1e5",
            "--1",
        ] {
            assert_eq!(decimal(text, POINT), None, "{text}");
        }
    }

    #[test]
    fn some_numbers_can_be_read_in_two_ways() {
        assert_eq!(decimal("1,234", POINT), Some((1_234, 0, false)));
        assert_eq!(decimal("1,234", COMMA), Some((1_234, 3, false)));
        assert_eq!(decimal("1,234,567", POINT), Some((1_234_567, 0, true)));
        assert_eq!(decimal("1234,567", COMMA), Some((1_234_567, 3, true)));
        assert_eq!(decimal("42", POINT), Some((42, 0, false)));
        assert_eq!(decimal("123456789012345678901", COMMA), Some((123_456_789_012_345_678_901, 0, false)));
    }

    #[test]
    fn floats_are_finite() {
        assert_eq!(float(b"1e5", POINT), Some(1e5));
        assert_eq!(float(b"-1,5E-3", COMMA), Some(-1.5e-3));
        assert_eq!(float(b"1,234.5e2", POINT), Some(123_450.0));
        assert_eq!(float("9".repeat(50).as_bytes(), POINT), Some(1e50));
        for text in
            ["1e", "e5", "1e999", "inf", "NaN", "Infinity", "1e5.0", "0x10", "1_000", "+1e5", ".", "1."]
        {
            assert_eq!(float(text.as_bytes(), POINT), None, "{text}");
        }
        assert!(is_not_finite(b"-Infinity") && is_not_finite(b"NaN") && !is_not_finite(b"information"));
    }
}
