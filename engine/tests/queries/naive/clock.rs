//! The clocks of a time zone: when a day begins, when an hour does.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The least time that there is between two instants.
pub(crate) const TICK: SignedDuration = SignedDuration::from_micros(1);

/// When a day begins: at midnight, or, where clocks skip midnight, when they do.
pub(crate) fn first_instant(day: Date, zone: &TimeZone) -> Timestamp {
    let midnight = day.to_zoned_datetime(zone.clone()).unwrap();
    if midnight.datetime() == DateTime::from(day) {
        midnight.timestamp()
    } else {
        zone.preceding(midnight.timestamp() + TICK).next().unwrap().timestamp()
    }
}

/// When the hour of the clock began that an instant is in. Where clocks are set back, another one begins.
pub(crate) fn hour(at: Timestamp, zone: &TimeZone) -> Timestamp {
    let begin = at - in_hour(clock(at, zone));
    let change = zone.preceding(at + TICK).next().map(|change| (change.timestamp(), change.offset()));
    match change {
        Some((change, offset)) if change > begin => {
            let before = change - TICK;
            let is_same_hour = hour_of_clock(before, zone) == hour_of_clock(at, zone);
            // Clocks that go forward within an hour make it shorter.
            if is_same_hour && offset >= zone.to_offset(before) { hour(before, zone) } else { change }
        }
        _ => begin,
    }
}

/// When the hour after that one begins.
pub(crate) fn next_hour(begin: Timestamp, zone: &TimeZone) -> Timestamp {
    let end = begin + HOUR;
    let changes = zone.following(begin).map(|change| change.timestamp()).take_while(|change| *change < end);
    let begins = changes.chain([end]).map(|at| hour(at, zone));
    begins.filter(|next| *next > begin).min().unwrap()
}

fn clock(at: Timestamp, zone: &TimeZone) -> DateTime {
    at.to_zoned_datetime(zone.clone()).datetime()
}

fn in_hour(clock: DateTime) -> SignedDuration {
    clock.duration_since(clock.date().at(clock.hour(), 0, 0, 0))
}

fn hour_of_clock(at: Timestamp, zone: &TimeZone) -> (Date, i8) {
    let clock = clock(at, zone);
    (clock.date(), clock.hour())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The last is set back and forward by half an hour.
    const ZONES: [&str; 7] = [
        "Europe/Berlin",
        "America/Sao_Paulo",
        "Asia/Kathmandu",
        "America/New_York",
        "Pacific/Apia",
        "UTC",
        "Australia/Lord_Howe",
    ];

    /// An instant in a zone, near one at which its clock is changed.
    fn instant() -> impl Strategy<Value = (TimeZone, Timestamp)> {
        (
            prop::sample::select(&ZONES[..]),
            -4_000_000_000_i64..4_000_000_000,
            -9_000_000_000_i64..9_000_000_000,
        )
            .prop_map(|(name, second, near)| {
                let zone = TimeZone::get(name).unwrap();
                let second = Timestamp::from_second(second).unwrap();
                let change = zone.following(second).next().map_or(second, |change| change.timestamp());
                (zone, change + SignedDuration::from_micros(near))
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn each_instant_is_in_one_hour((zone, at) in instant()) {
            let begin = hour(at, &zone);
            let next = next_hour(begin, &zone);
            prop_assert!(begin <= at && at < next && next.duration_since(begin) <= HOUR);
            prop_assert_eq!(hour(begin, &zone), begin);
            prop_assert_eq!(hour(next - TICK, &zone), begin);
            prop_assert_eq!(hour(next, &zone), next);
            prop_assert_eq!(hour_of_clock(begin, &zone), hour_of_clock(at, &zone));
        }

        #[test]
        fn a_day_s_first_instant_is_its_first((zone, at) in instant()) {
            let day = clock(at, &zone).date();
            let first = first_instant(day, &zone);
            prop_assert!(first <= at);
            prop_assert_eq!(clock(first, &zone).date(), day);
            prop_assert_eq!(clock(first - TICK, &zone).date() < day, true);
        }
    }
}
