//! Buckets that are missing.

use serde_json::{Value, json};

use super::{GRAINS, Question, Which, agree, condition, count, everything, of};

fn filled(field: &str, grain: &str, zone: &str, range: Option<[&str; 2]>) -> Value {
    let mut query = json!({
        "dimensions": [{ "field": field, "grain": grain, "as": "bucket" }],
        "measures": [count(), of("sum", "price"), of("distinct_count", "name"), { "ratio": ["sum of price", "n"], "as": "ratio" }],
        "timezone": zone,
        "fill": true,
    });
    if let Some([from, to]) = range {
        query["time_range"] = json!({ "field": field, "from": from, "to": to });
    }
    query
}

#[tokio::test]
async fn buckets_are_filled_in_between_bounds() {
    let mut questions = Vec::new();
    for (zone, range) in [
        ("Europe/Berlin", ["2025-03-28", "2025-04-02"]),
        ("Europe/Berlin", ["2025-10-25", "2025-10-28"]),
        ("Pacific/Apia", ["2011-12-28", "2012-01-02"]),
        ("Australia/Lord_Howe", ["2025-04-04", "2025-04-07"]),
        ("Australia/Lord_Howe", ["2025-10-04", "2025-10-06"]),
        ("America/Sao_Paulo", ["2018-02-16", "2018-02-20"]),
        ("America/Sao_Paulo", ["2018-11-03", "2018-11-06"]),
        ("Asia/Kathmandu", ["1985-12-30", "1986-01-03"]),
    ] {
        for grain in GRAINS {
            questions.push(everything(filled("at", grain, zone, Some(range))));
        }
    }
    for grain in &GRAINS[1..] {
        questions.push(everything(filled("day", grain, "UTC", Some(["2020-12-20", "2021-02-10"]))));
    }
    agree(questions).await;
}

#[tokio::test]
async fn without_bounds_buckets_are_filled_in_between_the_first_and_the_last() {
    let mut questions = Vec::new();
    for grain in ["week", "month", "quarter", "year"] {
        questions.push(everything(filled("day", grain, "UTC", None)));
        questions.push(everything(filled("at", grain, "America/New_York", None)));
    }
    agree(questions).await;
}

#[tokio::test]
async fn filling_goes_with_other_dimensions_conditions_and_limits() {
    let mut grouped = filled("day", "month", "UTC", Some(["2023-11-01", "2024-05-01"]));
    grouped["dimensions"].as_array_mut().unwrap().push(json!({ "field": "mood" }));
    let mut having = grouped.clone();
    having["having"] = json!([condition("n", "eq", json!([0]))]);
    let mut limited = grouped.clone();
    limited["limit"] = json!(7);
    limited["order_by"] = json!([{ "field": "sum of price", "direction": "desc", "nulls": "first" }]);
    limited["totals"] = json!(true);
    let mut top = grouped.clone();
    top["top"] = json!({ "dimension": "mood", "by": "n", "count": 2, "other": true });
    agree([grouped, having, limited, top].map(everything).into()).await;
}

#[tokio::test]
async fn where_there_is_nothing_there_are_buckets_between_bounds_only() {
    let of_nothing = |query: Value| Question { which: Which::Nothing, query };
    let bounded = filled("day", "month", "UTC", Some(["2024-01-01", "2024-04-01"]));
    let mut grouped = bounded.clone();
    grouped["dimensions"].as_array_mut().unwrap().push(json!({ "field": "mood" }));
    agree([bounded, grouped, filled("at", "day", "UTC", None)].map(of_nothing).into()).await;
}
