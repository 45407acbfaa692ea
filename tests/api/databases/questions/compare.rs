//! What it was an offset earlier.

use serde_json::{Value, json};

use super::{Question, agree, count, everything, of};

fn compared(field: &str, grain: Option<&str>, zone: &str, [from, to]: [&str; 2], offset: &str) -> Value {
    let dimensions =
        grain.map_or(json!([]), |grain| json!([{ "field": field, "grain": grain, "as": "bucket" }]));
    json!({
        "dimensions": dimensions,
        "measures": [count(), of("sum", "price"), of("distinct_count", "name"), of("median", "small"),
            { "ratio": ["sum of price", "n"], "as": "ratio" }],
        "time_range": { "field": field, "from": from, "to": to },
        "compare": { "offset": offset },
        "timezone": zone,
        "totals": true,
    })
}

const OFFSETS: [&str; 12] = [
    "1 hour",
    "36 hours",
    "1 day",
    "7 days",
    "1 week",
    "1 month",
    "3 months",
    "11 months",
    "1 quarter",
    "1 year",
    "2 years",
    "365 days",
];

#[tokio::test]
async fn dates_are_moved_as_calendars_do() {
    let mut questions = Vec::new();
    for offset in &OFFSETS[2..] {
        for grain in [None, Some("day"), Some("week"), Some("month"), Some("quarter"), Some("year")] {
            questions.push(everything(compared("day", grain, "UTC", ["2024-01-01", "2025-04-01"], offset)));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn the_ends_of_months_meet_the_ends_of_months() {
    let mut questions = Vec::new();
    for range in [
        ["2024-02-29", "2024-03-01"],
        ["2025-02-28", "2025-03-01"],
        ["2023-02-01", "2023-03-01"],
        ["2024-02-01", "2024-04-01"],
    ] {
        for offset in ["1 month", "2 months", "1 year", "12 months", "1 quarter", "4 years"] {
            questions.push(everything(compared("day", Some("day"), "UTC", range, offset)));
            questions.push(everything(compared("at", Some("day"), "Europe/Berlin", range, offset)));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn datetimes_are_moved_by_the_zone_s_clocks() {
    let mut questions = Vec::new();
    for (zone, range) in [
        ("UTC", ["2025-01-01", "2026-01-01"]),
        ("Europe/Berlin", ["2025-03-30", "2025-04-01"]),
        ("Europe/Berlin", ["2025-10-26", "2025-10-27"]),
        ("America/New_York", ["2025-03-09", "2025-11-03"]),
        ("Australia/Lord_Howe", ["2025-04-05", "2025-10-06"]),
        ("Pacific/Apia", ["2011-12-28", "2012-01-05"]),
    ] {
        for (index, offset) in OFFSETS.iter().enumerate() {
            let grain = [None, Some("hour"), Some("day"), Some("month")][index % 4];
            questions.push(everything(compared("at", grain, zone, range, offset)));
            questions.push(everything(compared("local_at", Some("day"), zone, range, offset)));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn comparing_goes_with_everything_else() {
    let base = compared("day", Some("month"), "UTC", ["2024-01-01", "2025-04-01"], "1 year");
    let with = |changes: Value| {
        let mut query = base.clone();
        for (name, value) in changes.as_object().unwrap() {
            query[name] = value.clone();
        }
        everything(query)
    };
    let month = json!({ "field": "day", "grain": "month", "as": "bucket" });
    let questions: Vec<Question> = vec![
        with(json!({ "fill": true })),
        with(json!({ "fill": true, "limit": 3 })),
        with(json!({ "dimensions": [month, { "field": "mood" }] })),
        with(json!({ "dimensions": [month, { "field": "mood" }], "fill": true })),
        with(
            json!({ "dimensions": [{ "field": "name" }], "order_by": [{ "field": "n", "direction": "desc" }, { "field": "name" }] }),
        ),
        with(
            json!({ "dimensions": [{ "field": "tag" }], "top": { "dimension": "tag", "by": "sum of price", "count": 3, "other": true } }),
        ),
        with(
            json!({ "dimensions": [{ "field": "mood" }], "top": { "dimension": "mood", "by": "n", "count": 1 } }),
        ),
        with(json!({
            "dimensions": [month, { "field": "mood" }],
            "top": { "dimension": "mood", "by": "n", "count": 2, "other": true },
            "having": [{ "field": "n", "operator": "gt", "values": [1] }],
        })),
        with(json!({ "filters": [{ "field": "flag", "operator": "eq", "values": [true] }], "limit": 5 })),
        with(json!({ "time_range": { "field": "day", "range": "last_3_years", "include_current": true } })),
        with(
            json!({ "time_range": { "field": "at", "range": "last_12_months" }, "dimensions": [{ "field": "flag" }] }),
        ),
    ];
    agree(questions).await;
}
