//! Time ranges and filters in words, for people.

use serde_json::Value;
use shared::base::Timestamp;
use shared::model::calendar::write_date;
use shared::model::query::{Clause, Filter, Operator, TimeRange, ZoneName};
use shared::model::resolve::days;

/// A time range: `ordered_at: last week (2026-11-16 to 2026-11-22)`.
pub(crate) fn time_range(range: &TimeRange, zone: &ZoneName, now: Timestamp) -> String {
    let field = range.field.as_str();
    let bounds = days(range, zone, now.into());
    let date = |day: i64| {
        let mut text = String::new();
        write_date(&mut text, i32::try_from(day).unwrap_or_default());
        text
    };
    let first = bounds.and_then(|bounds| bounds.from).map(date);
    // People say the last day, and not the one after it.
    let last = bounds.and_then(|bounds| bounds.to).map(|to| date(to - 1));
    let written = match (first, last) {
        (Some(first), Some(last)) if first == last => first,
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first}"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => match (&range.from, &range.to) {
            (Some(from), Some(to)) => format!("from {from}, before {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("before {to}"),
            (None, None) => String::new(),
        },
    };
    match &range.range {
        None => format!("{field}: {written}"),
        Some(word) => {
            let word = word.to_string().replace('_', " ");
            let current = if range.include_current == Some(true) { " and the current one" } else { "" };
            let written = if written.is_empty() { written } else { format!(" ({written})") };
            format!("{field}: {word}{current}{written}")
        }
    }
}

/// A filter: `country is one of DE, FR`.
pub(crate) fn filter(filter: &Filter) -> String {
    match filter.clause() {
        Some(Clause::Compare(field, operator, values)) => {
            format!("{} {}", field.as_str(), comparison(operator, values))
        }
        Some(Clause::And(filters)) => group(filters, " and "),
        Some(Clause::Or(filters)) => group(filters, " or "),
        None => String::new(),
    }
}

fn group(filters: &[Filter], word: &str) -> String {
    let filters: Vec<_> = filters.iter().map(filter).collect();
    if filters.len() == 1 { filters.concat() } else { format!("({})", filters.join(word)) }
}

fn comparison(operator: Operator, values: &[Value]) -> String {
    let values: Vec<_> = values.iter().map(value).collect();
    let first = values.first().map(String::as_str).unwrap_or_default();
    match operator {
        Operator::Eq => format!("is {first}"),
        Operator::Ne => format!("is not {first}"),
        Operator::Gt => format!("> {first}"),
        Operator::Gte => format!("≥ {first}"),
        Operator::Lt => format!("< {first}"),
        Operator::Lte => format!("≤ {first}"),
        Operator::In => format!("is one of {}", values.join(", ")),
        Operator::NotIn => format!("is none of {}", values.join(", ")),
        Operator::Contains => format!("contains {first}"),
        Operator::Between => format!("is between {}", values.join(" and ")),
        Operator::IsNull => "is missing".to_owned(),
        Operator::IsNotNull => "is there".to_owned(),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(sent: Value) -> String {
        let zone = ZoneName::parse("Europe/Berlin").unwrap();
        let range = serde_json::from_value(sent).unwrap();
        // A Monday, at eight in Berlin.
        time_range(&range, &zone, "2027-02-01T07:00:00Z".parse().unwrap())
    }

    #[test]
    fn time_ranges_name_their_first_and_last_day() {
        for (sent, expected) in [
            (json!({ "field": "at", "range": "last_week" }), "at: last week (2027-01-25 to 2027-01-31)"),
            (json!({ "field": "at", "range": "today" }), "at: today (2027-02-01)"),
            (
                json!({ "field": "at", "range": "last_2_months", "include_current": true }),
                "at: last 2 months and the current one (2026-12-01 to 2027-02-28)",
            ),
            (json!({ "field": "at", "range": "last_6_hours" }), "at: last 6 hours"),
            (json!({ "field": "at", "from": "2027-01-01" }), "at: from 2027-01-01"),
            (
                json!({ "field": "at", "from": "2027-01-01", "to": "2027-02-01" }),
                "at: 2027-01-01 to 2027-01-31",
            ),
            (json!({ "field": "at", "to": "2027-01-01T10:00:00Z" }), "at: before 2027-01-01T10:00:00Z"),
        ] {
            assert_eq!(words(sent), expected);
        }
    }

    #[test]
    fn filters_read_as_sentences() {
        let compare = |operator: &str, values: Value| json!({ "field": "city", "operator": operator, "values": values });
        for (sent, expected) in [
            (compare("in", json!(["Köln", "Bonn"])), "city is one of Köln, Bonn"),
            (compare("is_null", json!([])), "city is missing"),
            (compare("between", json!([1, 2.5])), "city is between 1 and 2.5"),
            (
                json!({ "or": [compare("eq", json!(["a"])), { "and": [compare("ne", json!(["b"])), compare("gte", json!([3]))] }] }),
                "(city is a or (city is not b and city ≥ 3))",
            ),
        ] {
            assert_eq!(filter(&serde_json::from_value(sent).unwrap()), expected);
        }
    }
}
