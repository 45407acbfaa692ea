//! Limits, and that there was more.

use serde_json::{Value, json};

use super::{Question, Which, agree, count, everything, of};

#[tokio::test]
async fn a_limit_is_told_if_there_was_more() {
    let ask = |query: Value| Question { which: Which::Many, query };
    let numbers = |limit: Option<u32>| {
        let mut query = json!({ "dimensions": [{ "field": "n" }], "totals": true });
        if let Some(limit) = limit {
            query["limit"] = json!(limit);
        }
        ask(query)
    };
    let hundreds = |limit: u32| {
        ask(json!({
            "dimensions": [{ "field": "hundreds" }],
            "measures": [count(), of("sum", "n"), of("median", "n")],
            "order_by": [{ "field": "sum of n", "direction": "desc" }],
            "totals": true,
            "limit": limit,
        }))
    };
    agree(vec![
        numbers(None),
        numbers(Some(1)),
        numbers(Some(10_000)),
        // There are 101.
        hundreds(100),
        hundreds(101),
        hundreds(102),
        everything(json!({ "measures": [count()], "limit": 1 })),
    ])
    .await;
}
