//! Buckets of time: days, weeks, months, quarters and years by their first day, hours by their first instant.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};
use shared::model::query::TimeUnit;

use super::clock;
use super::datum::Datum;

/// The bucket that a time is in. What has no time is in the bucket null.
pub(crate) fn bucket(time: &Datum, grain: TimeUnit, zone: &TimeZone) -> Datum {
    match (time, grain) {
        (Datum::Null, _) => Datum::Null,
        (Datum::Datetime(at), TimeUnit::Hour) => Datum::Datetime(clock::hour(*at, zone)),
        (Datum::Datetime(at), _) => Datum::Date(first_day(at.to_zoned_datetime(zone.clone()).date(), grain)),
        (Datum::Date(day), _) => Datum::Date(first_day(*day, grain)),
        _ => panic!("{time:?} is no time"),
    }
}

/// The bucket after one. None after the last that there can be.
pub(crate) fn next(bucket: &Datum, grain: TimeUnit, zone: &TimeZone) -> Option<Datum> {
    match bucket {
        Datum::Datetime(begin) => Some(Datum::Datetime(clock::next_hour(*begin, zone))),
        Datum::Date(first) => first.checked_add(units(1, grain)).ok().map(Datum::Date),
        _ => panic!("{bucket:?} has no next"),
    }
}

/// The first day of the unit that a day is in.
pub(crate) fn first_day(day: Date, unit: TimeUnit) -> Date {
    match unit {
        TimeUnit::Hour => panic!("hours are no days"),
        TimeUnit::Day => day,
        TimeUnit::Week => day - i64::from(day.weekday().to_monday_zero_offset()).days(),
        TimeUnit::Month => day.first_of_month(),
        TimeUnit::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap(),
        TimeUnit::Year => day.first_of_year(),
    }
}

/// So many units.
pub(crate) fn units(count: i64, unit: TimeUnit) -> Span {
    match unit {
        TimeUnit::Hour => count.hours(),
        TimeUnit::Day => count.days(),
        TimeUnit::Week => count.weeks(),
        TimeUnit::Month => count.months(),
        TimeUnit::Quarter => (3 * count).months(),
        TimeUnit::Year => count.years(),
    }
}
