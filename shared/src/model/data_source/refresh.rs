//! How often what can be fetched again is.

use serde_json::{Map, Value};

use crate::base::{DataSourceId, OrganizationId};
use crate::model::report::Cron;
use crate::string_enum;

string_enum! {
    /// How often what is there is imported again by itself: at a time of the data source's own, in UTC.
    #[derive(Default)]
    #[schema(as = Refresh)]
    pub enum Refresh {
        /// Never.
        #[default]
        Manual = "manual",
        /// Once an hour.
        Hourly = "hourly",
        /// Once a day.
        Daily = "daily",
        /// Once a week.
        Weekly = "weekly",
    }
}

impl Refresh {
    /// What a connection says.
    pub fn of(settings: &Map<String, Value>) -> Self {
        let text = settings.get("refresh").and_then(Value::as_str).unwrap_or_default();
        text.parse().unwrap_or_default()
    }

    /// When a data source is imported, in UTC; `None` if never. Sources are spread over the time, so that not all are at once.
    pub fn cron(self, organization: OrganizationId, data_source: DataSourceId) -> Option<Cron> {
        let place = spread(organization, data_source);
        let (minute, hour, day) = (place % 60, place / 60 % 24, place / (60 * 24) % 7);
        let expression = match self {
            Self::Manual => return None,
            Self::Hourly => format!("{minute} * * * *"),
            Self::Daily => format!("{minute} {hour} * * *"),
            Self::Weekly => format!("{minute} {hour} * * {day}"),
        };
        expression.parse().ok()
    }
}

/// A number that is the same for a data source whenever it is asked for, and evenly spread over all of them
/// ([Fibonacci hashing](https://en.wikipedia.org/wiki/Hash_function#Fibonacci_hashing)).
fn spread(organization: OrganizationId, data_source: DataSourceId) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = u64::from(organization).wrapping_mul(FACTOR) ^ u64::from(data_source);
    mixed.wrapping_mul(FACTOR) >> 32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn sources_are_spread_over_the_time() {
        let crons = |refresh: Refresh| -> BTreeSet<String> {
            let crons = (1..=600).map(|id: u64| refresh.cron((id % 7).into(), id.into()).unwrap().to_aws());
            crons.collect()
        };
        assert_eq!(crons(Refresh::Hourly).len(), 60);
        assert!(crons(Refresh::Daily).len() > 400);
        assert!(crons(Refresh::Weekly).len() > 500);
        assert!(Refresh::Manual.cron(1.into(), 1.into()).is_none());
    }

    #[test]
    fn what_is_not_said_is_manual() {
        let settings = |value: Value| Refresh::of(value.as_object().unwrap());
        assert_eq!(settings(serde_json::json!({})), Refresh::Manual);
        assert_eq!(settings(serde_json::json!({ "refresh": "daily" })), Refresh::Daily);
    }
}
