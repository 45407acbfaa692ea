//! Measures, made of what was aggregated.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Int64Array, UInt64Array};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use shared::model::query::Aggregation;

use super::quotient::quotient;
use crate::groups::{Aggregate, First, Groups};
use shared::model::resolved::{Formula, Measure, Order, Resolved};

/// What is aggregated for measures, and how they are made of it.
#[derive(Debug)]
pub(crate) struct Measures {
    /// What is aggregated, each only once. How many rows there are is among it.
    pub(crate) aggregates: Vec<Aggregate>,
    made: Vec<Made>,
    rows: usize,
}

/// How a measure is made.
#[derive(Clone, Copy, Debug)]
enum Made {
    /// It is an aggregate.
    Aggregate(usize),
    /// It is an aggregate divided by another.
    Quotient(usize, usize),
    /// It is an earlier measure divided by another.
    Ratio(usize, usize),
}

impl Measures {
    pub(crate) fn of(measures: &[Measure]) -> Self {
        let mut aggregates = Vec::new();
        let mut add = |aggregate: Aggregate| {
            aggregates.iter().position(|other| *other == aggregate).unwrap_or_else(|| {
                aggregates.push(aggregate);
                aggregates.len() - 1
            })
        };
        let made = measures.iter().map(|measure| match measure.formula {
            Formula::CountRows => Made::Aggregate(add(Aggregate::CountRows)),
            Formula::Ratio(dividend, divisor) => Made::Ratio(dividend, divisor),
            Formula::Aggregate(Aggregation::Average, column) => {
                Made::Quotient(add(Aggregate::Sum(column)), add(Aggregate::Count(column)))
            }
            Formula::Aggregate(Aggregation::Sum, column) => Made::Aggregate(add(Aggregate::Sum(column))),
            Formula::Aggregate(Aggregation::Count, column) => Made::Aggregate(add(Aggregate::Count(column))),
            Formula::Aggregate(Aggregation::DistinctCount, column) => {
                Made::Aggregate(add(Aggregate::DistinctCount(column)))
            }
            Formula::Aggregate(Aggregation::Min, column) => Made::Aggregate(add(Aggregate::Min(column))),
            Formula::Aggregate(Aggregation::Max, column) => Made::Aggregate(add(Aggregate::Max(column))),
            Formula::Aggregate(Aggregation::Median, column) => {
                Made::Aggregate(add(Aggregate::Median(column)))
            }
        });
        let made = made.collect();
        let rows = add(Aggregate::CountRows);
        Self { aggregates, made, rows }
    }

    /// The aggregate that a measure is. None if it is made of several.
    pub(crate) fn aggregate(&self, measure: usize) -> Option<usize> {
        match self.made.get(measure)? {
            Made::Aggregate(index) => Some(*index),
            Made::Quotient(..) | Made::Ratio(..) => None,
        }
    }

    /// The groups that are enough for the rows of an answer: as many as there may be, and one that says that there are more. None where
    /// it takes all groups to know which come first.
    pub(crate) fn first(&self, resolved: &Resolved) -> Option<First> {
        if resolved.fill || !super::is_nothing(&resolved.having) {
            return None;
        }
        let dimensions = resolved.dimensions.len();
        let orders = resolved.order.iter().map(|order| match order.output.checked_sub(dimensions) {
            None => Some(*order),
            Some(measure) => Some(Order { output: dimensions + self.aggregate(measure)?, ..*order }),
        });
        Some(First { orders: orders.collect::<Option<_>>()?, count: resolved.limit.saturating_add(1) })
    }

    /// The measures of groups.
    pub(crate) fn compute(&self, groups: &Groups) -> Result<Vec<ArrayRef>, ArrowError> {
        let mut measures: Vec<ArrayRef> = Vec::with_capacity(self.made.len());
        for made in &self.made {
            let measure = match *made {
                Made::Aggregate(index) => Arc::clone(&groups.aggregates[index]),
                Made::Quotient(dividend, divisor) => {
                    quotient(&groups.aggregates[dividend], &groups.aggregates[divisor])?
                }
                Made::Ratio(dividend, divisor) => quotient(&measures[dividend], &measures[divisor])?,
            };
            measures.push(measure);
        }
        Ok(measures)
    }

    /// The measures of the groups at the indexes; of nothing at a null.
    pub(crate) fn of_matching(
        &self,
        groups: &Groups,
        indexes: &UInt64Array,
    ) -> Result<Vec<ArrayRef>, ArrowError> {
        let mut matching = groups.take(indexes)?;
        self.count_nothing(&mut matching);
        self.compute(&matching)
    }

    /// Where there is nothing, counts are 0.
    pub(crate) fn count_nothing(&self, groups: &mut Groups) {
        for (aggregate, values) in self.aggregates.iter().zip(&mut groups.aggregates) {
            let counts =
                matches!(aggregate, Aggregate::CountRows | Aggregate::Count(_) | Aggregate::DistinctCount(_));
            if counts && values.null_count() > 0 {
                let counts = values
                    .as_primitive::<Int64Type>()
                    .iter()
                    .map(|count: Option<i64>| count.unwrap_or_default());
                *values = Arc::new(Int64Array::from_iter_values(counts));
            }
        }
    }

    /// How many rows are in the first group.
    pub(crate) fn rows(&self, groups: &Groups) -> i64 {
        let counts = groups.aggregates[self.rows].as_primitive::<Int64Type>();
        if groups.count == 0 { 0 } else { counts.value(0) }
    }
}
