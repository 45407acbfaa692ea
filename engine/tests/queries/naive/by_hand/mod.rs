//! Answers to small questions, computed by hand from `docs/queries.md`, and the forms of a small table.

mod compare;
mod fill;
mod filter;
mod measure;
mod order;
mod table;
mod time;
mod top;

use serde_json::{Value as Json, json};
use shared::base::Fields;
use shared::model::query::Query;
use shared::model::table::ColumnType;

use super::evaluator::{Answer, evaluate};
use super::table::{Column, Table, Value};

const NULL: Value = Value::Null;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn int(integer: i64) -> Value {
    Value::Integer(integer)
}

fn day(text: &str) -> Value {
    let day: jiff::civil::Date = text.parse().unwrap();
    let days = day.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    Value::Date(i32::try_from(days).unwrap())
}

fn at(text: &str) -> Value {
    Value::Datetime(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn column(name: &str, column_type: ColumnType) -> Column {
    Column { name: name.to_owned(), column_type, scale: None }
}

/// A column of decimals with so many digits after the point.
fn decimals(name: &str, scale: i8) -> Column {
    Column { name: name.to_owned(), column_type: ColumnType::Number, scale: Some(scale) }
}

fn table<const N: usize>(columns: [Column; N], rows: impl IntoIterator<Item = [Value; N]>) -> Table {
    let rows = rows.into_iter().map(Vec::from).collect();
    Table { name: "data".to_owned(), columns: Vec::from(columns), rows }
}

/// A table with only this column of instants, named `at`.
fn instants<const N: usize>(instants: [&str; N]) -> Table {
    table([column("at", ColumnType::Datetime)], instants.map(|text| [at(text)]))
}

/// A table with only this column of days, named `on`.
fn days<const N: usize>(days: [&str; N]) -> Table {
    table([column("on", ColumnType::Date)], days.map(|text| [day(text)]))
}

/// Asks a table at a time.
fn ask_at(table: &Table, query: Json, now: &str) -> Answer {
    let query: Query = deserr::deserialize::<_, _, Fields>(query).unwrap();
    let mut fields = Fields::default();
    query.check("query", &mut fields);
    assert_eq!(fields, Fields::default(), "the query is valid");
    evaluate(&query, table, now.parse().unwrap())
}

/// Asks a table when time does not matter.
fn ask(table: &Table, query: Json) -> Answer {
    ask_at(table, query, "2025-06-15T12:00:00Z")
}

/// The rows of an answer, their cells with commas between.
fn rows(answer: &Answer) -> Vec<String> {
    answer.rows.iter().map(|row| row.join(",")).collect()
}

/// The number of rows by a grain of the only column.
fn by(table: &Table, grain: &str, zone: &str) -> Vec<String> {
    let field = &table.columns[0].name;
    let query = json!({
        "dimensions": [{"field": field, "grain": grain}],
        "measures": [{"aggregation": "count"}],
        "timezone": zone,
    });
    rows(&ask(table, query))
}

/// The values of the only column that are in a range, in their order.
fn within(table: &Table, range: Json, zone: &str, now: &str) -> Vec<String> {
    let field = &table.columns[0].name;
    let mut range = range;
    range["field"] = json!(field);
    let query = json!({"dimensions": [{"field": field}], "time_range": range, "timezone": zone});
    rows(&ask_at(table, query, now))
}
