//! When a report is due: a cron expression, in the five fields that people know.
//!
//! EventBridge Scheduler runs it, so what it cannot do is refused here, with words: both a day of the month and a day of the week. What
//! would run more often than once an hour is refused as well.

mod aws;
mod field;
mod occurrences;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use self::field::{Dialect, Field, MONTHS, Values, WEEKDAYS};
use crate::base::error::Invalid;

/// The longest expression, in bytes.
const MAX_BYTES: usize = 100;

/// Minute, hour, day of the month, month and day of the week: `0 8 * * 1`. It is due at one minute of an hour, at most.
///
/// Its text is normalized: names are numbers, Sunday is 0, lists are in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Deserr)]
#[serde(try_from = "String", into = "String")]
#[deserr(try_from(&String) = FromStr::from_str -> Invalid)]
pub struct Cron {
    minute: u8,
    hours: Values,
    days: Values,
    months: Values,
    weekdays: Values,
}

const MINUTE: Field = Field { name: "minute", first: 0, last: 59, names: &[], dialect: Dialect::Cron };
const HOUR: Field = Field { name: "hour", first: 0, last: 23, names: &[], dialect: Dialect::Cron };
const DAY: Field = Field { name: "day of the month", first: 1, last: 31, names: &[], dialect: Dialect::Cron };
const MONTH: Field = Field { name: "month", first: 1, last: 12, names: MONTHS, dialect: Dialect::Cron };
const WEEKDAY: Field =
    Field { name: "day of the week", first: 0, last: 6, names: WEEKDAYS, dialect: Dialect::Cron };

/// How many days each month has in the years in which it has most.
const DAYS_OF_MONTHS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl FromStr for Cron {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.len() > MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {MAX_BYTES} bytes.").into()));
        }
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            return Err("Must have five fields: minute, hour, day of the month, month and day of the week, as in \"0 8 * * 1\" \
                        (Mondays at 8:00)."
                .into());
        };
        if day != "*" && weekday != "*" {
            return Err(
                "Must not have both a day of the month and a day of the week: one of them must be *.".into(),
            );
        }
        Self::of(
            MINUTE.parse(minute)?,
            HOUR.parse(hour)?,
            DAY.parse(day)?,
            MONTH.parse(month)?,
            WEEKDAY.parse(weekday)?,
        )
    }
}

impl Cron {
    fn of(
        minutes: Values,
        hours: Values,
        days: Values,
        months: Values,
        weekdays: Values,
    ) -> Result<Self, Invalid> {
        let Some(minute) = minutes.single() else {
            return Err("A report runs at most hourly: the minute must be one number, such as 0.".into());
        };
        let is_possible = |month: u8| {
            let length = DAYS_OF_MONTHS[usize::from(month - 1)];
            days.iter().any(|day| day <= length)
        };
        if !months.iter().any(is_possible) {
            return Err("There is no such day: none of the months has it.".into());
        }
        Ok(Self { minute, hours, days, months, weekdays })
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.minute)?;
        for (field, values) in
            [(HOUR, self.hours), (DAY, self.days), (MONTH, self.months), (WEEKDAY, self.weekdays)]
        {
            f.write_str(" ")?;
            field.write(values, f)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Cron {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Cron> for String {
    fn from(cron: Cron) -> Self {
        cron.to_string()
    }
}

impl PartialSchema for Cron {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(MAX_BYTES))
            .description(Some(
                "Minute, hour, day of the month, month and day of the week, with `*`, lists, ranges, steps and names (`JAN`, `MON`). The \
                 minute is one number: a report runs at most hourly. One of the two days must be `*`. Sunday is 0 or 7.",
            ))
            .examples(["0 8 * * 1"])
            .into()
    }
}

impl ToSchema for Cron {
    fn name() -> Cow<'static, str> {
        "Cron".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalized(text: &str) -> String {
        text.parse::<Cron>().unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
    }

    #[test]
    fn expressions_are_normalized() {
        for (text, expected) in [
            ("0 8 * * 1", "0 8 * * 1"),
            ("00 08 * * mon", "0 8 * * 1"),
            ("  5   4\t* * sun ", "5 4 * * 0"),
            ("5 4 * * 7", "5 4 * * 0"),
            ("0 8 * * MON-FRI", "0 8 * * 1-5"),
            ("0 8 * * 1,2,3,4,5", "0 8 * * 1-5"),
            ("0 8 * * 5-7", "0 8 * * 0,5,6"),
            ("0 8 * * SAT-SUN", "0 8 * * 0,6"),
            ("0 8 * * 0-7", "0 8 * * *"),
            ("0 8 * * SUN-TUE", "0 8 * * 0-2"),
            ("0 18,6 1 JAN,jul *", "0 6,18 1 1,7 *"),
            ("0 */6 * * *", "0 */6 * * *"),
            ("0 0,6,12,18 * * *", "0 */6 * * *"),
            ("0 8-17/3 * * *", "0 8,11,14,17 * * *"),
            ("0 0-23 1-31 1-12 *", "0 * * * *"),
            ("59 23 31 */2 *", "59 23 31 */2 *"),
            ("0 9 29 2 *", "0 9 29 2 *"),
            ("0 9 31 2,3 *", "0 9 31 2,3 *"),
            ("0 9 30-31 4 *", "0 9 30,31 4 *"),
            ("0 12 */10 * *", "0 12 */10 * *"),
        ] {
            assert_eq!(normalized(text), expected, "{text}");
            assert_eq!(normalized(expected), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, reason) in [
            ("", "five fields"),
            ("0 8 * *", "five fields"),
            ("0 8 * * 1 2027", "five fields"),
            ("@daily", "five fields"),
            ("* * * * *", "at most hourly"),
            ("0,30 8 * * *", "at most hourly"),
            ("*/15 * * * *", "at most hourly"),
            ("0 8 1 * 1", "one of them must be *"),
            ("0 8 1-31 * MON", "one of them must be *"),
            ("0 8 30 2 *", "no such day"),
            ("0 8 31 4,6,9,11 *", "no such day"),
            ("60 8 * * *", "The minute cannot be \"60\""),
            ("0 24 * * *", "The hour cannot be \"24\""),
            ("0 8 0 * *", "The day of the month cannot be \"0\""),
            ("0 8 32 * *", "The day of the month cannot be \"32\""),
            ("0 8 L * *", "The day of the month cannot be \"L\""),
            ("0 8 ? * 1", "one of them must be *"),
            ("0 8 * 13 *", "The month cannot be \"13\""),
            ("0 8 * JANUARY *", "1 to 12 or JAN to DEC"),
            ("0 8 * * 8", "The day of the week cannot be \"8\""),
            ("0 8 * * 1#2", "The day of the week cannot be \"1#2\""),
            ("0 8 * * FRI-MON", "The day of the week cannot be \"FRI-MON\""),
            ("0 17-8 * * *", "The hour cannot be \"17-8\""),
            ("0 8/2 * * *", "The hour cannot be \"8/2\""),
            ("0 */0 * * *", "The hour cannot be \"*/0\""),
            ("0 */24 * * *", "The hour cannot be \"*/24\""),
            ("0 +8 * * *", "The hour cannot be \"+8\""),
            ("0 8, * * *", "The hour cannot be \"\""),
            ("0 ８ * * *", "The hour cannot be \"８\""),
            (&format!("0 8 * * 1{}", ",1".repeat(50)), "longer than 100 bytes"),
        ] {
            let error = text.parse::<Cron>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
