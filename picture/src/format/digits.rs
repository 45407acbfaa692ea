//! Numbers as decimal digits, so that rounding and moving the point are exact.

use crate::value::Value;

/// A number: its digits, of which so many are after the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    is_negative: bool,
    /// ASCII digits without leading zeros; none is zero.
    digits: Vec<u8>,
    /// How many digits are after the point. Negative: how many zeros are to be added.
    scale: i32,
}

impl Digits {
    /// The digits of a number. None for what is no number.
    pub(super) fn of(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(integer) => Some(Self::of_units(i128::from(integer), 0)),
            Value::Decimal(units, scale) => Some(Self::of_units(units, i32::from(scale))),
            Value::Float(float) if float.is_finite() => Some(Self::of_float(float)),
            _ => None,
        }
    }

    /// So many units, each of them ten to the power of minus `scale`.
    pub(super) fn of_units(units: i128, scale: i32) -> Self {
        Self::new(units < 0, units.unsigned_abs().to_string().into_bytes(), scale)
    }

    /// The shortest digits that are read as the same float.
    fn of_float(float: f64) -> Self {
        let text = format!("{:e}", float.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let after_point = i32::try_from(fraction.len()).unwrap_or_default();
        let digits = [whole.as_bytes(), fraction.as_bytes()].concat();
        Self::new(float < 0.0, digits, after_point - exponent)
    }

    fn new(is_negative: bool, mut digits: Vec<u8>, scale: i32) -> Self {
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        Self { is_negative, digits, scale }
    }

    /// The number times ten to a power.
    pub(super) fn times_ten(mut self, power: i32) -> Self {
        self.scale -= power;
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether it is less than zero, which nothing rounded to zero is.
    pub(super) fn is_negative(&self) -> bool {
        self.is_negative && !self.is_zero()
    }

    /// How many digits are before the point: 3 for 123.4, 0 for 0.5, -1 for 0.05.
    pub(super) fn magnitude(&self) -> i32 {
        i32::try_from(self.digits.len()).unwrap_or(i32::MAX).saturating_sub(self.scale)
    }

    /// Rounded to so many decimals, halves away from zero; it then has exactly so many.
    pub(super) fn round(mut self, decimals: u8) -> Self {
        let decimals = i32::from(decimals);
        let Ok(surplus) = usize::try_from(self.scale - decimals) else {
            let missing = usize::try_from(decimals - self.scale).unwrap_or_default();
            if !self.is_zero() {
                self.digits.resize(self.digits.len() + missing, b'0');
            }
            self.scale = decimals;
            return self;
        };
        if surplus == 0 {
            return self;
        }
        self.scale = decimals;
        if surplus > self.digits.len() {
            self.digits.clear();
            return self;
        }
        let kept = self.digits.len() - surplus;
        let rounds_up = self.digits[kept] >= b'5';
        self.digits.truncate(kept);
        if rounds_up {
            self.add_one_unit();
        }
        self
    }

    fn add_one_unit(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
    }

    /// Without zeros at the end of what is after the point.
    pub(super) fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.digits.last() == Some(&b'0') {
            self.digits.pop();
            self.scale -= 1;
        }
        if self.is_zero() {
            self.scale = 0;
        }
        self
    }

    /// How many digits are after the point.
    pub(super) fn decimals(&self) -> u8 {
        u8::try_from(self.scale.max(0)).unwrap_or(u8::MAX)
    }

    /// The number without its sign, with thousands grouped if told so.
    pub(super) fn write(&self, grouped: bool) -> String {
        let mut digits = self.digits.clone();
        let after_point = usize::try_from(self.scale).unwrap_or_default();
        digits.extend(std::iter::repeat_n(b'0', usize::try_from(-self.scale).unwrap_or_default()));
        if digits.len() <= after_point {
            let zeros = after_point + 1 - digits.len();
            digits.splice(0..0, std::iter::repeat_n(b'0', zeros));
        }
        let (whole, fraction) = digits.split_at(digits.len() - after_point);
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        for (index, digit) in whole.iter().enumerate() {
            if grouped && index > 0 && (whole.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(char::from(*digit));
        }
        if !fraction.is_empty() {
            out.push('.');
            out.extend(fraction.iter().map(|digit| char::from(*digit)));
        }
        out
    }

    /// The number without its sign, as `1.23e45`.
    pub(super) fn write_with_exponent(&self) -> String {
        let exponent = self.magnitude() - 1;
        let digits = self.clone().times_ten(-exponent).round(2);
        // 9.999 rounds to 10.00.
        let (digits, exponent) = if digits.magnitude() > 1 {
            (digits.times_ten(-1).round(2), exponent + 1)
        } else {
            (digits, exponent)
        };
        format!("{}e{exponent}", digits.trimmed().write(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(value: Value<'_>, decimals: u8) -> String {
        Digits::of(value).unwrap().round(decimals).write(true)
    }

    #[test]
    fn rounding_is_exact() {
        assert_eq!(rounded(Value::Decimal(1_005, 3), 2), "1.01");
        assert_eq!(rounded(Value::Decimal(-1_005, 3), 2), "1.01");
        assert_eq!(rounded(Value::Decimal(9_995, 3), 2), "10.00");
        assert_eq!(rounded(Value::Decimal(4, 1), 0), "0");
        assert_eq!(rounded(Value::Decimal(5, 1), 0), "1");
        assert_eq!(rounded(Value::Decimal(5, 3), 1), "0.0");
        assert_eq!(rounded(Value::Decimal(5, -3), 1), "5,000.0");
        assert_eq!(rounded(Value::Float(0.1), 20), "0.10000000000000000000");
        assert_eq!(rounded(Value::Integer(i64::MIN), 0), "9,223,372,036,854,775,808");
        assert_eq!(
            rounded(Value::Decimal(i128::MAX, 0), 0),
            "170,141,183,460,469,231,731,687,303,715,884,105,727"
        );
        assert_eq!(rounded(Value::Integer(0), 2), "0.00");
    }

    #[test]
    fn huge_and_tiny_numbers_have_an_exponent() {
        let written = |float| Digits::of(Value::Float(float)).unwrap().write_with_exponent();
        assert_eq!(written(1e300), "1e300");
        assert_eq!(written(1.234_567e-12), "1.23e-12");
        assert_eq!(written(9.999e22), "1e23");
    }
}
