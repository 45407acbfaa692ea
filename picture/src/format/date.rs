//! Days and instants, by the grain that they are grouped by.

use jiff::Timestamp;
use shared::model::calendar::civil;
use shared::model::query::{TimeUnit, ZoneName};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day, or the unit that begins with it: `Jun 15, 2025`, `Jun 2025`, `Q2 2025`, `2025`. A week is named by its Monday.
pub fn date(days: i32, grain: Option<TimeUnit>) -> String {
    let (year, month, day) = civil(days);
    match grain {
        None | Some(TimeUnit::Hour | TimeUnit::Day | TimeUnit::Week) => {
            format!("{} {day}, {year}", month_name(month))
        }
        Some(TimeUnit::Month) => format!("{} {year}", month_name(month)),
        Some(TimeUnit::Quarter) => format!("Q{} {year}", month.div_ceil(3)),
        Some(TimeUnit::Year) => year.to_string(),
    }
}

/// An instant in a time zone: `Jun 15, 14:00` for an hour, `Jun 15, 2025, 14:03:20` for one by itself, as `date` does for the others.
pub fn datetime(microseconds: i64, grain: Option<TimeUnit>, zone: &ZoneName) -> String {
    let (days, seconds) = local(microseconds, zone);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match grain {
        None if second == 0 => format!("{}, {hour:02}:{minute:02}", date(days, None)),
        None => format!("{}, {hour:02}:{minute:02}:{second:02}", date(days, None)),
        Some(TimeUnit::Hour) => {
            let (_, month, day) = civil(days);
            format!("{} {day}, {hour:02}:{minute:02}", month_name(month))
        }
        grain => date(days, grain),
    }
}

/// The day that an instant is in, and how many seconds of it have passed by the clock there.
pub(crate) fn local(microseconds: i64, zone: &ZoneName) -> (i32, i32) {
    const DAY_SECONDS: i64 = 86_400;
    let seconds = microseconds.div_euclid(1_000_000);
    let offset =
        Timestamp::from_second(seconds).map_or(0, |instant| zone.zone().to_offset(instant).seconds());
    let seconds = seconds + i64::from(offset);
    let days = i32::try_from(seconds.div_euclid(DAY_SECONDS)).unwrap_or_default();
    (days, i32::try_from(seconds.rem_euclid(DAY_SECONDS)).unwrap_or_default())
}

/// The short name of a month, 1 to 12.
pub(crate) fn month_name(month: u8) -> &'static str {
    usize::from(month).checked_sub(1).and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::model::calendar::day;

    #[test]
    fn dates_are_written_by_their_grain() {
        let june = day(2025, 6, 15);
        for (grain, written) in [
            (None, "Jun 15, 2025"),
            (Some(TimeUnit::Day), "Jun 15, 2025"),
            (Some(TimeUnit::Week), "Jun 15, 2025"),
            (Some(TimeUnit::Month), "Jun 2025"),
            (Some(TimeUnit::Quarter), "Q2 2025"),
            (Some(TimeUnit::Year), "2025"),
        ] {
            assert_eq!(date(june, grain), written);
        }
        assert_eq!(date(day(2025, 12, 1), Some(TimeUnit::Quarter)), "Q4 2025");
    }

    #[test]
    fn instants_are_written_in_the_time_zone() {
        let berlin = ZoneName::parse("Europe/Berlin").unwrap();
        let noon = i64::from(day(2025, 6, 15)) * 86_400_000_000 + 43_200_000_000;
        assert_eq!(datetime(noon, None, &berlin), "Jun 15, 2025, 14:00");
        assert_eq!(datetime(noon + 5_000_000, None, &berlin), "Jun 15, 2025, 14:00:05");
        assert_eq!(datetime(noon, Some(TimeUnit::Hour), &berlin), "Jun 15, 14:00");
        assert_eq!(datetime(noon, Some(TimeUnit::Month), &ZoneName::utc()), "Jun 2025");
        assert!(!datetime(i64::MAX, None, &berlin).is_empty());
    }
}
