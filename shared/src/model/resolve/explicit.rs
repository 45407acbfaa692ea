//! A query that says all that it leaves open.

use crate::model::query::{Direction, FieldName, Nulls, OrderBy, Query, TimeRange, ZoneName};
use crate::model::resolved::{Order, Resolved, TimeBounds, write_bound};

/// The query with its table, its names, its bounds, its order, its limit and its zone, as they were found out. It is resolved to the
/// same, whenever that is done: a range that moves with the day has become bounds.
pub fn explicit(query: &Query, table: &str, resolved: &Resolved) -> Query {
    // A name that was made of a long one may be too long to be said; it is made again.
    let name = |name: &str| FieldName::parse(name).ok();
    let Resolved { dimensions, measures, .. } = resolved;
    let mut explicit = query.clone();
    explicit.table = name(table);
    for (dimension, resolved) in explicit.dimensions.iter_mut().zip(dimensions) {
        dimension.alias = name(&resolved.name);
    }
    for (measure, resolved) in explicit.measures.iter_mut().zip(measures) {
        measure.alias = name(&resolved.name);
    }
    explicit.time_range =
        query.time_range.as_ref().zip(resolved.time).map(|(range, time)| bounds(range, time));
    let names = dimensions.iter().map(|it| &it.name).chain(measures.iter().map(|it| &it.name));
    let names: Vec<&String> = names.collect();
    explicit.order_by = resolved
        .order
        .iter()
        .filter_map(|order| Some(order_by(name(names.get(order.output)?)?, *order)))
        .collect();
    explicit.limit = Some(resolved.limit as u64);
    explicit.timezone = Some(ZoneName::clone(&resolved.zone));
    explicit
}

fn bounds(range: &TimeRange, time: TimeBounds) -> TimeRange {
    let written = |bound: Option<i64>| bound.map(|bound| write_bound(time.column, bound));
    TimeRange {
        field: range.field.clone(),
        range: None,
        include_current: None,
        from: written(time.bounds.from),
        to: written(time.bounds.to),
    }
}

fn order_by(field: FieldName, order: Order) -> OrderBy {
    OrderBy {
        field,
        direction: if order.descending { Direction::Descending } else { Direction::Ascending },
        nulls: Some(if order.nulls_first { Nulls::First } else { Nulls::Last }),
    }
}
