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

/// The clocks of a zone from the first to the last of these instants.
pub(super) fn clock(zone: &ZoneName, (first, last): Stretch) -> Clock {
    Clock::new(ZoneTable::new(zone.zone(), first, last.max(first)))
}

/// From the first to the last instant that matter.
pub(crate) type Stretch = (i64, i64);

/// The stretch between bounds. `of_all` is that of all times that there are: what bounds do not say.
pub(super) fn stretch(time: TimeBounds, of_all: Stretch) -> Stretch {
    (time.bounds.from.unwrap_or(of_all.0), time.bounds.to.unwrap_or(of_all.1))
}

/// Whether clocks of the zone are ever changed, so that it matters which instants there are.
pub(super) fn changes(zone: &ZoneName) -> bool {
    zone.zone().to_fixed_offset().is_err()
}
