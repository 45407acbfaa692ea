//! Order, with nulls on either side.

use serde_json::json;

use super::{agree, columns, count, everything, of};

#[tokio::test]
async fn every_column_is_ordered_either_way_with_nulls_on_either_side() {
    let mut questions = Vec::new();
    for column in columns() {
        for (direction, nulls) in [("asc", "first"), ("asc", "last"), ("desc", "first"), ("desc", "last")] {
            questions.push(everything(json!({
                "dimensions": [{ "field": column.name, "as": "it" }],
                "order_by": [{ "field": "it", "direction": direction, "nulls": nulls }],
            })));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn what_measures_leave_open_dimensions_decide() {
    let orders = [
        json!([{ "field": "n" }]),
        json!([{ "field": "n", "direction": "desc" }]),
        json!([{ "field": "sum of price", "nulls": "first" }]),
        json!([{ "field": "sum of price", "direction": "desc" }, { "field": "tag", "direction": "desc" }]),
        json!([{ "field": "min of name", "direction": "desc" }]),
        json!([{ "field": "max of day" }]),
        json!([{ "field": "average of float", "direction": "desc", "nulls": "first" }]),
        json!([{ "field": "median of large" }]),
        json!([{ "field": "ratio", "nulls": "first" }]),
        json!([{ "field": "flag", "direction": "desc", "nulls": "first" }, { "field": "n" }]),
        json!([]),
    ];
    let questions = orders.iter().map(|order| {
        everything(json!({
            "dimensions": [{ "field": "tag" }, { "field": "flag" }],
            "measures": [count(), of("sum", "price"), of("min", "name"), of("max", "day"), of("average", "float"),
                of("median", "large"), { "ratio": ["sum of price", "median of large"], "as": "ratio" }],
            "order_by": order,
        }))
    });
    agree(questions.collect()).await;
}
