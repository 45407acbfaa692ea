//! Adds the groups of times at which nothing happened.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Date32Array, TimestampMicrosecondArray, UInt64Array};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use hashbrown::{HashMap, HashSet};
use jiff::tz::TimeZone;
use shared::model::query::TimeUnit;
use shared::model::table::ColumnType;

use super::measures::Measures;
use crate::error::EngineError;
use crate::groups::{Groups, time};
use shared::model::calendar;
use shared::model::resolved::Resolved;

/// How many groups may be added.
const MAX_ADDED: usize = 100_000;

const HOUR_MICROSECONDS: i64 = 3_600_000_000;

/// The groups, and for each combination of the other dimensions those of buckets that it lacks.
pub(crate) fn fill(resolved: &Resolved, groups: Groups, measures: &Measures) -> Result<Groups, EngineError> {
    let of_time =
        resolved.dimensions.iter().zip(0..).find_map(|(dimension, index)| Some((index, dimension.grain?)));
    let Some((index, unit)) = of_time else { return Ok(groups) };
    let present = numbers(&groups.dimensions[index]);
    let Some((first, last)) = bounds(resolved, index, unit, &present) else { return Ok(groups) };
    let buckets = between(first, last, unit, resolved.zone.zone())?;

    let combinations = combinations(&groups, index)?;
    let there: HashSet<(usize, i64)> = combinations
        .of
        .iter()
        .zip(&present)
        .filter_map(|(combination, time)| Some((*combination, (*time)?)))
        .collect();
    let all = combinations.first.len().saturating_mul(buckets.len());
    if all.saturating_sub(there.len()) > MAX_ADDED {
        return Err(too_many());
    }
    let (mut rows, mut times) = (Vec::new(), Vec::new());
    for (combination, row) in combinations.first.iter().enumerate() {
        for bucket in &buckets {
            if !there.contains(&(combination, *bucket)) {
                rows.push(*row);
                times.push(*bucket);
            }
        }
    }
    add(&groups, index, unit, &rows, times, measures).map_err(EngineError::from)
}

fn too_many() -> EngineError {
    EngineError::Overfilled(MAX_ADDED)
}

/// The combinations of all dimensions but one.
struct Combinations {
    /// That of each group.
    of: Vec<usize>,
    /// The first group of each. None where there are no groups.
    first: Vec<Option<u64>>,
}

fn combinations(groups: &Groups, but: usize) -> Result<Combinations, ArrowError> {
    let others: Vec<ArrayRef> = groups
        .dimensions
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != but)
        .map(|(_, values)| Arc::clone(values))
        .collect();
    if others.is_empty() {
        return Ok(Combinations { of: vec![0; groups.count], first: vec![None] });
    }
    let fields = others.iter().map(|values| SortField::new(values.data_type().clone()));
    let rows = RowConverter::new(fields.collect())?.convert_columns(&others)?;
    let (mut known, mut first) = (HashMap::new(), Vec::new());
    let of = rows.iter().zip(0..).map(|(row, index)| {
        *known.entry(row.data()).or_insert_with(|| {
            first.push(Some(index));
            first.len() - 1
        })
    });
    Ok(Combinations { of: of.collect(), first })
}

/// The first and the last bucket: those of the time range, or else of the groups.
fn bounds(resolved: &Resolved, index: usize, unit: TimeUnit, present: &[Option<i64>]) -> Option<(i64, i64)> {
    let column = resolved.dimensions[index].column;
    let range = resolved
        .time
        .filter(|time| time.column == column)
        .and_then(|time| time.bounds.from.zip(time.bounds.to));
    let Some((from, to)) = range else {
        let times = || present.iter().flatten();
        return Some((*times().min()?, *times().max()?));
    };
    let bucket = |time: i64| {
        let times: ArrayRef = match column.column_type {
            ColumnType::Date => Arc::new(Date32Array::from(vec![i32::try_from(time).ok()?])),
            _ => Arc::new(TimestampMicrosecondArray::from(vec![time])),
        };
        numbers(&time::buckets(&times, unit, resolved.zone.zone()))[0]
    };
    Some((bucket(from)?, bucket(to - 1)?))
}

/// All buckets from the first to the last.
fn between(first: i64, last: i64, unit: TimeUnit, zone: &TimeZone) -> Result<Vec<i64>, EngineError> {
    if unit == TimeUnit::Hour {
        let hours = usize::try_from((last - first) / HOUR_MICROSECONDS).unwrap_or(usize::MAX);
        if hours > 2 * MAX_ADDED {
            return Err(too_many());
        }
        // Where clocks change by a part of an hour, hours are shorter.
        let step = usize::try_from(HOUR_MICROSECONDS / 4).unwrap_or(usize::MAX);
        let instants: ArrayRef =
            Arc::new(TimestampMicrosecondArray::from_iter_values((first..=last).step_by(step)));
        let mut hours: Vec<i64> =
            numbers(&time::buckets(&instants, unit, zone)).into_iter().flatten().collect();
        hours.dedup();
        return Ok(hours);
    }
    let mut buckets = Vec::new();
    let (mut day, last) = (to_day(first), to_day(last));
    while day <= last {
        if buckets.len() > 2 * MAX_ADDED {
            return Err(too_many());
        }
        buckets.push(i64::from(day));
        day = calendar::moved(day, 1, unit);
    }
    Ok(buckets)
}

fn add(
    groups: &Groups,
    index: usize,
    unit: TimeUnit,
    rows: &[Option<u64>],
    times: Vec<i64>,
    measures: &Measures,
) -> Result<Groups, ArrowError> {
    let times: ArrayRef = match unit {
        TimeUnit::Hour => Arc::new(TimestampMicrosecondArray::from(times)),
        _ => Arc::new(Date32Array::from_iter_values(times.into_iter().map(to_day))),
    };
    let present = UInt64Array::from_iter_values(0..groups.count as u64);
    let rows: UInt64Array = rows.iter().copied().collect();
    let nothing: UInt64Array = rows.iter().map(|_| None).collect();
    let append = |values: &ArrayRef, indexes: &UInt64Array| -> Result<ArrayRef, ArrowError> {
        concat(&[&take(values, &present, None)?, &take(values, indexes, None)?])
    };
    let dimensions = groups.dimensions.iter().enumerate().map(|(dimension, values)| {
        if dimension == index { concat(&[values, &times]) } else { append(values, &rows) }
    });
    let dimensions = dimensions.collect::<Result<_, _>>()?;
    let aggregates =
        groups.aggregates.iter().map(|values| append(values, &nothing)).collect::<Result<_, _>>()?;
    let mut filled = Groups { count: groups.count + rows.len(), dimensions, aggregates };
    measures.count_nothing(&mut filled);
    Ok(filled)
}

/// Days or microseconds.
fn numbers(times: &ArrayRef) -> Vec<Option<i64>> {
    match times.data_type() {
        DataType::Date32 => times.as_primitive::<Date32Type>().iter().map(|day| day.map(i64::from)).collect(),
        DataType::Timestamp(..) => times.as_primitive::<TimestampMicrosecondType>().iter().collect(),
        _ => vec![None; times.len()],
    }
}

fn to_day(number: i64) -> i32 {
    i32::try_from(number).unwrap_or_default()
}
