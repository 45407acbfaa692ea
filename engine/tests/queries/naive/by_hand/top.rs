//! The first values of a dimension, and the row of the rest.

use serde_json::{Value as Json, json};
use shared::model::table::ColumnType;

use super::{NULL, ask, column, int, rows, table, text};
use crate::naive::evaluator::Answer;
use crate::naive::table::Table;

fn sales() -> Table {
    let columns =
        [column("k", ColumnType::Text), column("c", ColumnType::Text), column("n", ColumnType::Integer)];
    let rows = [
        [text("a"), text("x"), int(1)],
        [text("b"), text("x"), int(3)],
        [text("b"), text("y"), int(2)],
        [text("c"), text("x"), int(5)],
        [text("d"), text("y"), NULL],
        [NULL, text("y"), int(5)],
    ];
    table(columns, rows)
}

fn top(count: u64, other: bool, more: &Json) -> Answer {
    let mut query = json!({
        "dimensions": [{"field": "k"}],
        "measures": [{"field": "n", "aggregation": "sum"}, {"aggregation": "count"}],
        "top": {"dimension": "k", "by": "sum_n", "count": count, "other": other},
    });
    query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ask(&sales(), query)
}

#[test]
fn ties_are_decided_by_the_value_and_null_is_the_last_of_them() {
    // b, c and null have 5 each.
    assert_eq!(rows(&top(1, false, &json!({}))), [r#""b",5,2"#]);
    assert_eq!(rows(&top(2, false, &json!({}))), [r#""b",5,2"#, r#""c",5,1"#]);
    assert_eq!(rows(&top(3, false, &json!({}))), [r#""b",5,2"#, r#""c",5,1"#, "null,5,1"]);
    // What has no sum is last.
    assert_eq!(rows(&top(4, false, &json!({}))), [r#""b",5,2"#, r#""c",5,1"#, "null,5,1", r#""a",1,1"#]);
}

#[test]
fn the_rest_is_one_row_beyond_limit_and_having() {
    let answer = top(2, true, &json!({"totals": true}));
    assert_eq!(rows(&answer), [r#""b",5,2"#, r#""c",5,1"#, "null,6,3"]);
    assert_eq!((answer.other_row, answer.truncated), (Some(2), false));
    assert_eq!(answer.totals.unwrap(), ["null", "16", "6"]);
    let answer = top(2, true, &json!({"limit": 1}));
    assert_eq!(rows(&answer), [r#""b",5,2"#, "null,6,3"]);
    assert_eq!((answer.other_row, answer.truncated), (Some(1), true));
    let answer = top(2, true, &json!({"having": [{"field": "count", "operator": "gt", "values": [7]}]}));
    assert_eq!(rows(&answer), ["null,6,3"]);
    assert_eq!((answer.other_row, answer.truncated), (Some(0), false));
    // The null that is kept is not the row of the rest.
    let answer = top(3, true, &json!({"order_by": [{"field": "k", "nulls": "first"}]}));
    assert_eq!(rows(&answer), ["null,5,1", r#""b",5,2"#, r#""c",5,1"#, "null,1,2"]);
    let answer = top(5, true, &json!({}));
    assert_eq!((answer.rows.len(), answer.other_row), (5, None));
}

#[test]
fn values_are_ranked_whatever_the_other_dimensions() {
    let more = json!({
        "dimensions": [{"field": "c"}, {"field": "k"}],
        "top": {"dimension": "k", "by": "count", "count": 1, "other": true},
    });
    let answer = top(1, true, &more);
    assert_eq!(rows(&answer), [r#""x","b",3,1"#, r#""y","b",2,1"#, "null,null,11,4"]);
}

#[test]
fn values_may_be_ranked_by_a_ratio_or_a_text() {
    let ranked = |measure: Json, by: &str| {
        let mut query = json!({
            "dimensions": [{"field": "k"}],
            "measures": [{"field": "n", "aggregation": "sum", "as": "s"}, {"aggregation": "count", "as": "c"}],
            "top": {"dimension": "k", "by": by, "count": 2},
        });
        query["measures"].as_array_mut().unwrap().push(measure);
        ask(&sales(), query).rows.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ranked(json!({"ratio": ["s", "c"]}), "s_per_c"), [r#""c""#, "null"]);
    assert_eq!(ranked(json!({"field": "c", "aggregation": "min", "as": "m"}), "m"), ["null", r#""d""#]);
}
