//! When a cron expression is due, as EventBridge Scheduler sees it
//! ([daylight saving time](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time)): a time that
//! a zone skips is skipped, and one that a zone has twice counts once, the first time.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::Cron;
use crate::base::Timestamp;

/// How far ahead to look. 29 February is up to 8 years away.
const DAYS_AHEAD: usize = 12 * 366;

impl Cron {
    /// The first time after `now` that it is due, in that time zone. `None` where there is none within twelve years.
    pub fn next_after(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = zone.to_datetime(now.into()).date();
        let mut days = std::iter::successors(Some(today), |day| day.tomorrow().ok()).take(DAYS_AHEAD);
        days.find_map(|day| self.times_of(day, zone).find(|time| *time > now))
    }

    /// The last of its times until now, if `told` is one of them.
    pub fn last_due(&self, told: Timestamp, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let next = |after: &Timestamp| self.next_after(*after, zone);
        let first = next(&told.plus_seconds(-1)).filter(|first| *first == told)?;
        // Clocks differ: what was told a moment early is due.
        std::iter::successors(Some(first), next).take_while(|due| *due == first || *due <= now).last()
    }

    fn times_of(&self, day: Date, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let hours = self.is_on(day).then(|| self.hours.iter());
        hours.into_iter().flatten().filter_map(move |hour| {
            let local = day.at(hour.cast_signed(), self.minute.cast_signed(), 0, 0);
            let time = zone.to_ambiguous_timestamp(local);
            if matches!(time.offset(), AmbiguousOffset::Gap { .. }) {
                return None;
            }
            Timestamp::from_second(time.earlier().ok()?.as_second())
        })
    }

    fn is_on(&self, day: Date) -> bool {
        self.months.contains(day.month().cast_unsigned())
            && self.days.contains(day.day().cast_unsigned())
            && self.weekdays.contains(day.weekday().to_sunday_zero_offset().cast_unsigned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::DateTime;
    use proptest::prelude::*;

    use super::*;

    const ZONES: [&str; 8] = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Havana",
        "Pacific/Chatham",
        "Africa/Casablanca",
        "UTC",
    ];

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    /// The times that follow, in UTC.
    fn next(cron: &str, zone_name: &str, now: &str, count: usize) -> Vec<String> {
        let (cron, zone): (Cron, _) = (cron.parse().unwrap(), zone(zone_name));
        let mut now = now.parse().unwrap();
        let times = std::iter::from_fn(|| {
            now = cron.next_after(now, &zone)?;
            Some(now.to_string())
        });
        times.take(count).collect()
    }

    #[test]
    fn a_monday_at_eight_is_at_eight_in_winter_and_in_summer() {
        let times = next("0 8 * * 1", "Europe/Berlin", "2027-03-20T00:00:00Z", 3);
        assert_eq!(times, ["2027-03-22T07:00:00Z", "2027-03-29T06:00:00Z", "2027-04-05T06:00:00Z"]);
    }

    #[test]
    fn now_is_not_after_now() {
        let times = next("0 8 * * *", "UTC", "2027-03-20T08:00:00Z", 1);
        assert_eq!(times, ["2027-03-21T08:00:00Z"]);
        assert_eq!(next("0 8 * * *", "UTC", "2027-03-20T07:59:59Z", 1), ["2027-03-20T08:00:00Z"]);
    }

    /// Clocks go from 2:00 to 3:00 in Berlin and New York, from 2:00 to 2:30 on Lord Howe Island.
    #[test]
    fn a_time_that_is_skipped_is_not_made_up_for() {
        for (zone, now, expected) in [
            ("Europe/Berlin", "2027-03-27T12:00:00Z", "2027-03-29T00:15:00Z"),
            ("America/New_York", "2027-03-13T12:00:00Z", "2027-03-15T06:15:00Z"),
            ("Australia/Lord_Howe", "2027-10-02T12:00:00Z", "2027-10-03T15:15:00Z"),
        ] {
            assert_eq!(next("15 2 * * *", zone, now, 1), [expected], "{zone}");
        }
        // Half an hour is there, and half an hour is not.
        let times = next("45 2 * * *", "Australia/Lord_Howe", "2027-10-02T12:00:00Z", 1);
        assert_eq!(times, ["2027-10-02T15:45:00Z"]);
        let times = next("30 * * * *", "Europe/Berlin", "2027-03-28T00:00:00Z", 3);
        assert_eq!(times, ["2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", "2027-03-28T02:30:00Z"]);
    }

    /// Clocks go from 3:00 to 2:00 in Berlin, from 2:00 to 1:00 in New York, from 2:00 to 1:30 on Lord Howe Island.
    #[test]
    fn a_time_that_there_is_twice_counts_the_first_time() {
        for (zone, cron, now, expected) in [
            (
                "Europe/Berlin",
                "30 2 * * *",
                "2027-10-30T12:00:00Z",
                ["2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"],
            ),
            (
                "America/New_York",
                "30 1 * * *",
                "2027-11-06T12:00:00Z",
                ["2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z"],
            ),
            (
                "Australia/Lord_Howe",
                "45 1 * * *",
                "2027-04-03T12:00:00Z",
                ["2027-04-03T14:45:00Z", "2027-04-04T15:15:00Z"],
            ),
        ] {
            assert_eq!(next(cron, zone, now, 2), expected, "{zone}");
        }
        // Between the two.
        let times = next("30 2 * * *", "Europe/Berlin", "2027-10-31T01:00:00Z", 1);
        assert_eq!(times, ["2027-11-01T01:30:00Z"]);
    }

    #[test]
    fn leap_days_are_waited_for() {
        let times = next("0 9 29 2 *", "UTC", "2027-01-01T00:00:00Z", 2);
        assert_eq!(times, ["2028-02-29T09:00:00Z", "2032-02-29T09:00:00Z"]);
        // 2100 is no leap year.
        assert_eq!(next("0 9 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), ["2104-02-29T09:00:00Z"]);
    }

    #[test]
    fn a_month_without_the_day_is_left_out() {
        let times = next("0 0 31 * *", "UTC", "2027-01-31T12:00:00Z", 4);
        assert_eq!(
            times,
            ["2027-03-31T00:00:00Z", "2027-05-31T00:00:00Z", "2027-07-31T00:00:00Z", "2027-08-31T00:00:00Z"]
        );
    }

    #[test]
    fn time_ends_without_an_error() {
        assert_eq!(next("0 0 1 1 *", "UTC", "9999-12-01T00:00:00Z", 1), [""; 0]);
        assert_eq!(next("0 0 1 1 *", "Pacific/Auckland", "9999-12-31T23:59:59Z", 1), [""; 0]);
        assert_eq!(next("0 0 1 1 *", "UTC", "0000-01-01T00:00:00Z", 1), ["0001-01-01T00:00:00Z"]);
    }

    fn is_due(cron: &Cron, local: DateTime) -> bool {
        local.minute() == cron.minute.cast_signed()
            && cron.hours.contains(local.hour().cast_unsigned())
            && cron.is_on(local.date())
    }

    /// Walks through time minute by minute, from some hours before now on, and takes the first due time that was not there before.
    fn by_walking(cron: &Cron, now: Timestamp, zone: &TimeZone, minutes: i64) -> Option<Timestamp> {
        let begin = now.as_second().div_euclid(60) * 60 - 6 * 3_600;
        let mut seen = HashSet::new();
        (0..minutes).find_map(|minute| {
            let time = Timestamp::from_second(begin + minute * 60)?;
            let local = zone.to_datetime(time.into());
            (seen.insert(local) && time > now && is_due(cron, local)).then_some(time)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_next_time_is_what_walking_finds(
            zone_name in prop::sample::select(&ZONES[..]),
            year in 0..20_i64,
            near in -4 * 86_400..2 * 86_400_i64,
            minute in 0..60_u8,
            hours in "[0-4]|\\*|\\*/[2-9]|2-3|23",
            day in "\\* \\* \\*|\\* \\* [0-6]|1-7 \\* \\*|\\*/2 \\* \\*|\\* 3,4,10,11 0",
        ) {
            let zone = zone(zone_name);
            let cron: Cron = format!("{minute} {hours} {day}").parse().unwrap();
            let year = jiff::Timestamp::from_second(1_800_000_000 + year * 31_557_600).unwrap();
            // Around a change of the zone's clock, where it has any.
            let change = zone.following(year).next().map_or(year, |change| change.timestamp());
            let now = Timestamp::from_second(change.as_second() + near).unwrap();
            let found = cron.next_after(now, &zone).unwrap();
            prop_assert!(found > now);
            let local = zone.to_datetime(found.into());
            prop_assert!(is_due(&cron, local) && local.second() == 0);
            let days = 10 * 1_440;
            match by_walking(&cron, now, &zone, days) {
                Some(walked) => prop_assert_eq!(found, walked),
                None => prop_assert!(found.as_second() - now.as_second() > (days - 7 * 60) * 60),
            }
        }

        #[test]
        fn what_is_written_is_read_back(
            minute in 0..60_u8,
            hours in prop::collection::btree_set(0..24_u8, 1..24),
            days in prop::collection::btree_set(0..7_u8, 1..7),
            months in prop::collection::btree_set(1..13_u8, 1..12),
        ) {
            let list = |values: std::collections::BTreeSet<u8>| {
                values.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
            };
            let text = format!("{minute} {} * {} {}", list(hours), list(months), list(days));
            if text.len() <= 100 {
                let cron: Cron = text.parse().unwrap();
                prop_assert_eq!(&cron.to_string().parse::<Cron>().unwrap(), &cron);
                prop_assert_eq!(Cron::from_aws(&cron.to_aws()).unwrap(), cron);
            }
        }
    }
}
