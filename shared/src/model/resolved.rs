//! A resolved query: what a query means for one table at one time. Names have become columns, words of time bounds, and texts values.
//!
//! It is all that an engine needs to know, whichever holds the data, and it is what an answer is kept under: two queries that are
//! resolved alike have the same answer.

use crate::model::query::{Aggregation, Offset, TimeUnit, ZoneName};
use crate::model::table::ColumnType;
use serde::Serialize;

/// A resolved query.
#[derive(Clone, Debug, Serialize)]
pub struct Resolved {
    /// Which of the data source's tables.
    pub table: usize,
    /// Whose days are meant.
    pub zone: ZoneName,
    /// Which rows, by their time.
    pub time: Option<TimeBounds>,
    /// Which rows.
    pub condition: Condition,
    /// What to group by.
    pub dimensions: Vec<Dimension>,
    /// What to compute of each group.
    pub measures: Vec<Measure>,
    /// Which groups: `column` of a condition is the index of a measure.
    pub having: Condition,
    /// What comes first. It is complete: no two groups are alike in all of it.
    pub order: Vec<Order>,
    /// Which values of a dimension to keep.
    pub top: Option<Top>,
    /// Whether to add the buckets in which nothing happened.
    pub fill: bool,
    /// Whether to compute the measures of all rows.
    pub totals: bool,
    /// How long before is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<Offset>,
    /// How many groups at most.
    pub limit: usize,
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its index.
    pub index: usize,
    /// What it holds.
    pub column_type: ColumnType,
}

/// A column that is within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TimeBounds {
    /// A date or a datetime.
    pub column: Column,
    /// In days since 1970 for a date, in microseconds for a datetime.
    pub bounds: Bounds,
}

/// From the first until before the second, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// The first.
    pub from: Option<i64>,
    /// The first after.
    pub to: Option<i64>,
}

/// A bound of a column as JSON says it, without the quotes.
pub fn write_bound(column: Column, bound: i64) -> String {
    let mut text = String::new();
    match (column.column_type, i32::try_from(bound)) {
        (ColumnType::Date, Ok(day)) => crate::model::calendar::write_date(&mut text, day),
        _ => crate::model::calendar::write_datetime(&mut text, bound),
    }
    text
}

impl Bounds {
    /// Whether it is within.
    pub fn contains(self, time: i64) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }
}

/// What to group by.
#[derive(Clone, Debug, Serialize)]
pub struct Dimension {
    /// Its name in the result.
    pub name: String,
    /// What is grouped.
    pub column: Column,
    /// How finely a time is grouped.
    pub grain: Option<TimeUnit>,
}

impl Dimension {
    /// What the groups' values are.
    pub fn column_type(&self) -> ColumnType {
        match self.grain {
            Some(TimeUnit::Hour) => ColumnType::Datetime,
            Some(_) => ColumnType::Date,
            None => self.column.column_type,
        }
    }
}

/// What to compute of each group.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    /// Its name in the result.
    pub name: String,
    /// How.
    pub formula: Formula,
    /// What it comes to.
    pub column_type: ColumnType,
}

/// How a measure is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Formula {
    /// How many rows there are.
    CountRows,
    /// Something is made of a column's values.
    Aggregate(Aggregation, Column),
    /// An earlier measure is divided by another.
    Ratio(usize, usize),
}

impl Formula {
    /// Whether it counts: where there is nothing, it is 0.
    pub fn counts(self) -> bool {
        matches!(self, Self::CountRows | Self::Aggregate(Aggregation::Count | Aggregation::DistinctCount, _))
    }
}

/// Which rows, or groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Condition {
    /// All of these hold; all rows if there are none.
    All(Vec<Condition>),
    /// One of these holds.
    Any(Vec<Condition>),
    /// A column passes a test.
    Test(usize, Test),
}

impl Condition {
    /// The columns that it tests.
    pub fn add_columns(&self, columns: &mut Vec<usize>) {
        match self {
            Self::All(conditions) | Self::Any(conditions) => {
                for condition in conditions {
                    condition.add_columns(columns);
                }
            }
            Self::Test(column, _) => columns.push(*column),
        }
    }
}

/// What a value is tested for. Null passes none but the test for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Test {
    /// Is missing.
    Null,
    /// Is there.
    NotNull,
    /// Stands so to a value.
    Is(Relation, Literal),
    /// Is between two values, or one of them.
    Between(Literal, Literal),
    /// Is one of these.
    In(Vec<Literal>),
    /// Is none of these.
    NotIn(Vec<Literal>),
    /// Has this text in it, whatever the case.
    Contains(String),
}

/// How two values stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// Whether two values that compare so stand so.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// A value that a client wrote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A number.
    Number(crate::model::number::Number),
    /// True or false.
    Boolean(bool),
    /// A day, as days since 1970.
    Day(i32),
    /// An instant, as microseconds since 1970.
    Instant(i64),
}

/// What comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The index of a dimension, or, after those, of a measure.
    pub output: usize,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Whether what is missing comes first.
    pub nulls_first: bool,
}

/// Which values of a dimension to keep: the first by a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Top {
    /// The dimension's index.
    pub dimension: usize,
    /// The measure's index.
    pub by: usize,
    /// How many values.
    pub count: usize,
    /// Whether the rest is a row.
    pub other: bool,
}
