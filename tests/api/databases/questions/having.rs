//! Conditions on groups.

use serde_json::json;

use super::{agree, condition, count, everything, of};

#[tokio::test]
async fn groups_are_left_out_by_any_measure() {
    let conditions = [
        condition("n", "gt", json!([7])),
        condition("n", "in", json!([5, 6, 7, 8])),
        condition("n", "not_in", json!([9])),
        condition("sum of price", "gte", json!([0.1])),
        condition("sum of price", "is_null", json!([])),
        condition("sum of price", "is_not_null", json!([])),
        condition("average of small", "between", json!([1, 4.5])),
        condition("median of price", "eq", json!([0.05])),
        condition("median of price", "ne", json!([0.05])),
        condition("sum of large", "lt", json!([0])),
        condition("sum of float", "gt", json!([10.5])),
        condition("ratio", "lte", json!([0])),
        condition("min of name", "eq", json!([""])),
        condition("min of name", "gt", json!(["A"])),
        condition("max of day", "lt", json!(["2027-01-15"])),
        condition("max of at", "gte", json!(["2027-01-15"])),
    ];
    let measures = json!([
        count(), of("sum", "price"), of("average", "small"), of("median", "price"), of("sum", "large"), of("sum", "float"),
        of("min", "name"), of("max", "day"), of("max", "at"), { "ratio": ["sum of price", "sum of large"], "as": "ratio" },
    ]);
    let questions = conditions.iter().flat_map(|having| {
        [
            everything(json!({ "dimensions": [{ "field": "code" }], "measures": measures, "having": [having], "totals": true })),
            everything(json!({
                "dimensions": [{ "field": "small" }, { "field": "flag" }], "measures": measures,
                "having": [having, condition("n", "gte", json!([2]))], "timezone": "Europe/Berlin",
            })),
        ]
    });
    agree(questions.collect()).await;
}

#[tokio::test]
async fn all_rows_are_a_group_that_may_be_left_out() {
    let having = |operator: &str| {
        everything(
            json!({ "measures": [count()], "having": [condition("n", operator, json!([0]))], "totals": true }),
        )
    };
    agree(vec![having("gt"), having("eq")]).await;
}
