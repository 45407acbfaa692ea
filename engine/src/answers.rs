//! Answers to queries over data sources: which table is meant, what was answered before, and one computation for all who ask alike at
//! once.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use shared::base::{DataSourceId, Fields, OrganizationId, Timestamp};
use shared::model::DataSource;
use shared::model::data_source::Data;
use shared::model::query::Query;
use shared::model::table::Table;
use shared::store::files::{data_key, data_prefix, rows_part};
use shared::store::{Files, StoreError};

use crate::engine::{Engine, Limits, Reading, TableAt};
use crate::error::EngineError;
use crate::file::{KeptLimits, RangeRead, ReadError};
use crate::result::Answer;
use shared::model::resolve::resolve;
use shared::model::resolved::Resolved;

/// How many data sources' tables are kept.
const KEPT_SOURCES: usize = 1_000;

/// Answers queries over data sources. One for all requests of an instance.
#[derive(Debug)]
pub struct Answers {
    engine: Engine,
    files: Files,
    tables: Cache<String, Arc<Vec<Table>>>,
    answers: Cache<String, Arc<Answer>, ByBytes>,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<String, Arc<Answer>> for ByBytes {
    fn weight(&self, _key: &String, answer: &Arc<Answer>) -> u64 {
        answer.bytes() as u64
    }
}

/// Why a query cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// Nothing was imported into the data source yet.
    #[error("nothing was imported yet")]
    Empty,
    /// What was imported is not there any more: where it was.
    #[error("{0} is not in the bucket")]
    Gone(String),
    /// The query does not fit the data.
    #[error("the query is not valid for the data")]
    Invalid(Fields),
    /// The bucket failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A query, resolved for a data source at a time.
#[derive(Clone, Debug)]
pub struct Question {
    /// The data source.
    pub data_source: DataSourceId,
    /// The data that is asked.
    pub data: Data,
    /// What the query means.
    pub resolved: Arc<Resolved>,
    /// Names the answer: the same one for whoever asks the same of the same data, in one organization.
    pub digest: String,
    table: TableAt,
}

impl Question {
    /// The table that is asked.
    pub fn table(&self) -> &str {
        &self.table.table.name
    }
}

impl Answers {
    /// Over a bucket, with the memory and the processors that there are.
    pub fn new(files: Files, memory_bytes: u64, threads: usize) -> std::io::Result<Self> {
        // An instance has some 150 MB of its own; a query's intermediate results come on top of its groups.
        let free = memory_bytes.saturating_sub(200 << 20).max(64 << 20);
        let limits = Limits {
            query_bytes: usize::try_from(free / 4).unwrap_or(usize::MAX),
            kept: KeptLimits { column_bytes: free / 2, files: KEPT_SOURCES },
            deadline: Duration::from_secs(20),
            threads,
        };
        let engine = Engine::new(Arc::new(FileRanges(files.clone())), limits)?;
        let answer_bytes = free / 16;
        Ok(Self {
            engine,
            files,
            tables: Cache::new(KEPT_SOURCES),
            answers: Cache::with_weighter(1_000, answer_bytes, ByBytes),
        })
    }

    /// The tables of the data source.
    pub async fn tables(
        &self,
        organization: OrganizationId,
        data_source: DataSourceId,
        data: &Data,
    ) -> Result<Arc<Vec<Table>>, QuestionError> {
        let key = data_prefix(organization, data_source) + &data.version;
        let read = async {
            let tables = self.files.tables(organization, data_source, &data.version).await?;
            tables.map(Arc::new).ok_or_else(|| QuestionError::Gone(key.clone()))
        };
        self.tables.get_or_insert_async(&key, read).await
    }

    /// What a query means for the data source. `path` is where the query is in what a client sent, for names of fields.
    pub async fn question(
        &self,
        organization: OrganizationId,
        source: &DataSource,
        query: &Query,
        path: &str,
        now: Timestamp,
    ) -> Result<Question, QuestionError> {
        let data = source.data.clone().ok_or(QuestionError::Empty)?;
        let tables = self.tables(organization, source.id, &data).await?;
        let resolved = resolve(query, &tables, now.into(), path).map_err(QuestionError::Invalid)?;
        let rows = data_key(organization, source.id, &data.version, &rows_part(resolved.table));
        let digest = digest(&rows, &resolved);
        let table = TableAt { key: rows, table: tables[resolved.table].clone() };
        Ok(Question { data_source: source.id, data, resolved: Arc::new(resolved), digest, table })
    }

    /// The answer, and whether it was computed before. Those who ask the same at once wait for one computation.
    pub async fn answer(&self, question: &Question) -> Result<(Arc<Answer>, bool), EngineError> {
        if let Some(answer) = self.answers.get(&question.digest) {
            return Ok((answer, true));
        }
        let compute = async {
            let answer = self.engine.answer(question.table.clone(), Arc::clone(&question.resolved)).await?;
            Ok(Arc::new(answer))
        };
        let answer: Result<_, EngineError> =
            self.answers.get_or_insert_async(&question.digest, compute).await;
        answer.map(|answer| (answer, false))
    }

    /// What would be read for an answer.
    pub async fn explain(&self, question: &Question) -> Result<Reading, EngineError> {
        self.engine.explain(&question.table, &question.resolved).await
    }

    /// Forgets the answer, so that the next one is computed.
    pub fn forget(&self, question: &Question) {
        self.answers.remove(&question.digest);
    }
}

/// The key of a table's rows says the organization, the data source and the version of its data.
fn digest(rows: &str, resolved: &Resolved) -> String {
    // A resolved query is plain data, which always has a form as JSON.
    name(&format!("{rows} {}", serde_json::to_string(resolved).unwrap_or_default()))
}

/// A short name for a text, which no other has: half of its SHA-256.
pub fn name(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).fold(String::new(), |mut digest, byte| {
        let _ = write!(digest, "{byte:02x}");
        digest
    })
}

/// The bucket, as the engine reads it.
#[derive(Debug)]
struct FileRanges(Files);

impl RangeRead for FileRanges {
    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        Box::pin(
            async move { self.0.get_range(key, range).await.map_err(|error| ReadError(Box::new(error))) },
        )
    }

    fn read_end<'a>(&'a self, key: &'a str, count: u64) -> BoxFuture<'a, Result<(Bytes, u64), ReadError>> {
        Box::pin(async move { self.0.get_end(key, count).await.map_err(|error| ReadError(Box::new(error))) })
    }
}
