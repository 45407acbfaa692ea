//! Makes an answer of groups: what is the same whichever engine has grouped the rows. See docs/queries.md for what it means.

mod compare;
mod fill;
pub(crate) mod measures;
mod order;
pub(crate) mod quotient;

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, UInt64Array, new_null_array};
use arrow::compute;
use futures_util::future::BoxFuture;

use crate::error::EngineError;
use crate::groups::{First, Grouping, Groups, Values};
use measures::Measures;
use shared::model::resolved::{Condition, Dimension, Order, Resolved, Top};

/// What groups a table's rows.
pub(crate) trait Group: Sync {
    /// The groups.
    fn group<'a>(&'a self, grouping: Grouping<'a>) -> BoxFuture<'a, Result<Groups, EngineError>>;
}

/// The columns of an answer, and what is beside its rows.
#[derive(Debug)]
pub(crate) struct Assembled {
    /// For each dimension, measure and measure of before, the rows' values.
    pub(crate) columns: Vec<ArrayRef>,
    /// The measures of all rows, and those of before: one value each.
    pub(crate) totals: Option<Vec<ArrayRef>>,
    /// Which row is the rest of `top`.
    pub(crate) other_row: Option<usize>,
    /// Whether there are more groups.
    pub(crate) truncated: bool,
}

/// Asks for the groups that the query needs, and makes its answer of them.
pub(crate) async fn assemble(resolved: &Resolved, group: &dyn Group) -> Result<Assembled, EngineError> {
    Assembly { resolved, group, measures: Measures::of(&resolved.measures) }.run().await
}

struct Assembly<'a> {
    resolved: &'a Resolved,
    group: &'a dyn Group,
    measures: Measures,
}

impl<'a> Assembly<'a> {
    async fn run(&self) -> Result<Assembled, EngineError> {
        let Resolved { top, totals, limit, .. } = self.resolved;
        let kept = match top {
            Some(top) => Some(self.top_values(*top).await?),
            None => None,
        };
        let values = |kept_ones: bool| {
            let (top, values) = top.as_ref().zip(kept.as_ref())?;
            let dimension = &self.resolved.dimensions[top.dimension];
            Some(Values { dimension, values: Arc::clone(values), kept: kept_ones })
        };
        let all: Vec<&Dimension> = self.resolved.dimensions.iter().collect();
        let rest = async {
            match top {
                Some(Top { other: true, .. }) => self.both(Vec::new(), values(false), None).await.map(Some),
                _ => Ok(None),
            }
        };
        let whole =
            async { if *totals { self.both(Vec::new(), None, None).await.map(Some) } else { Ok(None) } };
        let (rows, rest, whole) = futures_util::future::try_join3(
            self.both(all, values(true), self.measures.first(self.resolved)),
            rest,
            whole,
        )
        .await?;

        let (groups, before) = rows;
        let groups =
            if self.resolved.fill { fill::fill(self.resolved, groups, &self.measures)? } else { groups };
        let measures = self.measures.compute(&groups)?;
        let passing = order::passing(&self.resolved.having, &measures, groups.count);
        let outputs: Vec<ArrayRef> = groups.dimensions.iter().chain(&measures).cloned().collect();
        let indexes = order::ordered(&self.resolved.order, &outputs, groups.count, passing.as_ref(), *limit)?;
        let truncated = passing.map_or(groups.count, |passing| passing.true_count()) > indexes.len();
        let mut columns: Vec<ArrayRef> =
            outputs.iter().map(|array| compute::take(array, &indexes, None)).collect::<Result<_, _>>()?;
        if let Some(before) = before {
            let matching =
                compare::matching(&groups.dimensions, &before.dimensions, groups.count, before.count)?;
            let matching = compute::take(&matching, &indexes, None)?;
            columns.extend(self.measures.of_matching(&before, matching.as_primitive())?);
        }
        let mut other_row = None;
        // The rest is there if there is any such row.
        if let Some((rest, before)) = rest
            && self.measures.rows(&rest) > 0
        {
            other_row = Some(indexes.len());
            columns = self.append(&columns, &rest, before.as_ref())?;
        }
        let totals = match whole {
            Some((whole, before)) => Some(self.all_measures(&whole, before.as_ref())?),
            None => None,
        };
        Ok(Assembled { columns, totals, other_row, truncated })
    }

    /// The groups, and those of before where the query compares.
    async fn both(
        &self,
        dimensions: Vec<&'a Dimension>,
        values: Option<Values<'a>>,
        first: Option<First>,
    ) -> Result<(Groups, Option<Groups>), EngineError> {
        let grouping = self.grouping(dimensions, values);
        let before = async {
            match self.resolved.compare {
                Some(offset) => {
                    // What is before a group may be anywhere among them.
                    let moved = Grouping { moved: Some(offset), ..grouping.clone() };
                    self.group.group(moved).await.map(Some)
                }
                None => Ok(None),
            }
        };
        let grouping_of_now = Grouping { first, ..grouping.clone() };
        futures_util::future::try_join(self.group.group(grouping_of_now), before).await
    }

    fn grouping<'b>(&'b self, dimensions: Vec<&'b Dimension>, values: Option<Values<'b>>) -> Grouping<'b> {
        Grouping { dimensions, values, ..Grouping::of(self.resolved, &self.measures.aggregates) }
    }

    /// The values of a dimension that are kept.
    async fn top_values(&self, top: Top) -> Result<ArrayRef, EngineError> {
        let dimension = &self.resolved.dimensions[top.dimension];
        let descending = Order { output: 1, descending: true, nulls_first: false };
        let order = [descending, Order { output: 0, descending: false, nulls_first: false }];
        let first = self.measures.aggregate(top.by).map(|aggregate| First {
            orders: vec![Order { output: 1 + aggregate, ..descending }, order[1]],
            count: top.count,
        });
        let grouping = Grouping { first, ..self.grouping(vec![dimension], None) };
        let groups = self.group.group(grouping).await?;
        let by = Arc::clone(&self.measures.compute(&groups)?[top.by]);
        let value = Arc::clone(&groups.dimensions[0]);
        let indexes = order::ordered(&order, &[Arc::clone(&value), by], groups.count, None, top.count)?;
        Ok(compute::take(&value, &indexes, None)?)
    }

    /// The measures of one group, and those of before.
    fn all_measures(&self, groups: &Groups, before: Option<&Groups>) -> Result<Vec<ArrayRef>, EngineError> {
        let mut measures = self.measures.compute(groups)?;
        if let Some(before) = before {
            let first = UInt64Array::from(vec![(before.count > 0).then_some(0)]);
            measures.extend(self.measures.of_matching(before, &first)?);
        }
        Ok(measures)
    }

    fn append(
        &self,
        columns: &[ArrayRef],
        rest: &Groups,
        before: Option<&Groups>,
    ) -> Result<Vec<ArrayRef>, EngineError> {
        let measures = self.all_measures(rest, before)?;
        let dimensions = self.resolved.dimensions.len();
        let last = columns.iter().enumerate().map(|(index, column)| match index.checked_sub(dimensions) {
            Some(measure) => Arc::clone(&measures[measure]),
            None => new_null_array(column.data_type(), 1),
        });
        let appended = columns.iter().zip(last).map(|(column, last)| quotient::concat(column, &last));
        Ok(appended.collect::<Result<_, _>>()?)
    }
}

/// What a condition on measures needs to know of them.
pub(crate) fn is_nothing(condition: &Condition) -> bool {
    matches!(condition, Condition::All(conditions) if conditions.is_empty())
}
