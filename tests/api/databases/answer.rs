//! Answers, digit by digit, and what differs between two.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use serde_json::value::RawValue;
use tests::Reply;

use super::data::Table;

/// By how much floats may differ, of themselves.
const TOLERANCE: f64 = 1e-12;

/// An answer whose cells are as they were written: a JSON number in memory has fewer digits.
pub(super) struct Answer {
    /// All but the cells.
    rest: Value,
    columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    totals: Option<Vec<String>>,
}

/// What must be the same beside the cells.
const PARTS: [&str; 5] = ["columns", "other_row", "row_count", "truncated", "resolved"];

impl Answer {
    pub(super) fn read(reply: &Reply) -> Self {
        let parts: HashMap<&str, &RawValue> = serde_json::from_slice(&reply.bytes).unwrap();
        let rows: Vec<Vec<&RawValue>> = serde_json::from_str(parts["rows"].get()).unwrap();
        let totals: Option<Vec<&RawValue>> = serde_json::from_str(parts["totals"].get()).unwrap();
        let cells =
            |row: Vec<&RawValue>| row.into_iter().map(|cell| cell.get().to_owned()).collect::<Vec<_>>();
        let columns = reply.body["columns"].as_array().unwrap();
        Self {
            rest: PARTS.iter().map(|part| ((*part).to_owned(), reply.body[part].clone())).collect(),
            columns: columns.iter().map(|column| column["name"].as_str().unwrap().to_owned()).collect(),
            rows: rows.into_iter().map(cells).collect(),
            totals: totals.map(cells),
        }
    }

    /// What is different in another answer; floats, which are in `floats`, may differ a little.
    pub(super) fn differences(&self, other: &Self, floats: &HashSet<String>) -> Vec<String> {
        let mut differences = Vec::new();
        for part in PARTS {
            if self.rest[part] != other.rest[part] {
                differences.push(format!("{part}: {} is {}", self.rest[part], other.rest[part]));
            }
        }
        let name =
            |row: usize| if row < self.rows.len() { format!("row {row}") } else { "totals".to_owned() };
        let rows = |answer: &Self| answer.rows.iter().chain(&answer.totals).cloned().collect::<Vec<_>>();
        let (mine, theirs) = (rows(self), rows(other));
        for (row, (mine, theirs)) in mine.iter().zip(&theirs).enumerate() {
            for ((column, mine), theirs) in self.columns.iter().zip(mine).zip(theirs) {
                if mine != theirs && !(floats.contains(column) && are_close(mine, theirs)) {
                    differences.push(format!("{}, {column:?}: {mine} is {theirs}", name(row)));
                }
            }
        }
        if mine.len() != theirs.len() {
            differences.push(format!("{} rows are {}", mine.len(), theirs.len()));
        }
        differences
    }
}

fn are_close(mine: &str, theirs: &str) -> bool {
    let (Ok(mine), Ok(theirs)) = (mine.parse::<f64>(), theirs.parse::<f64>()) else { return false };
    (mine - theirs).abs() <= TOLERANCE * mine.abs().max(theirs.abs())
}

/// The columns of an answer that floats are in or were computed of.
pub(super) fn floats(table: &Table, query: &Value) -> HashSet<String> {
    let items = |name: &str| query[name].as_array().cloned().unwrap_or_default();
    let is_float =
        |item: &Value| item["field"].as_str().is_some_and(|field| table.column(field).kind.is_float());
    let mut floats = HashSet::new();
    for dimension in items("dimensions") {
        if is_float(&dimension) {
            floats.insert(dimension.get("as").unwrap_or(&dimension["field"]).as_str().unwrap().to_owned());
        }
    }
    for measure in items("measures") {
        let Some(name) = measure["as"].as_str() else { continue };
        let is_count = matches!(measure["aggregation"].as_str(), Some("count" | "distinct_count"));
        let of_floats =
            |ratio: &Vec<Value>| ratio.iter().any(|operand| floats.contains(operand.as_str().unwrap()));
        if (is_float(&measure) && !is_count) || measure["ratio"].as_array().is_some_and(of_floats) {
            floats.insert(name.to_owned());
        }
    }
    floats.iter().map(|name| format!("{name}_before")).chain(floats.iter().cloned()).collect()
}
