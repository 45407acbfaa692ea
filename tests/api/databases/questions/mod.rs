//! The questions that every engine must answer alike. Each file is a part of `docs/queries.md`.

mod buckets;
mod compare;
mod fill;
mod filters;
mod groups;
mod having;
mod limits;
mod measures;
mod names;
mod order;
mod texts;
mod time_ranges;
mod top;

use serde_json::{Value, json};

use super::agree::{Question, agree};
use super::data::{Column, Kind, NAMES};
use super::sources::{TABLES, Which};

/// Zones whose clocks do what is easily got wrong.
const ZONES: [&str; 7] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
];

const GRAINS: [&str; 6] = ["hour", "day", "week", "month", "quarter", "year"];

/// A question about the table with everything.
fn everything(query: Value) -> Question {
    Question { which: Which::Everything, query }
}

/// The columns of the table with everything that have no particular name.
fn columns() -> impl Iterator<Item = &'static Column> {
    TABLES.everything.columns.iter().filter(|column| !NAMES.contains(&column.name))
}

/// A measure, called after what it is and what it is of.
fn of(aggregation: &str, field: &str) -> Value {
    json!({ "field": field, "aggregation": aggregation, "as": format!("{aggregation} of {field}") })
}

fn count() -> Value {
    json!({ "aggregation": "count", "as": "n" })
}

fn condition(field: &str, operator: &str, values: impl Into<Value>) -> Value {
    json!({ "field": field, "operator": operator, "values": values.into() })
}

/// How many rows a list of filters leaves, and which.
fn left(filters: &Value) -> Question {
    everything(json!({ "dimensions": [{ "field": "id" }], "filters": filters, "limit": 10_000 }))
}

/// A value of a column, as conditions have it.
fn value(column: &Column, text: &str) -> Value {
    match column.kind {
        Kind::Text | Kind::Date | Kind::Datetime => json!(text),
        Kind::Integer | Kind::Decimal(_) | Kind::Float | Kind::Single | Kind::Boolean => {
            serde_json::from_str(text).unwrap()
        }
    }
}
