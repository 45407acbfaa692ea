//! Groups of a table's rows, and what is computed of each: all that is asked of whatever holds the data. The rest of an answer is made
//! of them.

pub(crate) mod float_sum;
pub(crate) mod mask;
pub(crate) mod plan;
pub(crate) mod rows;
pub(crate) mod time;

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef};

use shared::model::query::{Offset, TimeUnit, ZoneName};
use shared::model::resolved::{Column, Condition, Dimension, Order, Resolved, TimeBounds};

/// What is computed of each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregate {
    /// How many rows there are.
    CountRows,
    /// How many values there are.
    Count(Column),
    /// How many different values there are.
    DistinctCount(Column),
    /// Their sum.
    Sum(Column),
    /// The least.
    Min(Column),
    /// The greatest.
    Max(Column),
    /// The one in the middle.
    Median(Column),
}

impl Aggregate {
    /// What it is computed of.
    pub(crate) fn column(self) -> Option<Column> {
        match self {
            Self::CountRows => None,
            Self::Count(column)
            | Self::DistinctCount(column)
            | Self::Sum(column)
            | Self::Min(column)
            | Self::Max(column)
            | Self::Median(column) => Some(column),
        }
    }
}

/// Which groups of which rows.
#[derive(Clone, Debug)]
pub(crate) struct Grouping<'a> {
    pub(crate) zone: &'a ZoneName,
    /// Which rows, by their time.
    pub(crate) time: Option<TimeBounds>,
    /// How much later times of that column are taken to be than they are: the groups of before.
    pub(crate) moved: Option<Offset>,
    /// Which rows.
    pub(crate) condition: &'a Condition,
    /// What to group by.
    pub(crate) dimensions: Vec<&'a Dimension>,
    /// Which values of one of `all_dimensions` are kept, or left out.
    pub(crate) values: Option<Values<'a>>,
    /// What to compute.
    pub(crate) aggregates: &'a [Aggregate],
    /// Which groups are enough. All may be answered.
    pub(crate) first: Option<First>,
}

impl<'a> Grouping<'a> {
    /// The groups of a query's rows.
    pub(crate) fn of(resolved: &'a Resolved, aggregates: &'a [Aggregate]) -> Self {
        Self {
            zone: &resolved.zone,
            time: resolved.time,
            moved: None,
            condition: &resolved.condition,
            dimensions: resolved.dimensions.iter().collect(),
            values: None,
            aggregates,
            first: None,
        }
    }
}

/// The first groups in an order.
#[derive(Clone, Debug)]
pub(crate) struct First {
    /// What comes first: `output` is the index of a dimension, or, after those, of an aggregate.
    pub(crate) orders: Vec<Order>,
    /// How many.
    pub(crate) count: usize,
}

/// Which rows, by the value of a dimension.
#[derive(Clone, Debug)]
pub(crate) struct Values<'a> {
    /// The dimension.
    pub(crate) dimension: &'a Dimension,
    /// The values, as groups have them.
    pub(crate) values: ArrayRef,
    /// Whether rows with these are kept, or all others.
    pub(crate) kept: bool,
}

/// Groups with what was computed of each. Integers and decimals are `Int64` or `Decimal128`, texts `Utf8View`.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// How many.
    pub(crate) count: usize,
    /// For each dimension, the groups' values.
    pub(crate) dimensions: Vec<ArrayRef>,
    /// For each aggregate, what was computed.
    pub(crate) aggregates: Vec<ArrayRef>,
}

impl Groups {
    /// Those at the indexes; at a null, nothing.
    pub(crate) fn take(&self, indexes: &arrow::array::UInt64Array) -> Result<Self, arrow::error::ArrowError> {
        let take = |arrays: &[ArrayRef]| -> Result<Vec<ArrayRef>, arrow::error::ArrowError> {
            arrays.iter().map(|array| arrow::compute::take(array, indexes, None)).collect()
        };
        Ok(Self {
            count: indexes.len(),
            dimensions: take(&self.dimensions)?,
            aggregates: take(&self.aggregates)?,
        })
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        let arrays = self.dimensions.iter().chain(&self.aggregates);
        arrays.map(|array: &Arc<dyn arrow::array::Array>| array.get_array_memory_size()).sum()
    }
}

/// How many days later a time may be once it is moved: at least, and at most. Days are moved by calendars, whose months differ: a few
/// more on either side do no harm.
pub(crate) fn days_later(offset: Offset) -> (i64, i64) {
    let hours = match offset.unit {
        TimeUnit::Hour => 1,
        TimeUnit::Day => 24,
        TimeUnit::Week => 24 * 7,
        TimeUnit::Month => 24 * 31,
        TimeUnit::Quarter => 24 * 92,
        TimeUnit::Year => 24 * 366,
    };
    let most = i64::from(offset.count) * hours / 24 + 5;
    (most * 9 / 10 - 10, most)
}
