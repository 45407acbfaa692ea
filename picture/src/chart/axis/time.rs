//! Axes of time: where a bucket is, and which of them are labelled.

use shared::model::calendar::{DAY_MICROSECONDS, FIRST_DAY, LAST_DAY, civil, day, start};
use shared::model::query::{TimeUnit, ZoneName};

use super::AxisLabel;
use crate::font::{self, Weight};
use crate::format::{local, month_name};
use crate::value::Value;

const HOUR_MICROSECONDS: i64 = 3_600_000_000;

/// How far apart labels are at least, in pixels.
const GAP: f64 = 14.0;

/// How many ticks are tried at most: more never fit.
const MAX_TRIED: f64 = 60.0;

/// How a dimension of time is placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock<'a> {
    grain: Option<TimeUnit>,
    is_instant: bool,
    zone: &'a ZoneName,
}

/// A time on an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// How many units it is after 1970: months for a grain of months, days for days, hours for instants.
    pub(crate) index: f64,
}

/// How far ticks are from each other.
#[derive(Clone, Copy, Debug)]
enum Step {
    Hours(i32),
    Days(i32),
    Weeks(i32),
    Months(i32),
}

/// From fine to coarse.
const STEPS: [Step; 25] = [
    Step::Hours(1),
    Step::Hours(2),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Weeks(4),
    Step::Weeks(8),
    Step::Weeks(13),
    Step::Weeks(26),
    Step::Weeks(52),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(240),
    Step::Months(1_200),
    Step::Months(12_000),
];

impl<'a> Clock<'a> {
    pub(crate) fn new(grain: Option<TimeUnit>, is_instant: bool, zone: &'a ZoneName) -> Self {
        Self { grain, is_instant, zone }
    }

    /// Whether values are buckets of a fixed distance on the axis.
    pub(crate) fn has_buckets(&self) -> bool {
        self.grain.is_some() || !self.is_instant
    }

    /// Where a value is. None for what is no time. What is outside of the years 1 to 9999 is at their ends.
    pub(crate) fn moment(&self, value: Value<'_>) -> Option<Moment> {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a thousand years are exact")]
        let index = match value {
            Value::Date(day) => self.index_of_day(day.clamp(FIRST_DAY, LAST_DAY)),
            Value::Datetime(instant) if self.is_instant => clamped(instant) as f64 / HOUR_MICROSECONDS as f64,
            Value::Datetime(instant) => self.index_of_day(local(clamped(instant), self.zone).0),
            _ => return None,
        };
        Some(Moment { index })
    }

    fn index_of_day(&self, of: i32) -> f64 {
        let (year, month, _) = civil(of);
        let months = year * 12 + i32::from(month) - 1;
        f64::from(match self.grain {
            _ if self.is_instant => return f64::from(of) * 24.0,
            None | Some(TimeUnit::Hour | TimeUnit::Day) => of,
            // 1970 began on a Thursday.
            Some(TimeUnit::Week) => (of + 3).div_euclid(7),
            Some(TimeUnit::Month) => months,
            Some(TimeUnit::Quarter) => months.div_euclid(3),
            Some(TimeUnit::Year) => year,
        })
    }

    /// The day in which an index is.
    fn day_of_index(&self, index: f64) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "years have at most four digits")]
        let index = index.floor() as i64;
        let index32 = i32::try_from(index).unwrap_or_default();
        let month =
            |months: i32| day(months.div_euclid(12), u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1), 1);
        match self.grain {
            _ if self.is_instant => local(index.saturating_mul(HOUR_MICROSECONDS), self.zone).0,
            None | Some(TimeUnit::Hour | TimeUnit::Day) => index32,
            Some(TimeUnit::Week) => index32.saturating_mul(7) - 3,
            Some(TimeUnit::Month) => month(index32),
            Some(TimeUnit::Quarter) => month(index32.saturating_mul(3)),
            Some(TimeUnit::Year) => day(index32, 1, 1),
        }
    }

    /// Whether ticks so far apart are at buckets.
    fn allows(&self, step: Step) -> bool {
        match self.grain {
            None if self.is_instant => !matches!(step, Step::Weeks(2..)),
            Some(TimeUnit::Hour) => !matches!(step, Step::Weeks(2..)),
            None | Some(TimeUnit::Day) => !matches!(step, Step::Hours(_) | Step::Weeks(3..)),
            Some(TimeUnit::Week) => matches!(step, Step::Weeks(_)),
            Some(TimeUnit::Month) => matches!(step, Step::Months(_)),
            Some(TimeUnit::Quarter) => matches!(step, Step::Months(3..)),
            Some(TimeUnit::Year) => matches!(step, Step::Months(12..)),
        }
    }

    /// The finest labels between two indices that do not touch, with `place` telling where an index is.
    pub(crate) fn labels(
        &self,
        first: f64,
        last: f64,
        size: f64,
        place: &dyn Fn(f64) -> f64,
    ) -> Vec<AxisLabel> {
        let fits = |labels: &Vec<AxisLabel>| {
            labels.windows(2).all(|pair| {
                let half = |label: &AxisLabel| {
                    let below = label.below.as_deref().unwrap_or_default();
                    font::width(&label.text, size, Weight::Regular).max(font::width(
                        below,
                        size,
                        Weight::Regular,
                    )) / 2.0
                };
                pair[1].at - pair[0].at >= half(&pair[0]) + half(&pair[1]) + GAP
            })
        };
        let steps = STEPS.iter().filter(|step| self.allows(**step));
        let labelled = steps
            .filter_map(|step| {
                self.indices(*step, first, last).map(|indices| self.write(*step, &indices, place))
            })
            .find(|labels| !labels.is_empty() && fits(labels));
        // What has no round time in it is labelled at its beginning.
        labelled.unwrap_or_else(|| {
            let step = if self.is_instant { Step::Hours(1) } else { Step::Days(1) };
            self.write(step, &[first], place)
        })
    }

    /// The indices of ticks. None if they are too many to be tried.
    fn indices(&self, step: Step, first: f64, last: f64) -> Option<Vec<f64>> {
        let (from, to) = (self.day_of_index(first), self.day_of_index(last));
        let days = f64::from(to - from);
        let step_days = match step {
            Step::Hours(hours) => f64::from(hours) / 24.0,
            Step::Days(days) => f64::from(days),
            Step::Weeks(weeks) => f64::from(weeks) * 7.0,
            Step::Months(months) => f64::from(months) * 30.4,
        };
        if days / step_days > MAX_TRIED {
            return None;
        }
        let mut found = Vec::new();
        match step {
            Step::Hours(hours) => {
                let mut index = first.ceil();
                while index <= last {
                    if self.hour(index) % hours == 0 {
                        found.push(index);
                    }
                    index += 1.0;
                }
            }
            Step::Days(step) => {
                found.extend((from..=to).filter(|day| day % step == 0).map(|day| self.start_of(day)));
            }
            Step::Weeks(step) => {
                let monday = start(from, TimeUnit::Week);
                let mondays = (0..).map(|week: i32| monday + week * 7 * step).take_while(|day| *day <= to);
                found.extend(mondays.map(|day| self.start_of(day)));
            }
            Step::Months(step) => {
                let (year, month, _) = civil(from);
                let months = (year * 12 + i32::from(month) - 1).div_euclid(step) * step;
                let firsts = (0..).map(|count: i32| months + count * step).map(|months| {
                    day(months.div_euclid(12), u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1), 1)
                });
                found.extend(firsts.take_while(|day| *day <= to).map(|day| self.start_of(day)));
            }
        }
        found.retain(|index| (first..=last).contains(index));
        Some(found)
    }

    /// The index of the beginning of a day.
    fn start_of(&self, of: i32) -> f64 {
        if !self.is_instant {
            return self.index_of_day(of);
        }
        // The hours from midnight in UTC to midnight there; where a clock is put on at midnight, the nearest hour to it.
        let utc = i64::from(of) * 24;
        let at_noon = (utc + 12).saturating_mul(HOUR_MICROSECONDS);
        let (day, seconds) = local(at_noon, self.zone);
        let ahead = f64::from(day - of) * 24.0 + f64::from(seconds) / 3_600.0 - 12.0;
        f64::from(of) * 24.0 - ahead
    }

    /// The hour by the clock at an index of hours.
    fn hour(&self, index: f64) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "years have at most four digits")]
        let hours = index as i64;
        local(hours.saturating_mul(HOUR_MICROSECONDS), self.zone).1 / 3_600
    }

    /// Labels at indices: under the first one, and where it changes, is what they have in common.
    fn write(&self, step: Step, indices: &[f64], place: &dyn Fn(f64) -> f64) -> Vec<AxisLabel> {
        let mut common = String::new();
        let mut labels = Vec::with_capacity(indices.len());
        for index in indices {
            let (text, shared) = self.label(step, *index);
            let below = (shared.as_ref() != Some(&common)).then(|| shared.clone()).flatten();
            common = shared.unwrap_or_default();
            labels.push(AxisLabel { at: place(*index), text, below });
        }
        labels
    }

    fn label(&self, step: Step, index: f64) -> (String, Option<String>) {
        let of = self.day_of_index(index);
        let (year, month, day) = civil(of);
        let month_and_day = format!("{} {day}", month_name(month));
        match (step, self.grain) {
            (Step::Hours(_), _) => (format!("{:02}:00", self.hour(index)), Some(month_and_day)),
            (Step::Days(_) | Step::Weeks(_), _) => (month_and_day, Some(year.to_string())),
            (Step::Months(12..), _) => (year.to_string(), None),
            (Step::Months(_), Some(TimeUnit::Quarter)) => {
                (format!("Q{}", month.div_ceil(3)), Some(year.to_string()))
            }
            (Step::Months(_), _) => (month_name(month).to_owned(), Some(year.to_string())),
        }
    }
}

/// An instant, within the years 1 to 9999.
fn clamped(instant: i64) -> i64 {
    instant.clamp(i64::from(FIRST_DAY) * DAY_MICROSECONDS, i64::from(LAST_DAY) * DAY_MICROSECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(clock: &Clock<'_>, first: Value<'_>, last: Value<'_>, width: f64) -> Vec<String> {
        let index = |value| clock.moment(value).unwrap().index;
        let (first, last) = (index(first), index(last));
        let place = |index: f64| (index - first) / (last - first).max(1.0) * width;
        let labels = clock.labels(first, last, 11.0, &place);
        let write = |label: &AxisLabel| match &label.below {
            Some(below) => format!("{}/{below}", label.text),
            None => label.text.clone(),
        };
        labels.iter().map(write).collect()
    }

    #[test]
    fn months_are_labelled_with_their_year_once() {
        let utc = ZoneName::utc();
        let clock = Clock::new(Some(TimeUnit::Month), false, &utc);
        let (first, last) = (Value::Date(day(2024, 11, 1)), Value::Date(day(2025, 2, 1)));
        assert_eq!(texts(&clock, first, last, 600.0), ["Nov/2024", "Dec", "Jan/2025", "Feb"]);
        let last = Value::Date(day(2030, 2, 1));
        assert_eq!(
            texts(&clock, first, last, 600.0),
            [
                "Jan/2025", "Jul", "Jan/2026", "Jul", "Jan/2027", "Jul", "Jan/2028", "Jul", "Jan/2029",
                "Jul", "Jan/2030"
            ]
        );
        assert_eq!(texts(&clock, first, last, 250.0), ["2025", "2026", "2027", "2028", "2029", "2030"]);
    }

    #[test]
    fn days_and_hours_have_round_ticks() {
        let utc = ZoneName::utc();
        let days = Clock::new(Some(TimeUnit::Day), false, &utc);
        let (first, last) = (Value::Date(day(2025, 6, 1)), Value::Date(day(2025, 6, 30)));
        assert_eq!(texts(&days, first, last, 400.0), ["Jun 2/2025", "Jun 9", "Jun 16", "Jun 23", "Jun 30"]);
        let berlin = ZoneName::parse("Europe/Berlin").unwrap();
        let hours = Clock::new(Some(TimeUnit::Hour), true, &berlin);
        let midnight = i64::from(day(2025, 6, 15)) * 24 - 2;
        let (first, last) = (midnight * HOUR_MICROSECONDS, (midnight + 24) * HOUR_MICROSECONDS);
        assert_eq!(
            texts(&hours, Value::Datetime(first), Value::Datetime(last), 300.0),
            ["00:00/Jun 15", "06:00", "12:00", "18:00", "00:00/Jun 16"]
        );
    }

    #[test]
    fn a_year_has_few_labels_and_a_millennium_too() {
        let utc = ZoneName::utc();
        let clock = Clock::new(None, true, &utc);
        let instant = |year| Value::Datetime(i64::from(day(year, 1, 1)) * 24 * HOUR_MICROSECONDS);
        for (first, last) in [(2024, 2025), (1, 9_999), (2025, 2025)] {
            let count = texts(&clock, instant(first), instant(last), 600.0).len();
            assert!((1..20).contains(&count), "{count}");
        }
    }
}
