//! Random tables and random queries: the engine says what the naive evaluator says.

use std::sync::Arc;

use engine::{Answer, Engine, TableAt};
use proptest::prelude::*;
use shared::model::resolve::explicit;
use shared::model::resolved::Resolved;
use shared::model::table::Table;

use crate::files::{Files, engine};
use crate::naive::evaluator::{self, evaluate};
use crate::naive::generate::{Case, case};

struct Bench {
    files: Arc<Files>,
    engine: Engine,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn new() -> Self {
        let files = Arc::new(Files::default());
        let engine = engine(&files);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { files, engine, runtime }
    }

    /// What the engine says of a case whose table is stored with so many rows a group.
    fn answer(&self, case: &Case, key: &str, rows_per_group: usize) -> Answer {
        self.files.put(key, case.table.parquet(rows_per_group));
        let table = case.table.described();
        let resolved =
            shared::model::resolve::resolve(&case.query, std::slice::from_ref(&table), case.now, "query");
        let resolved = resolved.unwrap_or_else(|fields| panic!("{fields:?}"));
        is_explicit(case, &table, &resolved);
        let at = TableAt { key: key.to_owned(), table };
        self.runtime.block_on(self.engine.answer(at, Arc::new(resolved))).unwrap()
    }
}

/// Says all of the query, and finds out that it means the same three years later.
fn is_explicit(case: &Case, table: &Table, resolved: &Resolved) {
    let explicit = explicit(&case.query, &table.name, resolved);
    let later = case.now + jiff::SignedDuration::from_hours(3 * 365 * 24);
    let again = shared::model::resolve::resolve(&explicit, std::slice::from_ref(table), later, "query");
    let again = again.unwrap_or_else(|fields| panic!("{fields:?}"));
    let written = |resolved: &Resolved| serde_json::to_string(resolved).unwrap();
    assert_eq!(written(&again), written(resolved), "{}", serde_json::to_string(&explicit).unwrap());
}

/// An answer of the engine as the naive evaluator writes its own.
fn plain(answer: &Answer) -> evaluator::Answer {
    let rows: Vec<Vec<Box<serde_json::value::RawValue>>> = serde_json::from_str(answer.rows.get()).unwrap();
    let text =
        |cells: &[Box<serde_json::value::RawValue>]| cells.iter().map(|cell| cell.get().to_owned()).collect();
    evaluator::Answer {
        columns: answer.columns.iter().map(|column| column.name.clone()).collect(),
        rows: rows.iter().map(|row| text(row)).collect(),
        totals: answer.totals.as_deref().map(text),
        other_row: answer.other_row,
        truncated: answer.truncated,
    }
}

#[test]
fn the_engine_says_what_the_naive_evaluator_says() {
    let bench = Bench::new();
    let number = std::cell::Cell::new(0);
    let cases = std::env::var("QUERY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    proptest!(config, |(case in case(), rows_per_group in 1_usize..30)| {
        number.set(number.get() + 1);
        let answer = bench.answer(&case, &format!("{}.parquet", number.get()), rows_per_group);
        prop_assert_eq!(plain(&answer), evaluate(&case.query, &case.table, case.now), "{}", serde_json::to_string(&case.query).unwrap());
    });
}
