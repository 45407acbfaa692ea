//! The first values of a dimension, and the rest.

use serde_json::{Value, json};

use super::{Question, agree, condition, count, everything, of};

fn top(dimensions: &[&str], of_dimension: &str, by: &str, count_kept: u32, other: bool) -> Value {
    let dimensions: Vec<_> = dimensions.iter().map(|field| json!({ "field": field })).collect();
    json!({
        "dimensions": dimensions,
        "measures": [count(), of("sum", "price"), of("min", "name"), of("distinct_count", "tag"), of("median", "small"),
            of("average", "float"), { "ratio": ["sum of price", "n"], "as": "ratio" }],
        "top": { "dimension": of_dimension, "by": by, "count": count_kept, "other": other },
        "totals": true,
    })
}

#[tokio::test]
async fn the_first_values_of_every_type_are_kept() {
    let mut questions = Vec::new();
    for field in [
        "name", "tag", "code", "mood", "small", "large", "price", "wide", "float", "day", "at", "flag",
        "year",
    ] {
        questions.push(everything(top(&[field], field, "sum of price", 3, true)));
        questions.push(everything(top(&[field], field, "n", 2, false)));
    }
    agree(questions).await;
}

#[tokio::test]
async fn they_are_ranked_by_any_measure_with_ties_by_the_value() {
    let mut questions = Vec::new();
    for by in ["n", "sum of price", "min of name", "distinct_count of tag", "median of small", "ratio"] {
        for kept in [1, 4, 1_000] {
            questions.push(everything(top(&["tag"], "tag", by, kept, true)));
        }
        questions.push(everything(top(&["mood", "flag"], "mood", by, 2, true)));
    }
    agree(questions).await;
}

#[tokio::test]
async fn the_rest_is_there_beyond_limit_and_conditions() {
    let base = top(&["small", "mood"], "small", "sum of price", 4, true);
    let with = |changes: Value| {
        let mut query = base.clone();
        for (name, value) in changes.as_object().unwrap() {
            query[name] = value.clone();
        }
        everything(query)
    };
    let questions: Vec<Question> = vec![
        with(json!({ "limit": 3 })),
        with(json!({ "having": [condition("n", "gt", json!([2]))] })),
        with(json!({ "having": [condition("n", "gt", json!([1_000]))] })),
        with(json!({ "filters": [condition("flag", "eq", json!([false]))] })),
        with(
            json!({ "order_by": [{ "field": "mood", "direction": "desc", "nulls": "first" }, { "field": "small" }], "limit": 5 }),
        ),
        with(json!({ "dimensions": [{ "field": "small" }, { "field": "day", "grain": "year" }] })),
        with(json!({ "filters": [condition("id", "lt", json!([0]))] })),
    ];
    agree(questions).await;
}
