//! Ranges of time: what their words come to, and what is in them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::model::query::{Range, TimeRange, TimeUnit};
use shared::model::table::ColumnType;

use super::datum::Datum;
use super::{bucket, clock};

/// Where a range begins, and where it has ended.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) from: Option<Datum>,
    pub(crate) to: Option<Datum>,
}

impl Bounds {
    pub(crate) fn new(range: &TimeRange, column_type: ColumnType, zone: &TimeZone, now: Timestamp) -> Self {
        if let Some(word) = &range.range {
            return Self::of_word(word, range.include_current == Some(true), column_type, zone, now);
        }
        let bound = |text: &Option<String>| {
            let text = text.as_deref()?;
            Some(match column_type {
                ColumnType::Date => Datum::day(text),
                _ => Datum::instant(text, zone),
            })
        };
        Self { from: bound(&range.from), to: bound(&range.to) }
    }

    fn of_word(
        word: &Range,
        includes_current: bool,
        column_type: ColumnType,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        let (unit, before, after) = match *word {
            Range::Current(unit) => (unit, 0, 1),
            Range::Previous(unit) => (unit, 1, i64::from(includes_current)),
            Range::Last(count, unit) => (unit, i64::from(count), i64::from(includes_current)),
        };
        if unit == TimeUnit::Hour {
            let current = clock::hour(now, zone);
            let from = (0..before).fold(current, |begin, _| clock::hour(begin - clock::TICK, zone));
            let to = (0..after).fold(current, |begin, _| clock::next_hour(begin, zone));
            return Self { from: Some(Datum::Datetime(from)), to: Some(Datum::Datetime(to)) };
        }
        let current = bucket::first_day(now.to_zoned_datetime(zone.clone()).date(), unit);
        let bound = |count| {
            let day = current + bucket::units(count, unit);
            Some(match column_type {
                ColumnType::Date => Datum::Date(day),
                _ => Datum::Datetime(clock::first_instant(day, zone)),
            })
        };
        Self { from: bound(-before), to: bound(after) }
    }

    pub(crate) fn contain(&self, time: &Datum) -> bool {
        !time.is_null()
            && self.from.as_ref().is_none_or(|from| time >= from)
            && self.to.as_ref().is_none_or(|to| time < to)
    }
}
