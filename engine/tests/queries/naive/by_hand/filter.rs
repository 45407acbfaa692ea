//! Conditions on rows and on groups.

use serde_json::{Value as Json, json};
use shared::model::table::ColumnType;

use super::{NULL, ask, at, column, day, decimals, int, rows, table, text};
use crate::naive::table::{Table, Value};

/// The values of the only column for which a condition holds.
fn left(table: &Table, operator: &str, values: &Json) -> Vec<String> {
    let field = &table.columns[0].name;
    let condition = json!({"field": field, "operator": operator, "values": values});
    rows(&ask(table, json!({"dimensions": [{"field": field}], "filters": [condition]})))
}

#[test]
fn null_is_in_no_comparison() {
    let table = table([column("n", ColumnType::Integer)], [[int(1)], [int(2)], [NULL]]);
    assert_eq!(left(&table, "ne", &json!([1])), ["2"]);
    assert_eq!(left(&table, "not_in", &json!([1])), ["2"]);
    assert_eq!(left(&table, "is_null", &json!([])), ["null"]);
    assert_eq!(left(&table, "is_not_null", &json!([])), ["1", "2"]);
    assert_eq!(left(&table, "between", &json!([1, 2])), ["1", "2"]);
    assert_eq!(left(&table, "between", &json!([2, 1])), [""; 0]);
    assert_eq!(left(&table, "gt", &json!([1.5])), ["2"]);
}

#[test]
fn decimals_are_compared_with_what_is_written() {
    let table =
        table([decimals("d", 2)], [[Value::Decimal(10)], [Value::Decimal(30)], [Value::Decimal(-30)]]);
    assert_eq!(left(&table, "eq", &json!([0.1])), ["0.1"]);
    assert_eq!(left(&table, "lte", &json!([0.3])), ["-0.3", "0.1", "0.3"]);
    assert_eq!(left(&table, "lt", &json!([3e-1])), ["-0.3", "0.1"]);
}

#[test]
fn integers_are_exact_where_floats_are_not() {
    let table = table([column("n", ColumnType::Integer)], [[int(9_007_199_254_740_993)], [int(i64::MAX)]]);
    assert_eq!(left(&table, "eq", &json!([9_007_199_254_740_992_i64])), [""; 0]);
    assert_eq!(left(&table, "eq", &json!([i64::MAX])), ["9223372036854775807"]);
    assert_eq!(left(&table, "lt", &json!([u64::MAX])).len(), 2);
}

#[test]
fn text_is_in_the_order_of_its_bytes() {
    let table = table([column("t", ColumnType::Text)], ["B", "a", "é", "z", ""].map(|of| [text(of)]));
    assert_eq!(left(&table, "lt", &json!(["a"])), [r#""""#, r#""B""#]);
    assert_eq!(left(&table, "gte", &json!(["z"])), [r#""z""#, r#""é""#]);
    assert_eq!(left(&table, "contains", &json!(["É"])), [r#""é""#]);
    assert_eq!(left(&table, "in", &json!(["b", "Z", "a"])), [r#""a""#]);
}

#[test]
fn a_day_is_its_first_instant_in_the_zone() {
    let instants = ["2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z", "2018-11-04T05:00:00Z"];
    let table = table([column("t", ColumnType::Datetime)], instants.map(|of| [at(of)]));
    let left = |operator: &str, value: &str| {
        let condition = json!({"field": "t", "operator": operator, "values": [value]});
        let query =
            json!({"dimensions": [{"field": "t"}], "filters": [condition], "timezone": "America/Sao_Paulo"});
        rows(&ask(&table, query)).len()
    };
    assert_eq!(left("lt", "2018-11-04"), 1);
    assert_eq!(left("eq", "2018-11-04"), 1);
    assert_eq!(left("gt", "2018-11-04"), 1);
    assert_eq!(left("gte", "2018-11-04T06:00:00+01:00"), 1);
}

#[test]
fn groups_of_filters_may_be_in_groups() {
    let columns =
        [column("n", ColumnType::Integer), column("d", ColumnType::Date), column("b", ColumnType::Boolean)];
    let table = table(
        columns,
        [
            [int(1), day("2025-01-01"), Value::Boolean(true)],
            [int(2), NULL, Value::Boolean(false)],
            [int(3), day("2025-01-03"), NULL],
            [int(4), day("2025-01-03"), Value::Boolean(true)],
        ],
    );
    let query = json!({
        "dimensions": [{"field": "n"}],
        "filters": [
            {"field": "n", "operator": "lt", "values": [4]},
            {"or": [
                {"field": "d", "operator": "is_null", "values": []},
                {"and": [
                    {"field": "d", "operator": "gt", "values": ["2025-01-02"]},
                    {"or": [{"field": "b", "operator": "is_null"}, {"field": "b", "operator": "eq", "values": [false]}]},
                ]},
            ]},
        ],
    });
    assert_eq!(rows(&ask(&table, query)), ["2", "3"]);
}

#[test]
fn having_leaves_out_groups() {
    let columns = [column("k", ColumnType::Text), column("n", ColumnType::Integer)];
    let table = table(columns, [[text("a"), int(1)], [text("a"), int(2)], [text("b"), NULL], [NULL, int(5)]]);
    let left = |operator: &str, values: &Json| {
        let query = json!({
            "dimensions": [{"field": "k"}],
            "measures": [{"field": "n", "aggregation": "average", "as": "m"}],
            "having": [{"field": "m", "operator": operator, "values": values}],
        });
        rows(&ask(&table, query))
    };
    assert_eq!(left("ne", &json!([5])), [r#""a",1.5"#]);
    assert_eq!(left("is_null", &json!([])), [r#""b",null"#]);
    assert_eq!(left("in", &json!([1.5, 5])), ["null,5", r#""a",1.5"#]);
    let nothing = json!({
        "measures": [{"aggregation": "count"}],
        "having": [{"field": "count", "operator": "gt", "values": [4]}],
    });
    assert_eq!(rows(&ask(&table, nothing)), [""; 0]);
}
