//! Queries: what is accepted means the same when it is read again as it was stored.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use shared::base::Fields;
use shared::model::query::Query;
use shared::model::resolve::resolve;
use shared::model::table::{Table, TableKind};

/// A table with a column of each type, named after it.
fn table() -> Table {
    let column = |name: &str| json!({ "name": name, "type": name, "nullable": null, "distinct_count": null, "min": null, "max": null });
    let columns = ["text", "integer", "number", "date", "datetime", "boolean"].map(column);
    let columns = serde_json::from_value(json!(columns)).expect("columns");
    Table { name: "data".to_owned(), kind: TableKind::File, row_count: None, columns }
}

fuzz_target!(|input: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    let Ok(query) = deserr::deserialize::<Query, _, Fields>(value) else { return };
    let now = "2024-02-29T23:59:59Z".parse().expect("an instant");
    let tables = [table()];
    let Ok(resolved) = resolve(&query, &tables, now, "query") else { return };
    let stored = serde_json::to_string(&query).expect("JSON");
    let read: Query = serde_json::from_str(&stored).expect("what was stored");
    assert_eq!(read, query);
    let again = resolve(&read, &tables, now, "query").expect("what was accepted");
    let written = |resolved| serde_json::to_string(&resolved).expect("JSON");
    assert_eq!(written(again), written(resolved));
});
