//! A cron expression as EventBridge Scheduler has it: `cron(0 8 ? * MON *)`
//! ([its fields](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based)).

use super::field::{Dialect, Field, WEEKDAYS};
use super::{Cron, DAY, HOUR, MINUTE, MONTH, WEEKDAY};
use crate::base::error::Invalid;

/// Its weekdays begin with Sunday, as 1.
const AWS_WEEKDAY: Field =
    Field { name: "day of the week", first: 1, last: 7, names: WEEKDAYS, dialect: Dialect::Aws };

impl Cron {
    /// As EventBridge Scheduler takes it. Of the two days, one is always `?`: not said.
    pub fn to_aws(&self) -> String {
        let mut text = format!("cron({} ", self.minute);
        let has_weekdays = self.weekdays != WEEKDAY.all();
        let days = (!has_weekdays).then_some(self.days);
        let weekdays = has_weekdays.then_some(self.weekdays);
        for (field, values) in
            [(HOUR, Some(self.hours)), (DAY, days), (MONTH, Some(self.months)), (WEEKDAY, weekdays)]
        {
            match values {
                // Writing to a string cannot fail.
                Some(values) => drop(field.write_aws(values, &mut text)),
                None => text.push('?'),
            }
            text.push(' ');
        }
        text.push_str("*)");
        text
    }

    /// Reads what EventBridge Scheduler takes, as far as the fields that people know can say it: every year, and no `L`, `W` or `#`.
    pub fn from_aws(text: &str) -> Result<Self, Invalid> {
        let fields = text.strip_prefix("cron(").and_then(|text| text.strip_suffix(')'));
        let fields: Vec<_> = fields.unwrap_or_default().split_whitespace().collect();
        let [minute, hour, day, month, weekday, year] = fields[..] else {
            return Err("Must be cron(minute hour day-of-month month day-of-week year).".into());
        };
        if (day == "?") == (weekday == "?") {
            return Err(
                "Must have a ? as the day of the month or as the day of the week, and not as both.".into()
            );
        }
        if year != "*" {
            return Err("The year must be *.".into());
        }
        let aws = |field: Field| Field { dialect: Dialect::Aws, ..field };
        let days = if day == "?" { DAY.all() } else { aws(DAY).parse(day)? };
        let weekdays =
            if weekday == "?" { WEEKDAY.all() } else { AWS_WEEKDAY.parse(weekday)?.shifted_down() };
        Self::of(aws(MINUTE).parse(minute)?, aws(HOUR).parse(hour)?, days, aws(MONTH).parse(month)?, weekdays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_written_for_the_scheduler() {
        for (text, expected) in [
            ("0 8 * * 1", "cron(0 8 ? * MON *)"),
            ("30 17 * * 1-5", "cron(30 17 ? * MON-FRI *)"),
            ("0 8 * * 0,6", "cron(0 8 ? * SUN,SAT *)"),
            ("0 0 1 * *", "cron(0 0 1 * ? *)"),
            ("0 * * * *", "cron(0 * * * ? *)"),
            ("0 */6 1,15 1-3,7 *", "cron(0 0,6,12,18 1,15 JAN-MAR,JUL ? *)"),
        ] {
            let cron: Cron = text.parse().unwrap();
            assert_eq!(cron.to_aws(), expected, "{text}");
            assert_eq!(Cron::from_aws(expected).unwrap(), cron, "{text}");
        }
    }

    #[test]
    fn the_scheduler_counts_weekdays_from_one() {
        assert_eq!(Cron::from_aws("cron(0 8 ? * 1 *)").unwrap().to_string(), "0 8 * * 0");
        assert_eq!(Cron::from_aws("cron(0 8 ? * 2-6 *)").unwrap().to_string(), "0 8 * * 1-5");
        assert_eq!(Cron::from_aws("cron(0 2/6 ? * * *)").unwrap().to_string(), "0 2,8,14,20 * * *");
    }

    #[test]
    fn what_the_scheduler_refuses_is_refused() {
        for text in [
            "0 8 ? * MON *",
            "cron(0 8 ? * MON)",
            "cron(0 8 * * MON *)",
            "cron(0 8 ? * ? *)",
            "cron(0 8 ? * 0 *)",
            "cron(0 8 ? * MON 1969)",
            "rate(5 minutes)",
            "at(2027-01-01T00:00:00)",
            "cron(0 8 ? * MON *",
        ] {
            assert!(Cron::from_aws(text).is_err(), "{text}");
        }
    }
}
