//! Times that are moved forward, to meet what they are compared with.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use shared::model::query::{Offset, TimeUnit};

use super::bucket::units;
use super::datum::Datum;

/// A time, an offset later: by the calendar and the zone's clock, or by hours that pass. Null where there is no such time.
///
/// A clock that skips the time goes on from what it was: 02:30 is 03:30 on the day without an hour after 02:00. Of a time that comes
/// twice, it is the first.
pub(crate) fn moved(time: &Datum, offset: Offset, zone: &TimeZone) -> Datum {
    let span = units(i64::from(offset.count), offset.unit);
    match time {
        Datum::Null => Datum::Null,
        Datum::Date(day) => day.checked_add(span).map_or(Datum::Null, Datum::Date),
        Datum::Datetime(at) if offset.unit == TimeUnit::Hour => {
            let hours = SignedDuration::from_hours(i64::from(offset.count));
            at.checked_add(hours).map_or(Datum::Null, Datum::Datetime)
        }
        Datum::Datetime(at) => {
            let moved = at.to_zoned_datetime(zone.clone()).checked_add(span);
            moved.map_or(Datum::Null, |moved| Datum::Datetime(moved.timestamp()))
        }
        _ => panic!("{time:?} is no time"),
    }
}
