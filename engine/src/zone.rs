//! A time zone over the times of a column: which offset each instant has, from a table, since rows come by the million.

use std::cell::Cell;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The offsets of a zone, over a stretch of time.
#[derive(Debug)]
pub(crate) struct ZoneTable {
    /// From when on, in microseconds, which offset, in microseconds; ascending. The first is from the beginning of time.
    offsets: Vec<(i64, i64)>,
}

impl ZoneTable {
    /// That of a zone, good from the first to the last of these instants, and a day around them.
    pub(crate) fn new(zone: &TimeZone, first: i64, last: i64) -> Self {
        const AROUND: i64 = 2 * shared::model::calendar::DAY_MICROSECONDS;
        let start = timestamp(first.saturating_sub(AROUND));
        let end = last.saturating_add(AROUND);
        let microseconds = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1_000_000;
        let mut offsets = vec![(i64::MIN, microseconds(zone.to_offset(start)))];
        for transition in zone.following(start) {
            let at = transition.timestamp().as_microsecond();
            if at > end {
                break;
            }
            offsets.push((at, microseconds(transition.offset())));
        }
        Self { offsets }
    }

    /// From when on, in microseconds, clocks have which offset, in microseconds; the first is from the beginning of time.
    pub(crate) fn offsets(&self) -> &[(i64, i64)] {
        &self.offsets
    }

    /// What the zone's clocks show at an instant, in microseconds. Instants that are close to each other are found at once with the
    /// same `hint`, which begins at 0.
    pub(crate) fn local(&self, instant: i64, hint: &Cell<usize>) -> i64 {
        let is_at = |index: usize| {
            self.offsets[index].0 <= instant
                && self.offsets.get(index + 1).is_none_or(|next| instant < next.0)
        };
        if !is_at(hint.get()) {
            hint.set(self.offsets.partition_point(|(from, _)| *from <= instant) - 1);
        }
        instant.saturating_add(self.offsets[hint.get()].1)
    }

    /// The first instant of the hour that the zone's clocks show; where they changed in it, when they did.
    pub(crate) fn hour(&self, instant: i64, hint: &Cell<usize>) -> i64 {
        const HOUR_MICROSECONDS: i64 = 3_600_000_000;
        let local = self.local(instant, hint);
        instant.wrapping_sub(local.rem_euclid(HOUR_MICROSECONDS)).max(self.offsets[hint.get()].0)
    }

    /// The instant at which the clocks show this. Of two, the first; where clocks skip it, as much later as they skip.
    pub(crate) fn instant(&self, local: i64) -> i64 {
        let begins = |index: usize| {
            let (from, after) = self.offsets[index];
            let before = self.offsets[index - 1].1;
            from.saturating_add(before.max(after)) <= local
        };
        let mut index = self.offsets.len() - 1;
        while index > 0 && !begins(index) {
            index -= 1;
        }
        local.saturating_sub(self.offsets[index].1)
    }
}

/// The nearest instant that clocks know.
fn timestamp(microseconds: i64) -> Timestamp {
    let limit = if microseconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(microseconds).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_those_of_the_zone() {
        for name in ["Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC"] {
            let zone = TimeZone::get(name).unwrap();
            let first = "1985-01-01T00:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
            let last = "2030-01-01T00:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
            let table = ZoneTable::new(&zone, first, last);
            let hint = Cell::new(0);
            let mut instant = first;
            while instant < last {
                let at = Timestamp::from_microsecond(instant).unwrap();
                let local = table.local(instant, &hint);
                assert_eq!(
                    local - instant,
                    i64::from(zone.to_offset(at).seconds()) * 1_000_000,
                    "{name} {at}"
                );
                let civil = jiff::civil::DateTime::new(1970, 1, 1, 0, 0, 0, 0).unwrap()
                    + jiff::SignedDuration::from_micros(local);
                let expected = zone.to_timestamp(civil).unwrap().as_microsecond();
                assert_eq!(table.instant(local), expected, "{name} {civil}");
                // Clocks that skip an hour show none of these.
                let skipped = civil + jiff::SignedDuration::from_mins(30);
                let expected = zone.to_timestamp(skipped).unwrap().as_microsecond();
                assert_eq!(table.instant(local + 1_800_000_000), expected, "{name} {skipped}");
                instant += 13 * 3_600_000_000 / 4;
            }
        }
    }
}
