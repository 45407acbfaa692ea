//! What a query may take: time, memory, rows and bytes. Whatever one takes too much of, the next is answered.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use engine::{Answer, Engine, EngineError, KeptLimits, Limits, RangeRead, ReadError, TableAt};
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};
use shared::base::Fields;
use shared::model::query::Query;
use shared::model::table::ColumnType;

use crate::files::Files;
use crate::naive::table::{Column, Table, Value};

/// A table of numbered rows, and texts of so many bytes.
fn numbered(rows: i64, text_bytes: usize) -> Table {
    let column = |name: &str, column_type| Column { name: name.to_owned(), column_type, scale: None };
    Table {
        name: "data".to_owned(),
        columns: vec![column("id", ColumnType::Integer), column("text", ColumnType::Text)],
        rows: (0..rows)
            .map(|row| vec![Value::Integer(row), Value::Text(format!("{row:0text_bytes$}"))])
            .collect(),
    }
}

fn limits(query_bytes: usize) -> Limits {
    Limits {
        query_bytes,
        kept: KeptLimits { column_bytes: 64 << 20, files: 10 },
        deadline: Duration::from_secs(20),
        threads: 2,
    }
}

/// Asks a table that is stored under a key.
async fn ask(engine: &Engine, key: &str, table: &Table, query: Json) -> Result<Answer, EngineError> {
    let table = table.described();
    let query = deserr::deserialize::<Query, _, Fields>(query).unwrap();
    let now = "2026-06-15T12:00:00Z".parse().unwrap();
    let resolved = shared::model::resolve::resolve(&query, std::slice::from_ref(&table), now, "query");
    engine.answer(TableAt { key: key.to_owned(), table }, Arc::new(resolved.unwrap())).await
}

fn count() -> Json {
    json!({ "measures": [{ "aggregation": "count" }] })
}

/// Files of which one is never read to its end.
#[derive(Debug, Default)]
struct Hanging {
    files: Files,
    reading: Arc<AtomicUsize>,
}

/// Counts what is being read.
struct Reading(Arc<AtomicUsize>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl RangeRead for Hanging {
    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        self.files.read(key, range)
    }

    fn read_end<'a>(&'a self, key: &'a str, count: u64) -> BoxFuture<'a, Result<(Bytes, u64), ReadError>> {
        if key != "hanging" {
            return self.files.read_end(key, count);
        }
        Box::pin(async move {
            self.reading.fetch_add(1, Ordering::SeqCst);
            let _reading = Reading(Arc::clone(&self.reading));
            std::future::pending().await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn after_20_s_a_query_is_ended_and_the_next_is_answered() {
    let files = Arc::new(Hanging::default());
    let table = numbered(3, 1);
    files.files.put("there", table.parquet(10));
    let engine = Engine::new(Arc::clone(&files) as Arc<dyn RangeRead>, limits(64 << 20)).unwrap();
    let began = tokio::time::Instant::now();
    let hanging = ask(&engine, "hanging", &table, count()).await;
    assert!(matches!(hanging, Err(EngineError::Timeout(_))), "{hanging:?}");
    assert_eq!(began.elapsed(), Duration::from_secs(20));
    // The engine's threads compute in real time.
    tokio::time::resume();
    assert_eq!(ask(&engine, "there", &table, count()).await.unwrap().rows.get(), "[[3]]");
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_any_more_ends() {
    let files = Arc::new(Hanging::default());
    let reading = || files.reading.load(Ordering::SeqCst);
    let engine = Engine::new(Arc::clone(&files) as Arc<dyn RangeRead>, limits(64 << 20)).unwrap();
    let table = numbered(3, 1);
    let mut query = Box::pin(ask(&engine, "hanging", &table, count()));
    let turn = async || tokio::task::yield_now().await;
    while reading() == 0 {
        assert!(futures_util::poll!(&mut query).is_pending());
        turn().await;
    }
    drop(query);
    while reading() > 0 {
        turn().await;
    }
}

#[tokio::test]
async fn more_groups_than_there_is_memory_for_are_refused_and_the_next_query_is_answered() {
    let files = Arc::new(Files::default());
    let table = numbered(200_000, 40);
    files.put("data", table.parquet(50_000));
    let engine = Engine::new(Arc::clone(&files) as Arc<dyn RangeRead>, limits(4 << 20)).unwrap();
    let groups = json!({ "dimensions": [{ "field": "text" }], "measures": [{ "aggregation": "count" }] });
    for _ in 0..3 {
        let refused = ask(&engine, "data", &table, groups.clone()).await;
        assert!(matches!(refused, Err(EngineError::TooLarge(_))), "{refused:?}");
        assert_eq!(ask(&engine, "data", &table, count()).await.unwrap().rows.get(), "[[200000]]");
    }
}

#[tokio::test]
async fn no_answer_has_more_than_10_000_rows_and_what_it_leaves_out_is_told() {
    let files = Arc::new(Files::default());
    let engine = Engine::new(Arc::clone(&files) as Arc<dyn RangeRead>, limits(64 << 20)).unwrap();
    for (rows, truncated) in [(10_000, false), (10_001, true)] {
        let table = numbered(rows, 1);
        let key = rows.to_string();
        files.put(&key, table.parquet(3_000));
        let query = json!({ "dimensions": [{ "field": "id" }], "limit": 10_000 });
        let answer = ask(&engine, &key, &table, query).await.unwrap();
        assert_eq!((answer.row_count, answer.truncated), (10_000, truncated));
    }
}

#[tokio::test]
async fn no_answer_has_more_than_5_mb_of_rows_and_what_it_leaves_out_is_told() {
    let files = Arc::new(Files::default());
    let engine = Engine::new(Arc::clone(&files) as Arc<dyn RangeRead>, limits(256 << 20)).unwrap();
    let table = numbered(6_000, 1_000);
    files.put("data", table.parquet(3_000));
    let query = json!({ "dimensions": [{ "field": "text" }, { "field": "id" }], "limit": 10_000 });
    let answer = ask(&engine, "data", &table, query).await.unwrap();
    let bytes = answer.rows.get().len();
    assert!(answer.truncated && bytes <= 5 << 20 && bytes > 4 << 20, "{bytes}");
    let rows: Vec<Json> = serde_json::from_str(answer.rows.get()).unwrap();
    assert_eq!(rows.len(), answer.row_count);

    // The rest of `top` stays the last row.
    let query = json!({
        "dimensions": [{ "field": "text" }],
        "measures": [{ "aggregation": "count" }],
        "top": { "dimension": "text", "by": "count", "count": 1_000, "other": true },
    });
    let wide = numbered(1_100, 6_000);
    files.put("wide", wide.parquet(500));
    let answer = ask(&engine, "wide", &wide, query).await.unwrap();
    assert!(answer.truncated && answer.rows.get().len() <= 5 << 20);
    assert_eq!(answer.other_row, Some(answer.row_count - 1));
    assert!(answer.rows.get().ends_with(",[null,100]]"));
}
