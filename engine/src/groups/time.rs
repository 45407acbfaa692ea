//! Times of rows: moved forward for a comparison, and the buckets that they are in.

use std::cell::Cell;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, Date32Array, TimestampMicrosecondArray};
use arrow::compute;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use jiff::tz::TimeZone;
use shared::model::query::{Offset, TimeUnit};

use crate::zone::ZoneTable;
use shared::model::calendar::{self, DAY_MICROSECONDS};

const HOUR_MICROSECONDS: i64 = 3_600_000_000;

/// The bucket of each time, a day or an instant: a day, or for hours an instant.
pub(crate) fn buckets(times: &ArrayRef, unit: TimeUnit, zone: &TimeZone) -> ArrayRef {
    if times.data_type() == &DataType::Date32 {
        let days = times.as_primitive::<Date32Type>();
        let Some(table) = day_extremes(days)
            .map(|(first, last)| DayTable::new(first, last, |day| calendar::start(day, unit)))
        else {
            return Arc::clone(times);
        };
        return Arc::new(days.unary::<_, Date32Type>(|day| table.get(day)));
    }
    let instants = times.as_primitive::<TimestampMicrosecondType>();
    let Some((first, last)) = extremes(instants) else {
        return match unit {
            TimeUnit::Hour => Arc::clone(times),
            _ => Arc::new(Date32Array::new_null(times.len())),
        };
    };
    let (clocks, hint) = (ZoneTable::new(zone, first, last), Cell::new(0));
    if unit == TimeUnit::Hour {
        let hours: TimestampMicrosecondArray = instants.unary(|instant| clocks.hour(instant, &hint));
        return Arc::new(hours);
    }
    let table = DayTable::new(day_of(first) - 2, day_of(last) + 2, |day| calendar::start(day, unit));
    Arc::new(instants.unary::<_, Date32Type>(|instant| table.get(day_of(clocks.local(instant, &hint)))))
}

/// Each time, so much later.
pub(crate) fn moved(times: &ArrayRef, offset: Offset, zone: &TimeZone) -> ArrayRef {
    let move_day = |day| calendar::moved(day, i64::from(offset.count), offset.unit);
    if times.data_type() == &DataType::Date32 {
        let days = times.as_primitive::<Date32Type>();
        let Some((first, last)) = day_extremes(days) else { return Arc::clone(times) };
        let table = DayTable::new(first, last, move_day);
        return Arc::new(days.unary::<_, Date32Type>(|day| table.get(day)));
    }
    let instants = times.as_primitive::<TimestampMicrosecondType>();
    let Some((first, last)) = extremes(instants) else { return Arc::clone(times) };
    if offset.unit == TimeUnit::Hour {
        let later = i64::from(offset.count) * HOUR_MICROSECONDS;
        let moved: TimestampMicrosecondArray = instants.unary(|instant| instant.saturating_add(later));
        return Arc::new(moved);
    }
    let (first_day, last_day) = (day_of(first) - 2, day_of(last) + 2);
    let table = DayTable::new(first_day, last_day, move_day);
    let (clocks, hint) = (ZoneTable::new(zone, first, last), Cell::new(0));
    let start = |day: i32| i64::from(day) * DAY_MICROSECONDS;
    let clocks_after = ZoneTable::new(zone, start(table.get(first_day)), start(table.get(last_day)));
    let moved: TimestampMicrosecondArray = instants.unary(|instant| {
        let local = clocks.local(instant, &hint);
        clocks_after.instant(start(table.get(day_of(local))) + local.rem_euclid(DAY_MICROSECONDS))
    });
    Arc::new(moved)
}

/// Something of each day, found out once a day where the days are few.
struct DayTable<F> {
    first: i32,
    days: Vec<i32>,
    of: F,
}

impl<F: Fn(i32) -> i32> DayTable<F> {
    fn new(first: i32, last: i32, of: F) -> Self {
        /// Three hundred years.
        const MAX_DAYS: i32 = 110_000;
        let last = if last.saturating_sub(first) <= MAX_DAYS { last } else { first };
        Self { first, days: (first..=last).map(&of).collect(), of }
    }

    fn get(&self, day: i32) -> i32 {
        let index = usize::try_from(day.wrapping_sub(self.first)).unwrap_or(usize::MAX);
        match self.days.get(index) {
            Some(found) => *found,
            None => (self.of)(day),
        }
    }
}

fn day_of(local: i64) -> i32 {
    i32::try_from(local.div_euclid(DAY_MICROSECONDS)).unwrap_or_default()
}

fn extremes(instants: &TimestampMicrosecondArray) -> Option<(i64, i64)> {
    Some((compute::min(instants)?, compute::max(instants)?))
}

fn day_extremes(days: &Date32Array) -> Option<(i32, i32)> {
    Some((compute::min(days)?, compute::max(days)?))
}
