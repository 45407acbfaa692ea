//! Which row comes first, and how many there are.

use serde_json::{Value as Json, json};
use shared::model::table::ColumnType;

use super::{NULL, ask, column, day, int, rows, table, text};
use crate::naive::table::{Table, Value};

fn sales() -> Table {
    let columns = [
        column("on", ColumnType::Date),
        column("k", ColumnType::Text),
        column("b", ColumnType::Boolean),
        column("n", ColumnType::Integer),
    ];
    let rows = [
        [day("2025-02-10"), text("b"), Value::Boolean(true), int(2)],
        [day("2025-01-31"), text("a"), Value::Boolean(false), int(1)],
        [day("2025-02-28"), NULL, Value::Boolean(true), int(2)],
        [NULL, text("a"), NULL, int(7)],
        [day("2025-01-01"), text("b"), Value::Boolean(false), NULL],
    ];
    table(columns, rows)
}

fn ordered(dimensions: &Json, order_by: &Json) -> Vec<String> {
    let query = json!({
        "dimensions": dimensions,
        "measures": [{"field": "n", "aggregation": "sum"}],
        "order_by": order_by,
    });
    rows(&ask(&sales(), query))
}

#[test]
fn times_come_first_and_nulls_last() {
    let expected = [
        r#"2025-01-01,"a",1"#,
        r#"2025-01-01,"b",null"#,
        r#"2025-02-01,"b",2"#,
        "2025-02-01,null,2",
        r#"null,"a",7"#,
    ];
    let monthly = ordered(&json!([{"field": "k"}, {"field": "on", "grain": "month"}]), &json!([]));
    let turned: Vec<String> = monthly
        .iter()
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            [cells[1].trim_matches('"'), cells[0], cells[2]].join(",")
        })
        .collect();
    assert_eq!(turned, expected);
}

#[test]
fn without_times_it_is_the_first_measure_then_the_dimensions() {
    assert_eq!(ordered(&json!([{"field": "k"}]), &json!([])), [r#""a",8"#, r#""b",2"#, "null,2"]);
    // A day without a grain is no time that comes first.
    let expected =
        ["null,7", r#""2025-02-10",2"#, r#""2025-02-28",2"#, r#""2025-01-31",1"#, r#""2025-01-01",null"#];
    assert_eq!(ordered(&json!([{"field": "on"}]), &json!([])), expected);
    assert_eq!(ordered(&json!([{"field": "b"}]), &json!([])), ["null,7", "true,4", "false,1"]);
    let groups = rows(&ask(&sales(), json!({"dimensions": [{"field": "b"}, {"field": "k"}]})));
    assert_eq!(groups, [r#"false,"a""#, r#"false,"b""#, r#"true,"b""#, "true,null", r#"null,"a""#]);
}

#[test]
fn nulls_are_last_in_both_directions_unless_they_are_first() {
    let by = |order: &Json| ordered(&json!([{"field": "k"}, {"field": "b"}]), order);
    let up = by(&json!([{"field": "sum_n"}]));
    assert_eq!(up, [r#""a",false,1"#, r#""b",true,2"#, "null,true,2", r#""a",null,7"#, r#""b",false,null"#]);
    let down = by(&json!([{"field": "sum_n", "direction": "desc"}]));
    assert_eq!(
        down,
        [r#""a",null,7"#, r#""b",true,2"#, "null,true,2", r#""a",false,1"#, r#""b",false,null"#]
    );
    let first = by(&json!([{"field": "k", "direction": "desc", "nulls": "first"}]));
    assert_eq!(
        first,
        ["null,true,2", r#""b",false,null"#, r#""b",true,2"#, r#""a",false,1"#, r#""a",null,7"#]
    );
}

#[test]
fn limits_are_told() {
    let limited = |limit: u64| ask(&sales(), json!({"dimensions": [{"field": "k"}], "limit": limit}));
    assert_eq!(
        (rows(&limited(2)), limited(2).truncated),
        (vec![r#""a""#.to_owned(), r#""b""#.to_owned()], true)
    );
    assert_eq!((limited(3).rows.len(), limited(3).truncated), (3, false));
    let many = table([column("n", ColumnType::Integer)], (0..1_001).map(|number| [int(number)]));
    let answer = ask(&many, json!({"dimensions": [{"field": "n"}]}));
    assert_eq!((answer.rows.len(), answer.truncated), (1_000, true));
    assert_eq!(answer.rows[999], ["999"]);
}

#[test]
fn names_are_as_they_are_told() {
    let query = json!({
        "dimensions": [{"field": "k", "as": "n"}],
        "measures": [{"aggregation": "count", "as": "k"}, {"field": "n", "aggregation": "max"}],
        "order_by": [{"field": "k", "direction": "desc"}],
    });
    let answer = ask(&sales(), query);
    assert_eq!(answer.columns, ["n", "k", "max_n"]);
    assert_eq!(rows(&answer), [r#""a",2,7"#, r#""b",2,2"#, "null,1,2"]);
}
