//! The clocks of a time zone, as statements say them: which offset each instant has. Databases know zones of their own, in other
//! versions, or none; so the changes of clocks are written into the statement.

use super::dialect::Dialect;
use crate::zone::ZoneTable;

const HOUR_MICROSECONDS: i64 = 3_600_000_000;

/// Clocks over a stretch of time.
pub(super) struct Clock(ZoneTable);

impl Clock {
    pub(super) fn new(table: ZoneTable) -> Self {
        Self(table)
    }

    /// The offset, in seconds, where it never changes.
    pub(super) fn fixed(&self) -> Option<i64> {
        match self.0.offsets() {
            [(_, offset)] => Some(offset / 1_000_000),
            _ => None,
        }
    }

    /// The offset of an instant: a stretch of seconds.
    pub(super) fn offset(&self, dialect: &dyn Dialect, instant: &str) -> String {
        let offsets = self.0.offsets().iter();
        let offsets = offsets.map(|(from, offset)| (*from, dialect.seconds(offset / 1_000_000)));
        choose(dialect, instant, &offsets.collect::<Vec<_>>())
    }

    /// The offset when clocks show a time: a stretch of seconds. Of two, the first; where clocks skip it, that of before.
    pub(super) fn offset_of_local(&self, dialect: &dyn Dialect, local: &str) -> String {
        let offsets = self.0.offsets();
        let begins = |index: usize| match index.checked_sub(1) {
            Some(before) => offsets[index].0.saturating_add(offsets[before].1.max(offsets[index].1)),
            None => i64::MIN,
        };
        let offsets = offsets
            .iter()
            .enumerate()
            .map(|(index, (_, offset))| (begins(index), dialect.seconds(offset / 1_000_000)));
        choose(dialect, local, &offsets.collect::<Vec<_>>())
    }

    /// The first instant of each stretch whose clocks begin within an hour. None if there is no such stretch.
    pub(super) fn change_within_hour(&self, dialect: &dyn Dialect, instant: &str) -> Option<String> {
        let offsets = self.0.offsets();
        let is_within = |(from, offset): &(i64, i64)| (from + offset).rem_euclid(HOUR_MICROSECONDS) != 0;
        if !offsets.iter().skip(1).any(is_within) {
            return None;
        }
        let long_ago =
            i64::from(shared::model::calendar::FIRST_DAY) * shared::model::calendar::DAY_MICROSECONDS;
        let froms = offsets.iter().enumerate().map(|(index, offset)| {
            let begins = if index > 0 && is_within(offset) { offset.0 } else { long_ago };
            (offset.0, dialect.instant(begins))
        });
        Some(choose(dialect, instant, &froms.collect::<Vec<_>>()))
    }
}

/// The last of the choices that begin before a time, or with it: found by halving, since there may be hundreds.
fn choose(dialect: &dyn Dialect, time: &str, choices: &[(i64, String)]) -> String {
    match choices {
        [] => dialect.seconds(0),
        [(_, only)] => only.clone(),
        choices => {
            let (earlier, later) = choices.split_at(choices.len() / 2);
            let at = dialect.instant(later[0].0);
            let (earlier, later) = (choose(dialect, time, earlier), choose(dialect, time, later));
            format!("CASE WHEN {time} < {at} THEN {earlier} ELSE {later} END")
        }
    }
}
