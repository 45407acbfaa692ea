//! Answers to questions: what was answered before, and one computation for all who ask alike at once.
//!
//! An answer is kept in memory, and, where it took reading the table, in the bucket for other instances. There it is looked for only
//! while the table's columns are not in memory: with them, it is computed in the time that the bucket takes to answer.

use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{BoxFuture, Either, ready, select};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use shared::Error;
use shared::base::{DataSourceId, OrganizationId, Timestamp};
use shared::model::DataSource;
use shared::model::data_source::{Data, Networks, Status};
use shared::model::query::Query;
use shared::model::resolved::Resolved;
use shared::model::result::Rows;
use shared::model::table::Table;
use shared::store::files::{data_key, data_prefix, preview_part};
use shared::store::{Cloud, Files, Secrets, StoreError};
use tokio::time::Instant;

use crate::database::Connections;
use crate::engine::{Engine, Limits, Reading, TableAt};
use crate::error::EngineError;
use crate::file::{KeptLimits, RangeRead, ReadError};
use crate::live::{self, LiveTable};
use crate::question::{Place, Question, QuestionError};
use crate::result::{Answer, Records, Scanned};
use crate::standing::{self, StandingId};

/// The media type of [Arrow's streaming format](https://www.iana.org/assignments/media-types/application/vnd.apache.arrow.stream).
pub(crate) const ARROW: &str = "application/vnd.apache.arrow.stream";

/// How much memory a function has where nothing says so: on a machine of its own.
const DEFAULT_MEMORY_MEGABYTES: u64 = 2_048;

/// How much longer than a query may take an answer is waited for: whoever computes it says by itself why it is not there.
const GRACE: Duration = Duration::from_secs(1);

/// How many data sources' tables are kept.
const KEPT_SOURCES: usize = 1_000;

/// Answers queries over data sources. One for all requests of an instance.
#[derive(Debug)]
pub struct Answers {
    pub(crate) engine: Engine,
    pub(crate) connections: Connections,
    pub(crate) files: Files,
    pub(crate) secrets: Secrets,
    pub(crate) cloud: Cloud,
    pub(crate) limits: Limits,
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

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was in memory, or being made for somebody else.
    Memory,
    /// It was in the bucket.
    Bucket,
    /// It was computed, of columns that were in memory.
    Columns,
    /// It was computed, of what had to be read.
    Table,
    /// It was computed where the data is.
    Source,
}

impl Origin {
    /// Whether nothing was computed for it.
    pub fn was_kept(self) -> bool {
        matches!(self, Self::Memory | Self::Bucket)
    }
}

impl Answers {
    /// Over a bucket, databases in these networks, whose passwords the secret opens, and services in others' accounts; with the memory and
    /// the processors that the function has. A query may take as long as `deadline`.
    pub fn new(
        files: Files,
        secrets: Secrets,
        networks: Networks,
        cloud: Cloud,
        deadline: Duration,
    ) -> std::io::Result<Self> {
        // <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
        let memory = std::env::var("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").ok();
        let memory = memory.and_then(|megabytes| megabytes.parse::<u64>().ok());
        let memory_bytes = memory.unwrap_or(DEFAULT_MEMORY_MEGABYTES) << 20;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // An instance has some 150 MB of its own; a query's intermediate results come on top of its groups.
        let free = memory_bytes.saturating_sub(200 << 20).max(64 << 20);
        let limits = Limits {
            query_bytes: usize::try_from(free / 4).unwrap_or(usize::MAX),
            kept: KeptLimits { column_bytes: free / 2, files: KEPT_SOURCES },
            deadline,
            threads,
        };
        let engine = Engine::new(Arc::new(FileRanges(files.clone())), limits)?;
        let answer_bytes = free / 16;
        Ok(Self {
            engine,
            connections: Connections::new(networks),
            files,
            secrets,
            cloud,
            limits,
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
        if source.status == Status::Paused {
            return Err(QuestionError::Paused(source.id));
        }
        let data = source.data.clone().ok_or(QuestionError::Empty)?;
        let tables = self.tables(organization, source.id, &data).await?;
        Question::of(organization, source, data, &tables, query, path, now)
    }

    /// The answer, and where it came from. Those who ask the same at once wait for one computation.
    pub async fn answer(&self, question: &Question) -> Result<(Arc<Answer>, Origin), EngineError> {
        if let Some(answer) = self.answers.get(&question.digest) {
            return Ok((answer, Origin::Memory));
        }
        if let Place::Live(table) = &question.place
            && table.stands()
        {
            // Who waits for another one's attempt would wait too long, and Athena runs it once anyway.
            let (answer, origin) = Box::pin(self.answer_of_live(question, table)).await?;
            let answer = Arc::new(answer);
            self.answers.insert(question.digest.clone(), Arc::clone(&answer));
            return Ok((answer, origin));
        }
        let mut origin = Origin::Memory;
        let end = Instant::now() + self.limits.deadline;
        let make = async {
            // Who has waited as long as a query may take for another one's attempt, which failed, begins none.
            if Instant::now() >= end {
                return Err(EngineError::Timeout(self.limits.deadline));
            }
            let (answer, from) = match &question.place {
                Place::File(table) => self.answer_of_file(question, table).await?,
                // What a database is waited for with is large.
                Place::Live(table) => Box::pin(self.answer_of_live(question, table)).await?,
            };
            origin = from;
            Ok::<_, EngineError>(Arc::new(answer))
        };
        // Who has waited less does not begin a whole one.
        let limit = self.limits.deadline + GRACE;
        match tokio::time::timeout(limit, self.answers.get_or_insert_async(&question.digest, make)).await {
            Ok(answer) => Ok((answer?, origin)),
            Err(_elapsed) => Err(EngineError::Timeout(self.limits.deadline)),
        }
    }

    /// All rows of the answer: as many as the query's limit says, or `most` where it is the query that has none; and what was gone through
    /// for them. They are kept nowhere.
    pub async fn records(&self, question: &Question, most: usize) -> Result<(Records, Scanned), EngineError> {
        let mut resolved = Arc::clone(&question.resolved);
        if !question.has_limit {
            Arc::make_mut(&mut resolved).limit = most;
        }
        match &question.place {
            Place::File(table) => {
                let records = self.engine.records(table.clone(), Arc::clone(&resolved)).await?;
                Ok((records, self.scanned(table, &resolved)))
            }
            Place::Live(table) => {
                Box::pin(live::all_records(self, table, &resolved, question.asked_at)).await
            }
        }
    }

    async fn answer_of_file(
        &self,
        question: &Question,
        table: &TableAt,
    ) -> Result<(Answer, Origin), EngineError> {
        let known = self.engine.known(table, &question.resolved);
        let has_columns = known.is_some_and(|known| known.in_memory);
        if !has_columns {
            // The file is opened meanwhile: it is needed if there is no answer.
            let (answer, ()) = tokio::join!(self.kept_in_bucket(question), self.engine.open(table));
            if let Some(answer) = answer {
                return Ok((answer, Origin::Bucket));
            }
        }
        let answer = self.engine.answer(table.clone(), Arc::clone(&question.resolved)).await?;
        let scanned = known.map_or_else(|| self.scanned(table, &question.resolved), |known| known.scanned);
        let answer = Answer { scanned, ..answer };
        Ok((answer, if has_columns { Origin::Columns } else { Origin::Table }))
    }

    /// What a query over a file went through, which is open then.
    fn scanned(&self, table: &TableAt, resolved: &Resolved) -> Scanned {
        self.engine.known(table, resolved).map(|known| known.scanned).unwrap_or_default()
    }

    async fn answer_of_live(
        &self,
        question: &Question,
        table: &LiveTable,
    ) -> Result<(Answer, Origin), EngineError> {
        let Question { resolved, asked_at, .. } = question;
        if table.stands() {
            if let Some(answer) = self.kept_in_bucket(question).await {
                return Ok((answer, Origin::Bucket));
            }
            return standing::answer(self, table, resolved, *asked_at, question.is_followed).await;
        }
        let open = pin!(live::open(self, table));
        let (kept, opened) = match select(open, pin!(self.kept_in_bucket(question))).await {
            Either::Left((opened, kept)) => (kept.await, Either::Left(ready(opened))),
            Either::Right((kept, open)) => (kept, Either::Right(open)),
        };
        if let Some(answer) = kept {
            return Ok((answer, Origin::Bucket));
        }
        let answer = Answer::new(live::records(self, table, resolved, opened.await?).await?)?;
        Ok((Answer { asked_at: Some(*asked_at), ..answer }, Origin::Source))
    }

    /// The answer that is kept in the bucket. None, too, where the bucket fails: it can be computed.
    async fn kept_in_bucket(&self, question: &Question) -> Option<Answer> {
        let read = async {
            let Some(bytes) = self.files.get(&question.kept_at).await? else { return Ok(None) };
            Answer::from_stored(&bytes, &question.resolved).map(Some).map_err(StoreError::unreadable)
        };
        read.await.unwrap_or_else(|error: StoreError| {
            tracing::warn!(%error, key = question.kept_at, "a kept answer cannot be read");
            None
        })
    }

    /// Keeps an answer in the bucket, for other instances.
    pub async fn keep(&self, question: &Question, answer: &Answer) {
        let write = async {
            let bytes = answer.to_stored().map_err(StoreError::unreadable)?;
            self.files.put(question.kept_at.clone(), ARROW, bytes).await
        };
        if let Err(error) = write.await {
            tracing::warn!(%error, key = question.kept_at, "an answer cannot be kept");
        }
    }

    /// What would be read for an answer.
    pub async fn explain(&self, question: &Question) -> Result<Reading, EngineError> {
        match &question.place {
            Place::File(table) => self.engine.explain(table, &question.resolved).await,
            Place::Live(table) => Ok(live::explain(table, &question.resolved, question.asked_at)),
        }
    }

    /// What was asked under an ID, if it was: a question that takes longer. None, too, if the data source leads elsewhere since, or its
    /// catalog was imported anew: then it is another question.
    pub async fn standing(
        &self,
        organization: OrganizationId,
        source: &DataSource,
        id: &StandingId,
    ) -> Result<Option<Question>, QuestionError> {
        if !source.engine.is_live() || source.id != id.data_source {
            return Ok(None);
        }
        let place = standing::Place::of(organization, id);
        let Some(standing) = place.read(&self.files).await? else { return Ok(None) };
        let asked = self.question(organization, source, &standing.query, "query", standing.asked_at).await;
        let question = match asked {
            // The columns are others now.
            Err(QuestionError::Invalid(_)) => return Ok(None),
            asked => Question { is_followed: true, ..asked? },
        };
        let is_same = matches!(&question.place, Place::Live(table) if table.id() == *id);
        Ok(is_same.then_some(question))
    }

    /// Ends what runs for a question, and forgets that it was asked.
    pub async fn cancel(&self, question: &Question) -> Result<(), Error> {
        self.answers.remove(&question.digest);
        match &question.place {
            Place::Live(table) => standing::cancel(self, table).await,
            Place::File(_) => Ok(()),
        }
    }

    /// The first rows of one of the data source's tables, as they are there.
    pub async fn preview(
        &self,
        organization: OrganizationId,
        source: &DataSource,
        data: &Data,
        index: usize,
        now: Timestamp,
    ) -> Result<Rows, Error> {
        if source.engine.is_live() {
            let tables = self.tables(organization, source.id, data).await?;
            let table =
                tables.get(index).cloned().ok_or_else(|| Error::internal("a table that is not there"))?;
            return live::preview(self, organization, source, table, now).await;
        }
        let key = data_key(organization, source.id, &data.version, &preview_part(index));
        let rows = self.files.get(&key).await?.ok_or(QuestionError::Gone(key))?;
        serde_json::from_slice(&rows).map_err(Error::internal)
    }

    /// Waits until nothing is left of answers in databases. Before an instance sleeps, it should.
    pub async fn settled(&self) {
        self.connections.settled().await;
    }

    /// Forgets the answer, so that the next one is computed; other instances may still have it in memory.
    pub async fn forget(&self, question: &Question) -> Result<(), StoreError> {
        if let Place::Live(table) = &question.place
            && table.stands()
        {
            standing::forget(self, table, question.asked_at).await?;
        }
        self.files.delete(&question.kept_at).await?;
        self.answers.remove(&question.digest);
        Ok(())
    }
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
