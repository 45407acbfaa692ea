//! The reply of a database as groups: values of its protocol become arrays, as those of other engines are.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, StringViewBuilder,
    TimestampMicrosecondArray,
};
use shared::model::calendar;

use super::dialect::Kind;
use super::statement::Statement;
use crate::groups::Groups;
use crate::types::MAX_DIGITS;

/// A value of a reply. Days are days since 1970, instants microseconds; exact numbers are texts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Text(Cow<'a, str>),
}

/// What a column of a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// A value.
    Value(Kind),
    /// Twice a value: a median.
    Doubled(Kind),
}

/// What a reply must not have.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum UnexpectedReply {
    /// A value of another kind.
    #[error("the reply has {0} where there must be {1}")]
    Value(&'static str, &'static str),
    /// More rows than were asked for.
    #[error("the reply has more than {0} rows")]
    Rows(usize),
}

/// The rows of a reply, column by column.
#[derive(Debug)]
pub(crate) struct Reply {
    columns: Vec<(Output, Column)>,
    keys: usize,
    most_rows: Option<usize>,
    rows: usize,
    bytes: usize,
}

/// The values of a column.
#[derive(Debug)]
enum Column {
    Texts(StringViewBuilder),
    Integers(Vec<Option<i64>>),
    /// Exact numbers: units with so many digits after the point; None within where one has too many digits.
    Decimals(Vec<Option<Decimal>>),
    Floats(Vec<Option<f64>>),
    Booleans(Vec<Option<bool>>),
    Days(Vec<Option<i32>>),
    Instants(Vec<Option<i64>>),
}

/// An exact number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Decimal {
    Exact {
        units: i128,
        scale: i8,
    },
    /// It has more than 38 digits.
    Long(f64),
}

impl Reply {
    /// The reply to a statement, without rows yet.
    pub(crate) fn to(statement: &Statement) -> Self {
        let column = |output: &Output| {
            let (Output::Value(kind) | Output::Doubled(kind)) = *output;
            let column = match kind {
                Kind::Text => Column::Texts(StringViewBuilder::new()),
                Kind::Integer => Column::Integers(Vec::new()),
                Kind::Decimal(_) => Column::Decimals(Vec::new()),
                Kind::Float => Column::Floats(Vec::new()),
                Kind::Boolean => Column::Booleans(Vec::new()),
                Kind::Day => Column::Days(Vec::new()),
                Kind::Instant => Column::Instants(Vec::new()),
            };
            (*output, column)
        };
        let columns = statement.outputs.iter().map(column).collect();
        Self { columns, keys: statement.keys, most_rows: statement.most_rows, rows: 0, bytes: 0 }
    }

    /// Adds a row. How many bytes all rows take by now.
    pub(crate) fn push<'a, E: From<UnexpectedReply>>(
        &mut self,
        row: impl IntoIterator<Item = Result<Value<'a>, E>>,
    ) -> Result<usize, E> {
        let mut values = row.into_iter();
        for (_, column) in &mut self.columns {
            self.bytes += column.push(values.next().transpose()?.unwrap_or(Value::Null))?;
        }
        self.rows += 1;
        match self.most_rows {
            Some(most) if self.rows > most => Err(UnexpectedReply::Rows(most).into()),
            _ => Ok(self.bytes),
        }
    }

    /// The groups that the rows are.
    pub(crate) fn groups(self) -> Groups {
        let (keys, count) = (self.keys, self.rows);
        let mut dimensions: Vec<ArrayRef> =
            self.columns.into_iter().map(|(output, column)| column.finish(output)).collect();
        let aggregates = dimensions.split_off(keys.min(dimensions.len()));
        Groups { count, dimensions, aggregates }
    }
}

impl Column {
    fn push(&mut self, value: Value<'_>) -> Result<usize, UnexpectedReply> {
        Ok(match self {
            Self::Texts(texts) => {
                let text = match value {
                    Value::Null => None,
                    Value::Text(text) => Some(text),
                    other => return Err(other.instead_of("a text")),
                };
                texts.append_option(text.as_deref());
                16 + text.map_or(0, |text| text.len())
            }
            Self::Integers(integers) => {
                integers.push(value.integer()?);
                16
            }
            Self::Decimals(decimals) => {
                decimals.push(match value {
                    Value::Null => None,
                    Value::Integer(units) => Some(Decimal::Exact { units: units.into(), scale: 0 }),
                    Value::Text(text) => Decimal::parse(&text)?,
                    other => return Err(other.instead_of("an exact number")),
                });
                size_of::<Option<Decimal>>()
            }
            Self::Floats(floats) => {
                let float = match value {
                    Value::Null => None,
                    #[expect(clippy::cast_precision_loss, reason = "floats were asked for")]
                    Value::Integer(integer) => Some(integer as f64),
                    Value::Float(float) => Some(float),
                    Value::Text(text) => {
                        Some(text.parse().map_err(|_| UnexpectedReply::Value("a text", "a float"))?)
                    }
                    other @ Value::Boolean(_) => return Err(other.instead_of("a float")),
                };
                // Not a minus before a zero, and nothing that is beyond all floats.
                floats.push(float.filter(|float| float.is_finite()).map(|float| float + 0.0));
                16
            }
            Self::Booleans(booleans) => {
                booleans.push(match value {
                    Value::Null => None,
                    Value::Boolean(value) => Some(value),
                    Value::Integer(value) => Some(value != 0),
                    Value::Text(text) => Some(text == "true"),
                    other @ Value::Float(_) => return Err(other.instead_of("true or false")),
                });
                2
            }
            Self::Days(days) => {
                let day = match value {
                    Value::Text(text) => time(&text).and_then(|(day, of_day)| (of_day == 0).then_some(day)),
                    value => value.integer()?.and_then(|day| i32::try_from(day).ok()),
                };
                let is_day = |day: &i32| (calendar::FIRST_DAY..=calendar::LAST_DAY).contains(day);
                days.push(day.filter(is_day));
                8
            }
            Self::Instants(instants) => {
                let instant = match value {
                    Value::Text(text) => {
                        let time = time(&text);
                        time.map(|(day, of_day)| i64::from(day) * calendar::DAY_MICROSECONDS + of_day)
                    }
                    value => value.integer()?,
                };
                instants.push(instant.filter(|instant| calendar::has_datetime(*instant)));
                16
            }
        })
    }

    fn finish(self, output: Output) -> ArrayRef {
        let is_doubled = matches!(output, Output::Doubled(_));
        match self {
            Self::Texts(mut texts) => Arc::new(texts.finish()),
            Self::Integers(integers) => Arc::new(Int64Array::from(integers)),
            Self::Decimals(decimals) => finish_decimals(&decimals, output),
            Self::Floats(floats) if is_doubled => Arc::new(
                floats.into_iter().map(|float| float.map(|float| float / 2.0)).collect::<Float64Array>(),
            ),
            Self::Floats(floats) => Arc::new(Float64Array::from(floats)),
            Self::Booleans(booleans) => Arc::new(BooleanArray::from(booleans)),
            Self::Days(days) => Arc::new(Date32Array::from(days)),
            Self::Instants(instants) => Arc::new(TimestampMicrosecondArray::from(instants)),
        }
    }
}

impl Value<'_> {
    fn instead_of(&self, wanted: &'static str) -> UnexpectedReply {
        let name = match self {
            Self::Null => "nothing",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a float",
            Self::Boolean(_) => "true or false",
            Self::Text(_) => "a text",
        };
        UnexpectedReply::Value(name, wanted)
    }

    fn integer(self) -> Result<Option<i64>, UnexpectedReply> {
        match self {
            Self::Null => Ok(None),
            Self::Integer(integer) => Ok(Some(integer)),
            Self::Text(text) => match text.parse() {
                Ok(integer) => Ok(Some(integer)),
                Err(_) => Err(UnexpectedReply::Value("a text", "a whole number")),
            },
            other => Err(other.instead_of("a whole number")),
        }
    }
}

impl Decimal {
    /// Reads digits as databases write them. None for what is no number.
    fn parse(text: &str) -> Result<Option<Self>, UnexpectedReply> {
        let unexpected = || UnexpectedReply::Value("a text", "an exact number");
        let (digits, sign) = text.strip_prefix('-').map_or((text, 1), |digits| (digits, -1));
        if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            let is_infinite = ["NaN", "Infinity"].contains(&digits);
            return if is_infinite { Ok(None) } else { Err(unexpected()) };
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let long = || text.parse().map(|float| Some(Self::Long(float))).map_err(|_| unexpected());
        let units = whole.bytes().chain(fraction.bytes()).try_fold(0_i128, |units, byte| {
            let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
            units.checked_mul(10)?.checked_add(digit.into())
        });
        let (Some(units), Ok(scale)) = (units, i8::try_from(fraction.len())) else {
            return long();
        };
        let fits = units < 10_i128.pow(MAX_DIGITS.into()) && fraction.len() <= MAX_DIGITS.into();
        if fits { Ok(Some(Self::Exact { units: sign * units, scale })) } else { long() }
    }

    /// The units of an exact number that has so many digits after the point. None if that is beyond 38 digits.
    fn units(self, wanted: i8) -> Option<i128> {
        let Self::Exact { units, scale } = self else { return None };
        let power = u32::try_from(wanted.checked_sub(scale)?).ok()?;
        let units = units.checked_mul(10_i128.checked_pow(power)?)?;
        (units.unsigned_abs() < 10_u128.pow(MAX_DIGITS.into())).then_some(units)
    }

    fn float(self) -> f64 {
        match self {
            Self::Exact { units, scale } => format!("{units}e-{scale}").parse().unwrap_or(f64::NAN),
            Self::Long(float) => float,
        }
    }
}

/// Exact numbers with as many digits after the point as their column has, or as they need; floats if these are too many.
fn finish_decimals(decimals: &[Option<Decimal>], output: Output) -> ArrayRef {
    let (Output::Value(kind) | Output::Doubled(kind)) = output;
    let needed = decimals.iter().flatten().map(|decimal| match decimal {
        Decimal::Exact { scale, .. } => *scale,
        Decimal::Long(_) => 0,
    });
    let declared = if let Kind::Decimal(Some(scale)) = kind { scale } else { 0 };
    let scale = needed.max().unwrap_or_default().max(declared).max(0);
    // Half of twice a value may have one digit more: 5 in place of a half.
    let (factor, result_scale) =
        if matches!(output, Output::Doubled(_)) { (5, scale + 1) } else { (1, scale) };
    let units = decimals.iter().map(|decimal| match decimal {
        None => Some(None),
        Some(decimal) => decimal.units(scale).and_then(|units| units.checked_mul(factor)).map(Some),
    });
    let exact = units.collect::<Option<Vec<_>>>().and_then(|units| {
        Decimal128Array::from(units).with_precision_and_scale(MAX_DIGITS, result_scale).ok()
    });
    if let Some(exact) = exact.filter(|exact| exact.validate_decimal_precision(MAX_DIGITS).is_ok()) {
        return Arc::new(exact);
    }
    let half = if matches!(output, Output::Doubled(_)) { 2.0 } else { 1.0 };
    Arc::new(
        decimals
            .iter()
            .map(|decimal| decimal.map(|decimal| decimal.float() / half))
            .collect::<Float64Array>(),
    )
}

/// The day, and the microseconds of it, of `2025-06-15 10:00:00.5`.
fn time(text: &str) -> Option<(i32, i64)> {
    let time = text.trim_end_matches(" UTC").parse::<jiff::civil::DateTime>().ok()?;
    let date = time.date();
    let day = calendar::day(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    let of_day = time.time().duration_since(jiff::civil::Time::midnight());
    Some((day, i64::try_from(of_day.as_micros()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: Kind, output: fn(Kind) -> Output, values: &[Value<'_>]) -> Vec<String> {
        let statement = Statement {
            text: String::new(),
            parameters: Vec::new(),
            columns: Vec::new(),
            outputs: vec![output(kind)],
            keys: 1,
            most_rows: None,
        };
        let mut reply = Reply::to(&statement);
        for value in values {
            reply.push::<UnexpectedReply>([Ok(value.clone())]).unwrap();
        }
        let groups = reply.groups();
        (0..groups.count).map(|row| crate::cell::cell(&groups.dimensions[0], row).to_string()).collect()
    }

    fn text(text: &str) -> Value<'_> {
        Value::Text(text.into())
    }

    #[test]
    fn exact_numbers_keep_their_digits() {
        let values = [text("1.50"), text("-0.005"), Value::Null, text("12345678901234567890"), text("NaN")];
        let written = column(Kind::Decimal(None), Output::Value, &values);
        assert_eq!(written, ["1.5", "-0.005", "null", "12345678901234567890", "null"]);
        let written = column(Kind::Decimal(Some(2)), Output::Value, &[Value::Text("9".repeat(50).into())]);
        assert_eq!(written, ["1e+50"]);
    }

    #[test]
    fn halves_of_doubled_values_are_exact() {
        let values = [text("3"), text("-5"), text("4")];
        assert_eq!(column(Kind::Decimal(Some(0)), Output::Doubled, &values), ["1.5", "-2.5", "2"]);
        assert_eq!(column(Kind::Float, Output::Doubled, &[Value::Float(3.0)]), ["1.5"]);
    }

    #[test]
    fn times_are_read_from_numbers_and_texts() {
        let values = [Value::Integer(0), text("2025-06-15"), Value::Integer(i64::MAX)];
        assert_eq!(column(Kind::Day, Output::Value, &values), ["\"1970-01-01\"", "\"2025-06-15\"", "null"]);
        let values = [text("2025-06-15 10:00:00.500"), Value::Integer(i64::MAX)];
        assert_eq!(column(Kind::Instant, Output::Value, &values), ["\"2025-06-15T10:00:00.5Z\"", "null"]);
    }

    #[test]
    fn what_is_not_what_it_must_be_is_refused() {
        let statement = Statement {
            text: String::new(),
            parameters: Vec::new(),
            columns: Vec::new(),
            outputs: vec![Output::Value(Kind::Integer), Output::Value(Kind::Decimal(None))],
            keys: 0,
            most_rows: None,
        };
        for row in [[text("x"), Value::Null], [Value::Null, text("x")], [Value::Null, Value::Boolean(true)]] {
            assert!(Reply::to(&statement).push::<UnexpectedReply>(row.map(Ok)).is_err());
        }
    }
}
