//! Time ranges as bounds: words relative to now, and days and instants that a client wrote.

use crate::base::Fields;
use crate::model::query::{Range, TimeRange, TimeUnit, ZoneName};
use crate::model::table::ColumnType;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;

use crate::model::calendar;
use crate::model::resolved::Bounds;

const HOUR_MICROSECONDS: i64 = 3_600_000_000;

/// The bounds of a range over a date or a datetime. None, and what is wrong, if it has none.
pub(super) fn bounds(
    range: &TimeRange,
    column_type: ColumnType,
    zone: &ZoneName,
    now: Timestamp,
    path: &str,
    fields: &mut Fields,
) -> Option<Bounds> {
    let Some(word) = &range.range else {
        let bounds = Bounds {
            from: written(range.from.as_deref(), column_type, zone, &format!("{path}.from"), fields)?,
            to: written(range.to.as_deref(), column_type, zone, &format!("{path}.to"), fields)?,
        };
        if let (Some(from), Some(to)) = (bounds.from, bounds.to)
            && to <= from
        {
            fields.add(format!("{path}.to"), "Must be after from, since it is excluded.");
            return None;
        }
        return Some(bounds);
    };
    let (count, unit, is_current) = match *word {
        Range::Current(unit) => (0, unit, true),
        Range::Previous(unit) => (1, unit, range.include_current == Some(true)),
        Range::Last(count, unit) => (i64::from(count), unit, range.include_current == Some(true)),
    };
    if unit == TimeUnit::Hour {
        if column_type == ColumnType::Date {
            fields.add(
                format!("{path}.range"),
                format!("Must not be in hours: {:?} is of type date.", range.field.as_str()),
            );
            return None;
        }
        let current = hour(now.as_microsecond(), zone);
        // Hours are longer or shorter where clocks change by a part of one.
        let from = (0..count).fold(current, |start, _| hour(start - 1, zone));
        let to = if is_current { next_hour(current, zone) } else { current };
        return Some(Bounds { from: Some(from), to: Some(to) });
    }
    let current = calendar::start(today(now, zone), unit);
    let from = calendar::moved(current, -count, unit);
    let to = if is_current { calendar::moved(current, 1, unit) } else { current };
    let bound = |day| match column_type {
        ColumnType::Date => i64::from(day),
        _ => start_of_day(day, zone),
    };
    Some(Bounds { from: Some(bound(from)), to: Some(bound(to)) })
}

/// A bound that a client wrote. None, and what is wrong, if it is none.
#[expect(clippy::option_option, reason = "a bound that is not there is no mistake")]
fn written(
    text: Option<&str>,
    column_type: ColumnType,
    zone: &ZoneName,
    path: &str,
    fields: &mut Fields,
) -> Option<Option<i64>> {
    let Some(text) = text else { return Some(None) };
    let (bound, wanted) = match column_type {
        ColumnType::Date => (day(text).map(i64::from), "a day, as \"2025-06-15\""),
        _ => (instant(text, zone), "a day, as \"2025-06-15\", or an instant, as \"2025-06-15T10:00:00Z\""),
    };
    if bound.is_none() {
        fields.add(path, format!("Must be {wanted}."));
    }
    bound.map(Some)
}

/// The day that it is in the zone.
fn today(now: Timestamp, zone: &ZoneName) -> i32 {
    number(zone.zone().to_datetime(now).date())
}

/// When the hour began that it is at an instant, by the clocks of the zone; where they changed in it, when they did.
fn hour(instant: i64, zone: &ZoneName) -> i64 {
    let Ok(at) = Timestamp::from_microsecond(instant) else {
        return instant - instant.rem_euclid(HOUR_MICROSECONDS);
    };
    let local = instant + i64::from(zone.zone().to_offset(at).seconds()) * 1_000_000;
    let begun = instant - local.rem_euclid(HOUR_MICROSECONDS);
    let after = Timestamp::from_microsecond(instant + 1).unwrap_or(at);
    let changed = zone.zone().preceding(after).next().map(|change| change.timestamp().as_microsecond());
    changed.map_or(begun, |changed| begun.max(changed))
}

/// When the hour ends that begins at an instant.
fn next_hour(start: i64, zone: &ZoneName) -> i64 {
    hour(start + HOUR_MICROSECONDS, zone)
}

/// The first instant of a day.
pub(crate) fn start_of_day(day: i32, zone: &ZoneName) -> i64 {
    let (year, month, of_month) = calendar::civil(day);
    let start = || {
        let small = |number: u8| i8::try_from(number).ok();
        let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(of_month)?).ok()?;
        Some(zone.zone().to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_microsecond())
    };
    // Beyond the years that clocks know, days begin as in UTC.
    start().unwrap_or(i64::from(day) * calendar::DAY_MICROSECONDS)
}

/// A day as `2025-06-15`.
pub(super) fn day(text: &str) -> Option<i32> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = text.parse().ok().filter(|_| is_plain).map(number)?;
    (calendar::FIRST_DAY..=calendar::LAST_DAY).contains(&day).then_some(day)
}

/// An instant as in RFC 3339, or the first of a day.
pub(super) fn instant(text: &str, zone: &ZoneName) -> Option<i64> {
    if let Some(day) = day(text) {
        return Some(start_of_day(day, zone));
    }
    // Only with seconds and an offset, and without what RFC 9557 adds to that.
    let pieces = Pieces::parse(text).ok()?;
    let is_rfc_3339 =
        text.len() >= 20 && text.as_bytes()[10].is_ascii_alphabetic() && text.as_bytes()[16] == b':';
    if !is_rfc_3339 || pieces.time().is_none() || pieces.time_zone_annotation().is_some() {
        return None;
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

fn number(date: Date) -> i32 {
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    calendar::day(i32::from(date.year()), small(date.month()), small(date.day()))
}
