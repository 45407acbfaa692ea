//! Each aggregation of each column that it takes.

use serde_json::{Value, json};

use super::{Column, Kind, Question, Which, agree, columns, condition, count, everything, of};

/// What is lost in sums of these depends on the order.
const ILL_CONDITIONED: &str = "extreme";

fn aggregations(column: &Column) -> Vec<Value> {
    let is_number = matches!(column.kind, Kind::Integer | Kind::Decimal(_) | Kind::Float | Kind::Single)
        && column.name != ILL_CONDITIONED;
    let numbers = if is_number { &["sum", "average", "median"][..] } else { &[] };
    let ordered = if column.kind == Kind::Boolean { &[][..] } else { &["min", "max"] };
    let all = [numbers, ordered, &["count", "distinct_count"]].concat();
    all.into_iter().map(|aggregation| of(aggregation, column.name)).collect()
}

#[tokio::test]
async fn each_aggregation_of_each_column_is_the_same() {
    let mut questions = Vec::new();
    for column in columns() {
        let measures = aggregations(column);
        questions.push(everything(json!({ "measures": measures, "totals": true })));
        let by =
            |field: &str| json!({ "dimensions": [{ "field": field }], "measures": measures, "totals": true });
        questions.push(everything(by("small")));
        questions.push(everything(by("flag")));
        // Groups of one row, and medians of two.
        questions.push(everything(json!({
            "dimensions": [{ "field": "small" }, { "field": "mood" }, { "field": "bit" }],
            "measures": measures,
            "order_by": [{ "field": "small" }, { "field": "mood" }],
        })));
    }
    agree(questions).await;
}

#[tokio::test]
async fn of_no_rows_sums_are_null_and_counts_0() {
    let mut questions = Vec::new();
    for column in columns() {
        let query = json!({ "measures": aggregations(column), "totals": true });
        questions.push(Question { which: Which::Nothing, query: query.clone() });
        let mut filtered = query.clone();
        filtered["filters"] = json!([condition("id", "lt", json!([0]))]);
        questions.push(everything(filtered));
        let mut grouped = query;
        grouped["dimensions"] = json!([{ "field": "name" }]);
        questions.push(Question { which: Which::Nothing, query: grouped });
    }
    agree(questions).await;
}

#[tokio::test]
async fn ratios_are_quotients_of_what_is_shown() {
    let pairs = [
        (of("sum", "price"), count()),
        (of("sum", "small"), of("count", "price")),
        (of("average", "price"), of("average", "small")),
        (of("median", "price"), of("sum", "tiny")),
        (of("sum", "float"), of("sum", "price")),
        (of("sum", "price"), of("sum", "float")),
        (of("max", "large"), of("min", "large")),
        (of("sum", "wide"), of("sum", "small")),
        (of("distinct_count", "name"), count()),
        (of("min", "small"), of("max", "unsigned")),
        (of("sum", "large"), of("max", "large")),
        (of("sum", "single"), of("sum", "small")),
    ];
    let query = |(dividend, divisor): &(Value, Value), dimensions: Value| {
        let ratio = json!({ "ratio": [dividend["as"], divisor["as"]], "as": "r" });
        let of_ratio = json!({ "ratio": ["r", divisor["as"]], "as": "of a ratio" });
        everything(json!({
            "dimensions": dimensions, "measures": [dividend, divisor, ratio, of_ratio], "totals": true,
        }))
    };
    let questions = pairs.iter().flat_map(|pair| {
        [
            query(pair, json!([{ "field": "small" }])),
            query(pair, json!([{ "field": "mood" }, { "field": "flag" }])),
        ]
    });
    agree(questions.collect()).await;
}

#[tokio::test]
async fn many_measures_of_one_column_are_each_their_own() {
    let all = ["sum", "average", "median", "min", "max", "count", "distinct_count"];
    let measures: Vec<Value> =
        ["price", "small"].iter().flat_map(|field| all.map(|aggregation| of(aggregation, field))).collect();
    agree(vec![
        everything(json!({ "dimensions": [{ "field": "day", "grain": "year" }, { "field": "tag" }], "measures": measures, "totals": true })),
        everything(json!({ "measures": measures, "filters": [condition("price", "is_null", json!([]))] })),
    ])
    .await;
}
