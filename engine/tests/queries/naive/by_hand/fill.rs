//! Buckets in which nothing happened.

use serde_json::{Value as Json, json};
use shared::model::table::ColumnType;

use super::{NULL, ask, ask_at, at, column, day, instants, int, rows, table, text};
use crate::naive::table::Table;

fn sales() -> Table {
    let columns =
        [column("on", ColumnType::Date), column("k", ColumnType::Text), column("n", ColumnType::Integer)];
    let rows = [
        [day("2025-01-15"), text("a"), int(1)],
        [day("2025-04-15"), text("b"), int(2)],
        [NULL, text("c"), int(3)],
    ];
    table(columns, rows)
}

fn filled(more: &Json) -> Vec<String> {
    let mut query = json!({
        "dimensions": [{"field": "on", "grain": "month"}],
        "measures": [{"field": "n", "aggregation": "sum"}, {"aggregation": "count"}],
        "fill": true,
    });
    query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rows(&ask(&sales(), query))
}

#[test]
fn a_gap_is_filled_and_null_stays() {
    let expected = [
        r#""2025-01-01",1,1"#,
        r#""2025-02-01",null,0"#,
        r#""2025-03-01",null,0"#,
        r#""2025-04-01",2,1"#,
        "null,3,1",
    ];
    assert_eq!(filled(&json!({})), expected);
    let having = json!({"having": [{"field": "count", "operator": "eq", "values": [0]}]});
    assert_eq!(filled(&having), expected[1..3]);
}

#[test]
fn bounds_are_filled_up_to_the_bucket_before_the_end() {
    let range = |from: &str, to: &str| json!({"time_range": {"field": "on", "from": from, "to": to}});
    let expected = [r#""2024-12-01",null,0"#, r#""2025-01-01",1,1"#, r#""2025-02-01",null,0"#];
    assert_eq!(filled(&range("2024-12-31", "2025-03-01")), expected);
    assert_eq!(filled(&range("2024-12-01", "2025-02-02")), expected);
    // There are bounds, but no groups.
    assert_eq!(filled(&range("2030-01-01", "2030-02-01")), [r#""2030-01-01",null,0"#]);
    // With one bound, the groups say from when to when.
    assert_eq!(filled(&json!({"time_range": {"field": "on", "from": "2024-01-01"}})).len(), 4);
    let nothing = json!({"time_range": {"field": "on", "from": "2030-01-01"}});
    assert_eq!(filled(&nothing), [""; 0]);
}

#[test]
fn each_combination_of_the_other_dimensions_is_filled() {
    let expected = [
        r#""2025-01-01","a",1,1"#,
        r#""2025-01-01","b",null,0"#,
        r#""2025-01-01","c",null,0"#,
        r#""2025-04-01","a",null,0"#,
        r#""2025-04-01","b",2,1"#,
        r#""2025-04-01","c",null,0"#,
        r#"null,"c",3,1"#,
    ];
    let dimensions = json!({"dimensions": [{"field": "on", "grain": "quarter"}, {"field": "k"}]});
    assert_eq!(filled(&dimensions), expected);
    // Combinations that are not in the groups are not made, also where there are bounds.
    let mut bounds = dimensions;
    bounds["time_range"] = json!({"field": "on", "from": "2024-10-01", "to": "2025-04-01"});
    assert_eq!(filled(&bounds), [r#""2024-10-01","a",null,0"#, r#""2025-01-01","a",1,1"#]);
    bounds["time_range"] = json!({"field": "on", "from": "2030-10-01", "to": "2031-04-01"});
    assert_eq!(filled(&bounds), [""; 0]);
}

#[test]
fn a_range_of_another_field_is_no_bound() {
    let columns = [column("on", ColumnType::Date), column("at", ColumnType::Datetime)];
    let table = table(
        columns,
        [[day("2025-01-01"), at("2025-06-01T00:00:00Z")], [day("2025-01-03"), at("2025-06-01T00:00:00Z")]],
    );
    let query = json!({
        "dimensions": [{"field": "on", "grain": "day"}],
        "time_range": {"field": "at", "range": "this_month"},
        "fill": true,
    });
    assert_eq!(rows(&ask(&table, query)), [r#""2025-01-01""#, r#""2025-01-02""#, r#""2025-01-03""#]);
}

#[test]
fn hours_are_filled_by_the_clock_with_the_one_that_comes_twice() {
    let table = instants(["2025-10-26T00:10:00Z"]);
    let query = json!({
        "dimensions": [{"field": "at", "grain": "hour"}],
        "measures": [{"aggregation": "count"}],
        "time_range": {"field": "at", "range": "today"},
        "fill": true,
        "timezone": "Europe/Berlin",
    });
    let filled = rows(&ask_at(&table, query, "2025-10-26T12:00:00Z"));
    assert_eq!(filled.len(), 25);
    let expected = [
        r#""2025-10-25T22:00:00Z",0"#,
        r#""2025-10-25T23:00:00Z",0"#,
        r#""2025-10-26T00:00:00Z",1"#,
        r#""2025-10-26T01:00:00Z",0"#,
    ];
    assert_eq!(filled[..4], expected);
    assert_eq!(filled[24], r#""2025-10-26T22:00:00Z",0"#);
}

#[test]
fn days_are_filled_where_midnight_is_skipped() {
    let table = instants(["2018-11-03T12:00:00Z", "2018-11-05T12:00:00Z"]);
    let query = json!({
        "dimensions": [{"field": "at", "grain": "day"}],
        "measures": [{"aggregation": "count"}],
        "fill": true,
        "timezone": "America/Sao_Paulo",
    });
    let expected = [r#""2018-11-03",1"#, r#""2018-11-04",0"#, r#""2018-11-05",1"#];
    assert_eq!(rows(&ask(&table, query)), expected);
}

#[test]
fn what_top_left_out_is_filled_as_nothing() {
    let columns = [column("on", ColumnType::Date)];
    let days = ["2025-01-01", "2025-01-01", "2025-02-01", "2025-03-01", "2025-03-02"];
    let table = table(columns, days.map(|of| [day(of)]));
    let query = json!({
        "dimensions": [{"field": "on", "grain": "month"}],
        "measures": [{"aggregation": "count"}],
        "top": {"dimension": "on", "by": "count", "count": 2, "other": true},
        "fill": true,
    });
    let answer = ask(&table, query);
    let expected = [r#""2025-01-01",2"#, r#""2025-02-01",0"#, r#""2025-03-01",2"#, "null,1"];
    assert_eq!(rows(&answer), expected);
    assert_eq!(answer.other_row, Some(3));
}
