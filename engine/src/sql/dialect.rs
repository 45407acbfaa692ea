//! What a dialect says: how each operator, aggregation, grain and function is written.

use shared::model::query::TimeUnit;
use shared::model::table::{Column, ColumnType};

use super::parameter::Parameter;

/// How a database writes what statements are made of. Expressions are given and returned as text.
pub(crate) trait Dialect: Send + Sync {
    /// A name, quoted.
    fn name(&self, name: &str) -> String;

    /// The parameter in that place, counted from 1.
    fn parameter(&self, place: usize, parameter: &Parameter) -> String;

    /// A text that is compared as the column's own collation says.
    fn collated(&self, place: usize) -> String {
        self.parameter(place, &Parameter::Text(String::new()))
    }

    /// Whether texts may have the character NUL in them.
    fn has_nul(&self) -> bool;

    /// How the values of a column are written. `name` is the column, quoted.
    fn column(&self, name: &str, column: &Column) -> ColumnText;

    /// Whether a column has a text in it, whatever the case: `pattern` is a regular expression of classes and of characters that are
    /// escaped by a backslash where they could mean something.
    fn matches(&self, column: &ColumnText, pattern: &str) -> String;

    /// An instant in UTC as one of the type that knows its time zone.
    fn zoned(&self, instant: &str) -> String;

    /// A constant instant.
    fn instant(&self, microseconds: i64) -> String;

    /// A stretch of so many seconds.
    fn seconds(&self, seconds: i64) -> String;

    /// A time, later by a stretch of seconds.
    fn later(&self, time: &str, seconds: &str) -> String;

    /// A time, so many units later; what a month does not have is its last day.
    fn moved(&self, time: &str, count: u32, unit: TimeUnit) -> String;

    /// A day, so many units later.
    fn moved_day(&self, day: &str, count: u32, unit: TimeUnit) -> String;

    /// The first day of the unit that a day, or a time, is in. Never hours.
    fn start(&self, time: &str, unit: TimeUnit) -> String;

    /// The hour that a time is in.
    fn hour(&self, time: &str) -> String;

    /// The sum of whole numbers, which may have more than 64 bits.
    fn sum_of_integers(&self, values: &str) -> String {
        format!("SUM({values})")
    }

    /// A whole number, as one that has room for twice as much.
    fn wide(&self, integer: &str) -> String {
        integer.to_owned()
    }

    /// How many digits after the point an exact number may have that a column is compared with; more of them say only on which side
    /// of a value it is.
    fn scale(&self, _kind: Kind) -> u32 {
        30
    }

    /// An exact number that a column is compared with. None if it is beyond all that the column can hold.
    fn exact(&self, digits: String, _kind: Kind) -> Option<Parameter> {
        Some(match digits.parse() {
            Ok(integer) => Parameter::Integer(integer),
            Err(_) => Parameter::Decimal(digits),
        })
    }

    /// What comes first.
    fn order(&self, value: &str, descending: bool, nulls_first: bool) -> String {
        let direction = if descending { "DESC" } else { "ASC" };
        let nulls = if nulls_first { "FIRST" } else { "LAST" };
        format!("{value} {direction} NULLS {nulls}")
    }

    /// A value as the reply has it.
    fn reply(&self, value: &str, kind: Kind) -> String;
}

/// How the values of a column are written.
#[derive(Clone, Debug)]
pub(crate) struct ColumnText {
    /// The column as it is: what an index knows.
    pub(crate) raw: String,
    /// What is equal only to what is the same: texts by their bytes.
    pub(crate) exact: String,
    /// Whether `raw` is equal to all that `exact` is equal to, and maybe to more, so that an index can be asked first.
    pub(crate) is_collated: bool,
    /// What has our order, and is grouped by.
    pub(crate) value: String,
    /// What holds of values that we take; others are taken for null. None if we take all.
    pub(crate) is_taken: Option<String>,
    /// What the values are.
    pub(crate) kind: Kind,
    /// Whether it holds instants with a time zone.
    pub(crate) is_zoned: bool,
}

impl ColumnText {
    /// A column whose values are taken as they are.
    pub(crate) fn plain(name: &str, kind: Kind) -> Self {
        Self {
            raw: name.to_owned(),
            exact: name.to_owned(),
            is_collated: false,
            value: name.to_owned(),
            is_taken: None,
            kind,
            is_zoned: false,
        }
    }

    /// The value, or null where it is not taken.
    pub(crate) fn taken(&self) -> String {
        match &self.is_taken {
            Some(condition) => format!("CASE WHEN {condition} THEN {} END", self.value),
            None => self.value.clone(),
        }
    }
}

/// What a value is, more closely than its column type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    /// An exact number with so many digits after the point, where that is known.
    Decimal(Option<i8>),
    Float,
    Boolean,
    Day,
    Instant,
}

impl Kind {
    /// That of a column that holds no numbers with digits after the point.
    pub(crate) fn of(column_type: ColumnType) -> Self {
        match column_type {
            ColumnType::Text => Self::Text,
            ColumnType::Integer => Self::Integer,
            ColumnType::Number => Self::Float,
            ColumnType::Date => Self::Day,
            ColumnType::Datetime => Self::Instant,
            ColumnType::Boolean => Self::Boolean,
        }
    }
}

/// The digits after the point that a type says: 2 of `numeric(10,2)`, 0 of `decimal(10)`. None if it says none.
pub(crate) fn scale(native_type: &str) -> Option<i8> {
    let (_, digits) = native_type.split_once('(')?;
    let (digits, _) = digits.split_once(')')?;
    digits.split_once(',').map_or(Some(0), |(_, scale)| scale.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_say_their_digits() {
        assert_eq!(scale("numeric(10,2)"), Some(2));
        assert_eq!(scale("decimal(20, 0) unsigned"), Some(0));
        assert_eq!(scale("decimal(20)"), Some(0));
        assert_eq!(scale("numeric"), None);
    }
}
