//! The three years that the demo's data is of: how business grows, and how it goes with the seasons and the days of the week.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

const YEARS: i64 = 3;

/// How busy each month is, in percent.
const SEASONS: [u64; 12] = [82, 84, 95, 97, 100, 98, 90, 88, 100, 106, 138, 142];

/// The three years up to a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    start: Date,
    end: Date,
}

impl History {
    /// The three years whose last day is the one before this.
    pub(super) fn until(end: Date) -> Self {
        Self { start: end.saturating_sub(YEARS.years()), end }
    }

    /// Its days, in their order.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        self.start.series(1.day()).take_while(move |day| *day < self.end)
    }

    /// How far a day is through it, in thousandths.
    pub(super) fn progress(self, day: Date) -> u64 {
        let days = |from: Date, to: Date| u64::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(0);
        1_000 * days(self.start, day) / days(self.start, self.end).max(1)
    }
}

/// How busy the day's month is, in percent.
pub(super) fn season(day: Date) -> u64 {
    SEASONS[month_index(day)]
}

/// The day's month, from 0.
pub(super) fn month_index(day: Date) -> usize {
    usize::try_from(day.month()).map_or(0, |month| month - 1)
}

/// How busy the day of the week is, in percent.
pub(super) fn weekday(day: Date) -> u64 {
    match day.weekday() {
        Weekday::Monday => 104,
        Weekday::Tuesday => 102,
        Weekday::Wednesday => 100,
        Weekday::Thursday => 103,
        Weekday::Friday => 110,
        Weekday::Saturday => 96,
        Weekday::Sunday => 82,
    }
}

/// Whether it is a Saturday or a Sunday.
pub(super) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
