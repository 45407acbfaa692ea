//! Dimensions of every type.

use serde_json::json;

use super::{agree, columns, count, everything, of};

#[tokio::test]
async fn every_column_is_grouped_by_what_is_equal() {
    let mut questions = Vec::new();
    for column in columns() {
        let dimension = json!({ "field": column.name, "as": "it" });
        questions.push(everything(
            json!({ "dimensions": [dimension], "measures": [count(), of("sum", "price")], "totals": true }),
        ));
        questions.push(everything(json!({ "dimensions": [dimension, { "field": "mood" }] })));
    }
    agree(questions).await;
}

#[tokio::test]
async fn combinations_of_dimensions_are_groups_of_their_own() {
    let sets: [&[&str]; 6] = [
        &["name", "tag"],
        &["flag", "bit", "always"],
        &["small", "price", "float"],
        &["day", "at", "second"],
        &["code", "western", "length", "nick", "parts"],
        &["small", "mood", "flag", "bit", "length", "code", "nick", "uuid", "year", "odd_day"],
    ];
    let questions = sets.iter().flat_map(|fields| {
        let dimensions: Vec<_> = fields.iter().map(|field| json!({ "field": field })).collect();
        [
            everything(json!({ "dimensions": dimensions, "measures": [count()] })),
            everything(json!({ "dimensions": dimensions, "limit": 50 })),
        ]
    });
    agree(questions.collect()).await;
}

#[tokio::test]
async fn one_column_may_be_there_in_several_ways() {
    agree(vec![
        everything(json!({
            "dimensions": [{ "field": "at", "grain": "year", "as": "y" }, { "field": "at", "grain": "quarter", "as": "q" },
                { "field": "at", "as": "exactly" }],
            "measures": [of("min", "at"), of("max", "at"), of("count", "at")],
        })),
        everything(json!({
            "dimensions": [{ "field": "name", "as": "a" }, { "field": "name", "as": "b" }], "measures": [of("min", "name")],
        })),
    ])
    .await;
}
