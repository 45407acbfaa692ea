//! Conditions over rows in memory: which rows pass.

use std::cmp::Ordering;
use std::sync::Mutex;

use arrow::array::{Array, AsArray as _, BooleanArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int64Type,
    TimestampMicrosecondType, UInt32Type,
};
use memchr::memmem::Finder;
use regex::Regex;

use crate::file::column::ColumnPart;
use crate::file::table::Holding;
use shared::model::resolved::{Condition, Literal, Relation, Test};

/// A condition, made ready for many rows.
#[derive(Debug)]
pub(crate) enum Mask {
    /// All of these hold.
    All(Vec<Mask>),
    /// One of these holds.
    Any(Vec<Mask>),
    /// A column passes a test.
    Column(usize, ColumnTest),
}

/// A test, made ready for a column's values.
#[derive(Debug)]
pub(crate) enum ColumnTest {
    /// Whether it is missing.
    IsNull(bool),
    /// A whole number is, or is not, one of these ranges, both of whose ends are within.
    Integer { ranges: Vec<(i128, i128)>, within: bool },
    /// Any other value.
    Value(ValueTest),
    /// A text that is held as a code: what was found out of each code so far.
    Code(ValueTest, Mutex<Vec<bool>>),
}

/// A test of one value.
#[derive(Debug)]
pub(crate) enum ValueTest {
    Text(Comparison<String>),
    Float(Comparison<f64>),
    Boolean(Comparison<bool>),
    Contains(Regex),
    /// The same for a text that has no letters with cases.
    ContainsExactly(Box<Finder<'static>>),
    /// What no value passes.
    Nothing,
}

/// A comparison with values of one type.
#[derive(Debug)]
pub(crate) enum Comparison<T> {
    Is(Relation, T),
    Between(T, T),
    In(Vec<T>),
    NotIn(Vec<T>),
}

impl Mask {
    /// Makes a condition ready for columns that are held so.
    pub(crate) fn new(condition: &Condition, holding: &impl Fn(usize) -> Option<Holding>) -> Self {
        let all = |conditions: &[Condition]| {
            conditions.iter().map(|condition| Self::new(condition, holding)).collect()
        };
        match condition {
            Condition::All(conditions) => Self::All(all(conditions)),
            Condition::Any(conditions) => Self::Any(all(conditions)),
            Condition::Test(column, test) => {
                Self::Column(*column, ColumnTest::new(test, holding(*column).as_ref()))
            }
        }
    }

    /// Which of so many rows pass; None if all do. `column` gives the rows' values of a column.
    pub(crate) fn rows<'a>(
        &self,
        count: usize,
        column: &impl Fn(usize) -> &'a ColumnPart,
    ) -> Option<BooleanBuffer> {
        match self {
            Self::All(masks) => {
                let rows = masks.iter().filter_map(|mask| mask.rows(count, column));
                rows.reduce(|one, other| &one & &other)
            }
            Self::Any(masks) => {
                let mut rows = BooleanBuffer::new_unset(count);
                for mask in masks {
                    rows = &rows | &mask.rows(count, column)?;
                }
                Some(rows)
            }
            Self::Column(index, test) => Some(test.rows(column(*index))),
        }
    }
}

impl ColumnTest {
    fn new(test: &Test, holding: Option<&Holding>) -> Self {
        match test {
            Test::Null => return Self::IsNull(true),
            Test::NotNull => return Self::IsNull(false),
            _ => {}
        }
        let value = match holding {
            Some(Holding::Codes) => return Self::Code(ValueTest::of_text(test), Mutex::default()),
            Some(Holding::Texts) => ValueTest::of_text(test),
            Some(Holding::Floats) => Comparison::new(test, |literal| match literal {
                Literal::Number(number) => Some(number.to_f64()),
                _ => None,
            })
            .map_or(ValueTest::Nothing, ValueTest::Float),
            Some(Holding::Booleans) => Comparison::new(test, |literal| match literal {
                Literal::Boolean(value) => Some(*value),
                _ => None,
            })
            .map_or(ValueTest::Nothing, ValueTest::Boolean),
            Some(Holding::Units(scale) | Holding::Decimals(scale)) => {
                return integer_test(test, scale.unsigned_abs().into());
            }
            Some(Holding::Days | Holding::Instants) => return integer_test(test, 0),
            None => ValueTest::Nothing,
        };
        Self::Value(value)
    }

    fn rows(&self, column: &ColumnPart) -> BooleanBuffer {
        let values = column.values.as_ref();
        match self {
            Self::IsNull(wanted) => is_null(values, *wanted),
            Self::Integer { ranges, within } => and_valid(integers(values, ranges, *within), values.nulls()),
            Self::Value(test) => and_valid(each(values, test), values.nulls()),
            Self::Code(test, known) => {
                let mut known = known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if let Some(dictionary) = &column.dictionary {
                    let begun = known.len();
                    known.extend(dictionary.texts().iter().skip(begun).map(|text| test.text(text)));
                }
                let codes = values.as_primitive::<UInt32Type>().values();
                let passes = |row: usize| known.get(codes[row] as usize).copied().unwrap_or_default();
                and_valid(BooleanBuffer::collect_bool(codes.len(), passes), values.nulls())
            }
        }
    }
}

impl ValueTest {
    fn of_text(test: &Test) -> Self {
        if let Test::Contains(text) = test {
            if text.chars().all(has_one_case) {
                return Self::ContainsExactly(Box::new(Finder::new(text).into_owned()));
            }
            return ignoring_case(text).map_or(Self::Nothing, Self::Contains);
        }
        let text = |literal: &Literal| match literal {
            Literal::Text(text) => Some(text.clone()),
            _ => None,
        };
        Comparison::new(test, text).map_or(Self::Nothing, Self::Text)
    }

    fn text(&self, text: &str) -> bool {
        match self {
            Self::Contains(regex) => regex.is_match(text),
            Self::ContainsExactly(finder) => finder.find(text.as_bytes()).is_some(),
            Self::Text(comparison) => comparison.holds(|other| Some(text.as_bytes().cmp(other.as_bytes()))),
            _ => false,
        }
    }

    fn float(&self, value: f64) -> bool {
        matches!(self, Self::Float(comparison) if comparison.holds(|other| value.partial_cmp(other)))
    }

    fn boolean(&self, value: bool) -> bool {
        matches!(self, Self::Boolean(comparison) if comparison.holds(|other| Some(value.cmp(other))))
    }
}

impl<T> Comparison<T> {
    /// A test with literals of the type. None if one is not of the type, or it is no comparison.
    fn new(test: &Test, value: impl Fn(&Literal) -> Option<T>) -> Option<Self> {
        let all = |literals: &[Literal]| literals.iter().map(&value).collect::<Option<Vec<T>>>();
        Some(match test {
            Test::Is(relation, literal) => Self::Is(*relation, value(literal)?),
            Test::Between(least, greatest) => Self::Between(value(least)?, value(greatest)?),
            Test::In(literals) => Self::In(all(literals)?),
            Test::NotIn(literals) => Self::NotIn(all(literals)?),
            Test::Null | Test::NotNull | Test::Contains(_) => return None,
        })
    }

    /// Whether a value passes that compares so with others.
    fn holds(&self, compare: impl Fn(&T) -> Option<Ordering>) -> bool {
        let is =
            |relation: Relation, other: &T| compare(other).is_some_and(|ordering| relation.holds(ordering));
        match self {
            Self::Is(relation, other) => is(*relation, other),
            Self::Between(least, greatest) => {
                is(Relation::GreaterOrEqual, least) && is(Relation::LessOrEqual, greatest)
            }
            Self::In(others) => others.iter().any(|other| is(Relation::Equal, other)),
            Self::NotIn(others) => others.iter().all(|other| is(Relation::NotEqual, other)),
        }
    }
}

/// A test of whole numbers, which have so many digits after the point, as ranges.
fn integer_test(test: &Test, scale: u32) -> ColumnTest {
    integer_ranges(test, scale).unwrap_or(ColumnTest::Value(ValueTest::Nothing))
}

fn integer_ranges(test: &Test, scale: u32) -> Option<ColumnTest> {
    let within = |ranges: Vec<(i128, i128)>| ColumnTest::Integer { ranges, within: true };
    let (least, greatest) = (i128::MIN, i128::MAX);
    let below = |literal: &Literal| floor(literal, scale);
    let range = |relation: Relation, literal: &Literal| -> Option<(i128, i128)> {
        let (floor, is_exact) = below(literal)?;
        Some(match relation {
            Relation::Equal | Relation::NotEqual => (floor, floor),
            Relation::Less if is_exact => (least, floor.saturating_sub(1)),
            Relation::Less | Relation::LessOrEqual => (least, floor),
            Relation::GreaterOrEqual if is_exact => (floor, greatest),
            Relation::Greater | Relation::GreaterOrEqual => (floor.saturating_add(1), greatest),
        })
    };
    let equal = |literals: &[Literal]| -> Option<Vec<(i128, i128)>> {
        let values = literals.iter().map(below).collect::<Option<Vec<_>>>()?;
        Some(values.into_iter().filter(|(_, is_exact)| *is_exact).map(|(value, _)| (value, value)).collect())
    };
    Some(match test {
        Test::Is(Relation::Equal, literal) => within(equal(std::slice::from_ref(literal))?),
        Test::Is(Relation::NotEqual, literal) => {
            ColumnTest::Integer { ranges: equal(std::slice::from_ref(literal))?, within: false }
        }
        Test::Is(relation, literal) => within(vec![range(*relation, literal)?]),
        Test::Between(from, to) => {
            let (from, to) = (range(Relation::GreaterOrEqual, from)?, range(Relation::LessOrEqual, to)?);
            within(vec![(from.0, to.1)])
        }
        Test::In(literals) => within(equal(literals)?),
        Test::NotIn(literals) => ColumnTest::Integer { ranges: equal(literals)?, within: false },
        Test::Null | Test::NotNull | Test::Contains(_) => return None,
    })
}

fn floor(literal: &Literal, scale: u32) -> Option<(i128, bool)> {
    match literal {
        Literal::Number(number) => Some(number.floor(scale)),
        Literal::Day(day) => Some((i128::from(*day), true)),
        Literal::Instant(instant) => Some((i128::from(*instant), true)),
        Literal::Text(_) | Literal::Boolean(_) => None,
    }
}

/// Whether no other character is the same but for its case: digits, signs, letters of scripts without cases.
fn has_one_case(character: char) -> bool {
    character.to_lowercase().eq([character]) && character.to_uppercase().eq([character])
}

/// What finds a text, whatever the case. None if it is too long to look for.
fn ignoring_case(text: &str) -> Option<Regex> {
    regex::RegexBuilder::new(&regex::escape(text)).case_insensitive(true).build().ok()
}

fn is_null(values: &dyn Array, wanted: bool) -> BooleanBuffer {
    match (values.nulls(), wanted) {
        (None, true) => BooleanBuffer::new_unset(values.len()),
        (None, false) => BooleanBuffer::new_set(values.len()),
        (Some(nulls), true) => !nulls.inner(),
        (Some(nulls), false) => nulls.inner().clone(),
    }
}

fn and_valid(rows: BooleanBuffer, nulls: Option<&NullBuffer>) -> BooleanBuffer {
    match nulls {
        Some(nulls) => &rows & nulls.inner(),
        None => rows,
    }
}

fn integers(values: &dyn Array, ranges: &[(i128, i128)], within: bool) -> BooleanBuffer {
    match values.data_type() {
        DataType::Int64 => in_ranges(values.as_primitive::<Int64Type>().values(), ranges, within),
        DataType::Timestamp(..) => {
            in_ranges(values.as_primitive::<TimestampMicrosecondType>().values(), ranges, within)
        }
        DataType::Date32 => in_ranges(values.as_primitive::<Date32Type>().values(), ranges, within),
        DataType::Decimal128(..) => {
            in_ranges(values.as_primitive::<Decimal128Type>().values(), ranges, within)
        }
        _ => BooleanBuffer::new_unset(values.len()),
    }
}

fn in_ranges<N: Copy + Ord + TryFrom<i128> + Bounded>(
    values: &[N],
    ranges: &[(i128, i128)],
    within: bool,
) -> BooleanBuffer {
    let clamp = |value: i128, limit: N| N::try_from(value).unwrap_or(limit);
    let ranges: Vec<(N, N)> = ranges
        .iter()
        .filter(|(from, to)| from <= to && !N::is_above(*from) && !N::is_below(*to))
        .map(|(from, to)| (clamp(*from, N::LEAST), clamp(*to, N::GREATEST)))
        .collect();
    match &ranges[..] {
        [] => BooleanBuffer::collect_bool(values.len(), |_| !within),
        [(from, to)] => BooleanBuffer::collect_bool(values.len(), |row| {
            (*from <= values[row] && values[row] <= *to) == within
        }),
        several => BooleanBuffer::collect_bool(values.len(), |row| {
            several.iter().any(|(from, to)| *from <= values[row] && values[row] <= *to) == within
        }),
    }
}

/// Whole numbers with ends.
trait Bounded: Sized {
    const LEAST: Self;
    const GREATEST: Self;
    fn is_above(value: i128) -> bool;
    fn is_below(value: i128) -> bool;
}

macro_rules! bounded {
    ($($number:ty)+) => { $(impl Bounded for $number {
        const LEAST: Self = Self::MIN;
        const GREATEST: Self = Self::MAX;
        fn is_above(value: i128) -> bool { value > i128::from(Self::MAX) }
        fn is_below(value: i128) -> bool { value < i128::from(Self::MIN) }
    })+ };
}
bounded!(i32 i64 i128);

fn each(values: &dyn Array, test: &ValueTest) -> BooleanBuffer {
    match values.data_type() {
        DataType::Utf8View => {
            let texts = values.as_string_view();
            BooleanBuffer::collect_bool(values.len(), |row| test.text(texts.value(row)))
        }
        DataType::Boolean => {
            let booleans: &BooleanArray = values.as_boolean();
            BooleanBuffer::collect_bool(values.len(), |row| test.boolean(booleans.value(row)))
        }
        DataType::Float64 => {
            let floats = values.as_primitive::<Float64Type>();
            BooleanBuffer::collect_bool(values.len(), |row| test.float(floats.value(row)))
        }
        _ => BooleanBuffer::new_unset(values.len()),
    }
}

/// Which rows have a time within bounds.
pub(crate) fn within<T: ArrowPrimitiveType>(
    values: &dyn Array,
    from: T::Native,
    to: T::Native,
) -> BooleanBuffer
where
    T::Native: PartialOrd,
{
    let times = values.as_primitive::<T>().values();
    let rows = BooleanBuffer::collect_bool(times.len(), |row| from <= times[row] && times[row] < to);
    and_valid(rows, values.nulls())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_one_case_is_found_by_no_other_character() {
        let (one_case, cased): (Vec<char>, Vec<char>) = ('\0'..=char::MAX).partition(|it| has_one_case(*it));
        assert!(one_case.contains(&'9') && one_case.contains(&'日') && cased.contains(&'ß'));
        // A class of characters, whatever their case, has none that are not in it: so no cased one is the same as one of these.
        let class: Vec<String> = one_case.iter().map(|it| format!(r"\u{{{:x}}}", u32::from(*it))).collect();
        let class = format!("^(?i:[{}])$", class.concat());
        let regex = regex::RegexBuilder::new(&class).size_limit(1 << 30).build().unwrap();
        for character in cased {
            assert!(!regex.is_match(&character.to_string()), "{character:?}");
        }
    }
}
