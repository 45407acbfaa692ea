//! The engine: answers resolved queries over tables in files, within bounds of time, memory and threads.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use datafusion_execution::TaskContext;
use datafusion_execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion_execution::memory_pool::GreedyMemoryPool;
use datafusion_execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use futures_util::future::BoxFuture;
use shared::model::table::Table;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::answer::{Group, assemble};
use crate::error::EngineError;
use crate::file::{Kept, KeptLimits, RangeRead};
use crate::groups::plan::{Source, explain, group};
use crate::groups::{Grouping, Groups};
use crate::result::{Answer, Records, Scanned};
use shared::model::resolved::Resolved;

/// What queries may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many bytes all groups of running queries may take.
    pub query_bytes: usize,
    /// What is kept between queries.
    pub kept: KeptLimits,
    /// How long a query may take.
    pub deadline: Duration,
    /// How many threads work on queries.
    pub threads: usize,
}

/// Answers queries.
pub struct Engine {
    files: Arc<dyn RangeRead>,
    kept: Arc<Kept>,
    environment: Arc<RuntimeEnv>,
    limits: Limits,
    /// Queries have threads of their own, so that requests are taken while they compute. Only none while it is dropped.
    runtime: Option<Runtime>,
}

impl Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Engine")
            .field("files", &self.files)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A table, and where its file is.
#[derive(Clone, Debug)]
pub struct TableAt {
    /// The file's key. It names one content for ever.
    pub key: String,
    /// What the table is.
    pub table: Table,
}

impl Engine {
    /// An engine over files, which has read nothing yet.
    pub fn new(files: Arc<dyn RangeRead>, limits: Limits) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(limits.threads)
            .thread_name("engine")
            .enable_all()
            .build()?;
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits.query_bytes)))
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
            .build_arc()
            .map_err(std::io::Error::other)?;
        Ok(Self {
            files,
            kept: Arc::new(Kept::new(limits.kept)),
            environment,
            limits,
            runtime: Some(runtime),
        })
    }

    /// The answer to a query over a table. When it is not waited for any more, the query ends.
    pub async fn answer(&self, table: TableAt, resolved: Arc<Resolved>) -> Result<Answer, EngineError> {
        self.run(table, resolved, Answer::new).await
    }

    /// All rows of the answer to a query over a table: as many as its limit allows, however large they are.
    pub async fn records(&self, table: TableAt, resolved: Arc<Resolved>) -> Result<Records, EngineError> {
        self.run(table, resolved, Ok).await
    }

    async fn run<T: Send + 'static>(
        &self,
        table: TableAt,
        resolved: Arc<Resolved>,
        finish: fn(Records) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let Some(runtime) = &self.runtime else {
            return Err(EngineError::Internal("the engine has ended".to_owned()));
        };
        let run = Run {
            files: Arc::clone(&self.files),
            kept: Arc::clone(&self.kept),
            environment: Arc::clone(&self.environment),
            threads: self.limits.threads,
        };
        // What is in a set is aborted when the set is dropped.
        let mut tasks = JoinSet::new();
        tasks.spawn_on(async move { finish(run.records(table, &resolved).await?) }, runtime.handle());
        match tokio::time::timeout(self.limits.deadline, tasks.join_next()).await {
            Err(_elapsed) => Err(EngineError::Timeout(self.limits.deadline)),
            Ok(Some(Ok(finished))) => finished,
            Ok(Some(Err(error))) => Err(EngineError::Internal(error.to_string())),
            Ok(None) => Err(EngineError::Internal("the query was never run".to_owned())),
        }
    }
}

/// What is read for an answer.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// How many rows, of a file.
    pub rows: Option<u64>,
    /// How many bytes of the file.
    pub bytes: Option<u64>,
    /// How the rows are grouped: a plan, or a statement.
    pub plan: String,
}

/// What is known of a query over a file that is open.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Whether all that the answer is made of is in memory.
    pub in_memory: bool,
    /// What is gone through for it.
    pub scanned: Scanned,
}

impl Engine {
    /// What is known of a query, if its file is open.
    pub fn known(&self, table: &TableAt, resolved: &Resolved) -> Option<Known> {
        let file = self.kept.known_file(&table.key)?;
        let source = Source::of(&self.files, &self.kept, file, &table.table);
        let (columns, groups, _) = explain(resolved, &source, self.limits.threads).ok()?;
        Some(Known {
            in_memory: self.kept.has(&source.file, &groups, &columns),
            scanned: scanned(&source, &columns, &groups),
        })
    }

    /// Opens a table's file, so that queries need not. What fails then will fail again for them.
    pub async fn open(&self, table: &TableAt) {
        let _ = self.kept.file(self.files.as_ref(), &table.key, &table.table).await;
    }

    /// What is read for the answer to a query. Reads no more than the file's footer.
    pub async fn explain(&self, table: &TableAt, resolved: &Resolved) -> Result<Reading, EngineError> {
        let file = self.kept.file(self.files.as_ref(), &table.key, &table.table).await?;
        let source = Source::of(&self.files, &self.kept, file, &table.table);
        let (columns, groups, plan) = explain(resolved, &source, self.limits.threads)?;
        let scanned = scanned(&source, &columns, &groups);
        Ok(Reading {
            rows: Some(scanned.rows),
            bytes: Some(scanned.bytes),
            columns: columns.iter().map(|column| table.table.columns[*column].name.clone()).collect(),
            plan,
        })
    }
}

/// What these columns of these row groups are.
fn scanned(source: &Source, columns: &[usize], groups: &[usize]) -> Scanned {
    let footer = source.file.footer.metadata();
    let rows = groups.iter().map(|group| footer.row_group(*group).num_rows().cast_unsigned()).sum();
    let ranges =
        groups.iter().flat_map(|group| columns.iter().map(|column| source.file.range(*group, *column)));
    Scanned { rows, bytes: ranges.map(|range| range.end - range.start).sum() }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A runtime must not wait for its threads within another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// One query's way through the engine.
struct Run {
    files: Arc<dyn RangeRead>,
    kept: Arc<Kept>,
    environment: Arc<RuntimeEnv>,
    threads: usize,
}

impl Run {
    async fn records(
        &self,
        TableAt { key, table }: TableAt,
        resolved: &Resolved,
    ) -> Result<Records, EngineError> {
        let file = self.kept.file(self.files.as_ref(), &key, &table).await?;
        let source = Source::of(&self.files, &self.kept, file, &table);
        let grouped = Grouped { source, run: self };
        let assembled = assemble(resolved, &grouped).await?;
        Ok(Records::new(resolved, &assembled))
    }
}

struct Grouped<'a> {
    source: Source,
    run: &'a Run,
}

impl Group for Grouped<'_> {
    fn group<'a>(&'a self, grouping: Grouping<'a>) -> BoxFuture<'a, Result<Groups, EngineError>> {
        Box::pin(async move {
            let context = TaskContext::default().with_runtime(Arc::clone(&self.run.environment));
            let groups = group(&self.source, &grouping, self.run.threads, Arc::new(context)).await?;
            let most = self.run.environment.memory_pool.memory_limit();
            match most {
                datafusion_execution::memory_pool::MemoryLimit::Finite(most) if groups.bytes() > most => {
                    Err(EngineError::TooLarge(format!("{} groups", groups.count)))
                }
                _ => Ok(groups),
            }
        })
    }
}
