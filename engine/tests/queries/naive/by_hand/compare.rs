//! What was before, and how it is moved.

use serde_json::{Value as Json, json};
use shared::model::table::ColumnType;

use super::{NULL, ask_at, at, column, day, days, instants, int, rows, table, text};
use crate::naive::table::Table;

/// The number of rows by a grain of the only column, now and before.
fn compared(table: &Table, grain: &str, range: &Json, offset: &str, zone: &str) -> Vec<String> {
    let field = &table.columns[0].name;
    let mut range = range.clone();
    range["field"] = json!(field);
    let query = json!({
        "dimensions": [{"field": field, "grain": grain}],
        "measures": [{"aggregation": "count"}],
        "time_range": range,
        "compare": {"offset": offset},
        "fill": true,
        "timezone": zone,
    });
    let answer = ask_at(table, query, "2025-06-15T12:00:00Z");
    assert_eq!(answer.columns, [field, "count", "count_before"]);
    rows(&answer)
}

#[test]
fn a_leap_day_meets_the_day_before_it_a_year_later() {
    let table = days(["2024-02-28", "2024-02-29", "2024-03-01", "2025-02-28"]);
    let range = json!({"from": "2025-02-28", "to": "2025-03-02"});
    let expected = [r#""2025-02-28",1,2"#, r#""2025-03-01",0,1"#];
    assert_eq!(compared(&table, "day", &range, "1 year", "UTC"), expected);
    // Four years later, it meets its like.
    let range = json!({"from": "2028-02-28", "to": "2028-03-01"});
    let expected = [r#""2028-02-28",0,1"#, r#""2028-02-29",0,1"#];
    assert_eq!(compared(&table, "day", &range, "4 years", "UTC"), expected);
}

#[test]
fn no_row_of_before_counts_twice() {
    // 29, 30 and 31 January are 28 February a month later.
    let table = days(["2025-01-28", "2025-01-29", "2025-01-31", "2025-02-01", "2025-02-28"]);
    let range = json!({"from": "2025-02-28", "to": "2025-03-02"});
    let expected = [r#""2025-02-28",1,3"#, r#""2025-03-01",0,1"#];
    assert_eq!(compared(&table, "day", &range, "1 month", "UTC"), expected);
    let range = json!({"from": "2025-04-01", "to": "2025-05-01"});
    let expected = [r#""2025-04-01",0,3"#];
    assert_eq!(compared(&table, "month", &range, "1 quarter", "UTC"), expected);
}

#[test]
fn days_move_by_the_clock_and_hours_by_what_elapses() {
    // 12:00 in Berlin is 11:00 in UTC before the clock goes forward on 30 March, and 10:00 after it.
    let table = instants(["2025-03-29T11:00:00Z", "2025-03-30T10:00:00Z"]);
    let range = json!({"range": "last_77_days"});
    let berlin = |offset: &str| {
        compared(
            &table,
            "hour",
            &json!({"from": "2025-03-30T10:00:00Z", "to": "2025-03-30T12:00:00Z"}),
            offset,
            "Europe/Berlin",
        )
    };
    assert_eq!(berlin("1 day"), [r#""2025-03-30T10:00:00Z",1,1"#, r#""2025-03-30T11:00:00Z",0,0"#]);
    assert_eq!(berlin("24 hours"), [r#""2025-03-30T10:00:00Z",1,0"#, r#""2025-03-30T11:00:00Z",0,1"#]);
    let utc = compared(&table, "week", &range, "1 week", "UTC");
    // The range begins on 2025-03-30, a Sunday.
    assert_eq!(utc[..2], [r#""2025-03-24",1,0"#, r#""2025-03-31",0,2"#]);
}

#[test]
fn a_time_that_the_clock_skips_is_an_hour_later() {
    let table = instants(["2025-03-29T01:30:00Z", "2025-10-25T00:30:00Z"]);
    // 02:30 on 29 March is 03:30+02:00 on 30 March.
    let range = json!({"from": "2025-03-30", "to": "2025-03-31"});
    let day = compared(&table, "hour", &range, "1 day", "Europe/Berlin");
    assert_eq!(day.iter().find(|row| row.ends_with(",1")).unwrap(), r#""2025-03-30T01:00:00Z",0,1"#);
    // 02:30 on 25 October is the first 02:30 on 26 October.
    let range = json!({"from": "2025-10-26", "to": "2025-10-27"});
    let day = compared(&table, "hour", &range, "1 day", "Europe/Berlin");
    assert_eq!(day.iter().find(|row| row.ends_with(",1")).unwrap(), r#""2025-10-26T00:00:00Z",0,1"#);
}

#[test]
fn what_there_was_only_before_has_no_row() {
    let columns =
        [column("on", ColumnType::Date), column("k", ColumnType::Text), column("n", ColumnType::Integer)];
    let rows_of = [
        [day("2024-06-01"), text("a"), int(1)],
        [day("2024-06-02"), text("b"), int(2)],
        [day("2024-06-03"), text("d"), int(7)],
        [day("2025-06-01"), text("a"), int(10)],
        [day("2025-06-02"), text("c"), int(5)],
        [day("2025-06-03"), text("c"), NULL],
        [NULL, text("a"), int(100)],
    ];
    let table = table(columns, rows_of);
    let mut query = json!({
        "dimensions": [{"field": "k"}],
        "measures": [
            {"field": "n", "aggregation": "sum", "as": "n"},
            {"aggregation": "count", "as": "rows"},
            {"ratio": ["n", "rows"], "as": "each"},
            {"field": "on", "aggregation": "max", "as": "last"},
        ],
        "time_range": {"field": "on", "range": "this_month"},
        "compare": {"offset": "1 year"},
        "totals": true,
    });
    let now = "2025-06-15T12:00:00Z";
    let answer = ask_at(&table, query.clone(), now);
    let columns = ["k", "n", "rows", "each", "last", "n_before", "rows_before", "each_before", "last_before"];
    assert_eq!(answer.columns, columns);
    let expected =
        [r#""a",10,1,10,"2025-06-01",1,1,1,"2024-06-01""#, r#""c",5,2,2.5,"2025-06-03",null,0,null,null"#];
    assert_eq!(rows(&answer), expected);
    let totals = ["null", "15", "3", "5", r#""2025-06-03""#, "10", "3", "3.333333333333", r#""2024-06-03""#];
    assert_eq!(answer.totals.unwrap(), totals);

    // The rest of before is that of all values that are not kept: b and d.
    query["top"] = json!({"dimension": "k", "by": "n", "count": 1, "other": true});
    let answer = ask_at(&table, query.clone(), now);
    let expected = [
        r#""a",10,1,10,"2025-06-01",1,1,1,"2024-06-01""#,
        r#"null,5,2,2.5,"2025-06-03",9,2,4.5,"2024-06-03""#,
    ];
    assert_eq!(rows(&answer), expected);
    // Where there is no rest now, there is no row of it.
    query["top"]["count"] = json!(2);
    assert_eq!(ask_at(&table, query, now).other_row, None);
}

#[test]
fn filters_see_rows_as_they_are() {
    let columns = [column("at", ColumnType::Datetime)];
    let table = table(columns, [[at("2024-06-15T08:00:00Z")], [at("2025-06-15T08:00:00Z")]]);
    let query = json!({
        "measures": [{"aggregation": "count"}],
        "filters": [{"field": "at", "operator": "gt", "values": ["2025-01-01"]}],
        "time_range": {"field": "at", "range": "today"},
        "compare": {"offset": "1 year"},
    });
    assert_eq!(rows(&ask_at(&table, query, "2025-06-15T12:00:00Z")), ["1,0"]);
}

#[test]
fn another_time_is_not_moved() {
    let columns = [column("on", ColumnType::Date), column("due", ColumnType::Date)];
    let table =
        table(columns, [[day("2025-05-01"), day("2025-06-01")], [day("2025-06-01"), day("2025-06-01")]]);
    let query = json!({
        "dimensions": [{"field": "due", "grain": "month"}],
        "measures": [{"aggregation": "count"}],
        "time_range": {"field": "on", "range": "this_month"},
        "compare": {"offset": "1 month"},
    });
    assert_eq!(rows(&ask_at(&table, query, "2025-06-15T12:00:00Z")), [r#""2025-06-01",1,1"#]);
}
