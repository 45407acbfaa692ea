//! The stretches of time that a statement is about: those of its bounds, and of what a comparison moves into them.

use shared::model::calendar::{self, DAY_MICROSECONDS};
use shared::model::query::{Offset, ZoneName};
use shared::model::resolved::{Bounds, TimeBounds};
use shared::model::table::ColumnType;

use super::clock::Clock;
use crate::groups::days_later;
use crate::zone::ZoneTable;

/// Bounds that have all within that a comparison moves into these, and some more.
pub(super) fn earlier(time: TimeBounds, moved: Option<Offset>) -> TimeBounds {
    let Some(offset) = moved else { return time };
    let (least, most) = days_later(offset);
    let unit = if time.column.column_type == ColumnType::Date { 1 } else { DAY_MICROSECONDS };
    let first = i64::from(calendar::FIRST_DAY).saturating_mul(unit);
    let last = i64::from(calendar::LAST_DAY).saturating_mul(unit);
    // Beyond all times there is nothing to leave out.
    let within = |bound: i64| Some(bound).filter(|bound| (first..=last).contains(bound));
    let earlier = |bound: i64, days: i64| within(bound.saturating_sub(days.saturating_mul(unit)));
    let bounds = Bounds {
        from: time.bounds.from.and_then(|from| earlier(from, most)),
        to: time.bounds.to.and_then(|to| earlier(to, least)),
    };
    TimeBounds { bounds, ..time }
}

/// The years whose changes of clocks are known where there are no bounds.
const YEARS: (i32, i32) = (1850, 2100);

/// The clocks of a zone between bounds.
pub(super) fn clock(zone: &ZoneName, time: Option<TimeBounds>) -> Clock {
    let year = |year: i32| i64::from(calendar::day(year, 1, 1)) * DAY_MICROSECONDS;
    let bounds = time.map(|time| time.bounds);
    let first = bounds.and_then(|bounds| bounds.from).unwrap_or_else(|| year(YEARS.0));
    let last = bounds.and_then(|bounds| bounds.to).unwrap_or_else(|| year(YEARS.1)).max(first);
    Clock::new(ZoneTable::new(zone.zone(), first, last))
}
