//! Conditions of every operator on every type, and groups of them.

use serde_json::{Value, json};

use super::{Column, Kind, agree, columns, condition, everything, left, value};

#[tokio::test]
async fn comparisons_leave_the_same_rows() {
    let mut questions = Vec::new();
    for column in columns() {
        let values: Vec<Value> = column.texts().take(30).map(|text| value(column, text)).collect();
        let some = |index: usize| values.get(index % values.len().max(1)).cloned().unwrap_or(json!(7));
        let (one, other) = (some(1), some(values.len() * 2 / 3));
        let mut ask = |operator: &str, values: Value| {
            questions.push(left(&json!([condition(column.name, operator, values)])));
        };
        ask("eq", json!([one]));
        ask("ne", json!([one]));
        ask("in", json!([one, other]));
        ask("not_in", json!([other, one]));
        if column.kind != Kind::Boolean {
            ask("gt", json!([one]));
            ask("gte", json!([other]));
            ask("lt", json!([other]));
            ask("lte", json!([one]));
            ask("between", json!([one, other]));
            ask("between", json!([other, one]));
        }
        ask("is_null", json!([]));
        ask("is_not_null", json!([]));
    }
    agree(questions).await;
}

#[tokio::test]
async fn numbers_are_compared_as_numbers_of_any_type() {
    let literals = [
        "0",
        "-0.0",
        "1.5",
        "0.1",
        "0.30000000000000004",
        "1e2",
        "-2.5",
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e300",
        "0.00000001",
        "1234567890123456789012.3456789",
    ];
    let mut questions = Vec::new();
    for name in ["small", "large", "unsigned", "price", "tiny", "wide", "loose", "float", "single", "extreme"]
    {
        for (index, literal) in literals.iter().enumerate() {
            let literal: Value = serde_json::from_str(literal).unwrap();
            let operator = ["eq", "gte", "lt", "ne"][index % 4];
            questions.push(left(&json!([condition(name, operator, json!([literal]))])));
            questions.push(left(&json!([condition(name, "in", json!([literal, 1, 2.5]))])));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn days_and_instants_are_compared_in_the_zone_of_the_query() {
    let mut questions = Vec::new();
    for zone in super::ZONES {
        for (field, bound) in [
            ("at", "2025-03-30"),
            ("at", "2025-10-26T02:30:00+02:00"),
            ("local_at", "2011-12-30"),
            ("stamp", "2018-11-04"),
            ("second", "2025-06-15T00:00:00Z"),
            ("far", "1582-10-10"),
            ("day", "2024-02-29"),
        ] {
            for operator in ["eq", "gt", "lte", "ne"] {
                let mut question = left(&json!([condition(field, operator, json!([bound]))]));
                question.query["timezone"] = json!(zone);
                questions.push(question);
            }
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn groups_of_conditions_are_as_they_are_nested() {
    let flag = |is: bool| condition("flag", "eq", json!([is]));
    let small = |operator: &str, number: i32| condition("small", operator, json!([number]));
    let name = |text: &str| condition("name", "contains", json!([text]));
    let missing =
        |field: &str, is: bool| condition(field, if is { "is_null" } else { "is_not_null" }, json!([]));
    let lists = [
        json!([small("gt", 0), flag(true)]),
        json!([{ "or": [small("lt", -3), flag(false)] }]),
        json!([{ "or": [missing("flag", true), { "and": [flag(true), small("gte", 5)] }] }, missing("price", false)]),
        json!([{ "and": [{ "or": [name("a"), name("%")] }, { "or": [small("eq", 1), small("eq", 2), missing("small", true)] }] }]),
        json!([{ "or": [{ "and": [{ "or": [{ "and": [{ "or": [small("eq", 1), small("ne", 3)] }, flag(true)] }, name("S")] }] }] }]),
        json!([{ "or": [condition("price", "not_in", json!([1.5, 2.5])), condition("name", "not_in", json!(["a", "A"]))] }]),
        json!([{ "or": [small("eq", 1)] }, { "and": [small("eq", 1)] }, small("eq", 2)]),
    ];
    let grouped = |filters: &Value| {
        everything(json!({
            "dimensions": [{ "field": "flag" }], "measures": [{ "aggregation": "count" }], "filters": filters, "totals": true,
        }))
    };
    let questions = lists.iter().flat_map(|filters| [left(filters), grouped(filters)]).collect();
    agree(questions).await;
}

#[tokio::test]
async fn a_list_of_a_hundred_values_is_looked_through() {
    let of = |column: &'static Column| {
        let values: Vec<Value> =
            column.texts().step_by(2).cycle().take(100).map(|text| value(column, text)).collect();
        ["in", "not_in"].map(|operator| left(&json!([condition(column.name, operator, values.clone())])))
    };
    let named = |column: &&Column| ["name", "tag", "price", "float", "day", "at"].contains(&column.name);
    agree(columns().filter(named).flat_map(of).collect()).await;
}
