//! Ranges of time: words, days and instants.

use serde_json::{Value, json};

use super::{Question, ZONES, agree, count, everything, of};

fn within(range: &Value, zone: &str) -> Question {
    everything(json!({
        "dimensions": [{ "field": "id" }], "measures": [count()], "time_range": range, "timezone": zone, "totals": true,
    }))
}

#[tokio::test]
async fn words_are_of_the_zone_s_days() {
    let words = [
        "today",
        "yesterday",
        "this_week",
        "last_week",
        "this_month",
        "last_month",
        "this_quarter",
        "last_quarter",
        "this_year",
        "last_year",
        "last_24_hours",
        "last_1_hours",
        "last_3_days",
        "last_2_weeks",
        "last_12_months",
        "last_8_quarters",
        "last_5_years",
    ];
    let mut questions = Vec::new();
    for (index, word) in words.into_iter().enumerate() {
        let zone = ZONES[index % ZONES.len()];
        questions.push(within(&json!({ "field": "at", "range": word }), zone));
        if word.starts_with("last_") {
            questions
                .push(within(&json!({ "field": "stamp", "range": word, "include_current": true }), zone));
        }
        if !word.ends_with("hours") {
            questions.push(within(&json!({ "field": "day", "range": word }), zone));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn bounds_are_days_or_instants_and_the_second_is_excluded() {
    let mut questions = Vec::new();
    let bounds = [
        ("at", "2025-03-30", "2025-03-31"),
        ("at", "2025-10-26", "2025-10-27"),
        ("at", "2025-03-30T01:00:00Z", "2025-10-26T03:00:00+02:00"),
        ("at", "2011-12-29", "2011-12-31"),
        ("local_at", "2018-02-17", "2018-02-18"),
        ("local_at", "2025-04-05", "2025-04-06"),
        ("stamp", "1986-01-01", "1986-01-02"),
        ("far", "0001-01-02", "9999-12-31"),
        ("second", "2025-06-15", "2025-06-15T12:34:56Z"),
    ];
    for zone in ZONES {
        for (field, from, to) in bounds {
            questions.push(within(&json!({ "field": field, "from": from, "to": to }), zone));
        }
    }
    for (from, to) in
        [("2024-02-29", "2024-03-01"), ("0001-01-01", "9999-12-31"), ("2020-12-28", "2021-01-04")]
    {
        questions.push(within(&json!({ "field": "day", "from": from, "to": to }), "UTC"));
        questions.push(within(&json!({ "field": "far_day", "from": from }), "UTC"));
        questions.push(within(&json!({ "field": "odd_day", "to": to }), "UTC"));
    }
    agree(questions).await;
}

#[tokio::test]
async fn a_range_goes_with_buckets_filters_and_totals() {
    let mut questions = Vec::new();
    for grain in ["day", "week", "month", "quarter", "year"] {
        questions.push(everything(json!({
            "dimensions": [{ "field": "day", "grain": grain }, { "field": "flag" }],
            "measures": [count(), of("sum", "price"), of("average", "small")],
            "filters": [{ "field": "small", "operator": "gt", "values": [0] }],
            "time_range": { "field": "at", "from": "2024-01-01", "to": "2026-01-01" },
            "timezone": "Europe/Berlin",
            "totals": true,
        })));
    }
    agree(questions).await;
}
