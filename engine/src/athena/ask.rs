//! Statements as executions of Athena's: started once, whoever asks, and waited for as long as there is time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use arrow::array::ArrayRef;
use aws_sdk_athena::types::{
    QueryExecution, QueryExecutionContext, QueryExecutionState, ResultReuseByAgeConfiguration,
    ResultReuseConfiguration,
};
use futures_util::future::{BoxFuture, join_all};
use shared::base::Timestamp;
use shared::model::resolved::Resolved;
use shared::model::table::Table;
use shared::store::Cloud;
use tokio::time::{Instant, sleep, timeout_at};

use super::client::Client;
use super::error::AthenaError;
use super::object::Place;
use super::pages;
use super::scan::Scan;
use super::target::{AthenaTarget, Settings};
use crate::answer::{Group, assemble};
use crate::database::{SourceError, first_instant};
use crate::error::EngineError;
use crate::groups::{Grouping, Groups};
use crate::question::name;
use crate::result::Records;
use crate::sql::{self, Statement, Stretch, Trino, extremes, literals, unbounded};

/// The first pause before an execution is asked after, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_millis(1_500));

/// How often a statement whose executions have failed is started anew, in one window.
const MAX_ATTEMPTS: usize = 20;

/// Which executions an answer may be made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    /// Names them, among all windows, questions, sources and organizations.
    pub(crate) name: &'a str,
    /// When it was first asked. What has failed before is no answer to it.
    pub(crate) since: Timestamp,
    /// How old a result may be that Athena takes again. Athena counts minutes.
    pub(crate) reuse: Duration,
}

/// What is asked of Athena.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) target: &'a AthenaTarget,
    pub(crate) table: &'a Table,
    pub(crate) window: Window<'a>,
    /// How long it may take.
    pub(crate) deadline: Duration,
    /// How large a reply may be.
    pub(crate) most_bytes: usize,
}

/// What has come of it.
pub(crate) enum Outcome<T> {
    /// It is done, after so much was read.
    Done(T, Scan),
    /// These executions are not all done.
    Running(Vec<String>),
}

/// The records that answer a query.
pub(crate) async fn records(
    asking: &Asking<'_>,
    resolved: &Resolved,
) -> Result<Outcome<Records>, EngineError> {
    let (executions, end) = begin(asking).await?;
    let work = async { Ok(Records::new(resolved, &assemble(resolved, &executions).await?)) };
    let done = timeout_at(end, work).await.ok();
    executions.outcome(done)
}

/// The first rows of the table, column by column.
pub(crate) async fn first_rows(
    asking: &Asking<'_>,
    count: usize,
) -> Result<Outcome<Vec<ArrayRef>>, EngineError> {
    let (executions, end) = begin(asking).await?;
    let statement = sql::first_rows(asking.table, count, &Trino);
    let work = async { Ok(executions.ask(&statement).await?.dimensions) };
    let done = timeout_at(end, work).await.ok();
    executions.outcome(done)
}

async fn begin<'a>(asking: &'a Asking<'a>) -> Result<(Executions<'a>, Instant), EngineError> {
    let end = Instant::now() + asking.deadline;
    let client = timeout_at(end, Client::of(asking.target, asking.cloud)).await;
    let client = client.map_err(|_| EngineError::Timeout(asking.deadline))?.map_err(SourceError::from)?;
    Ok((Executions { client, asking, started: Mutex::default(), scan: Mutex::default() }, end))
}

/// Ends executions. One that has ended is none to end.
pub(crate) async fn stop(
    target: &AthenaTarget,
    cloud: &Cloud,
    executions: &[String],
) -> Result<(), SourceError> {
    let client = &Client::of(target, cloud).await?;
    let stops = executions.iter().map(|id| async move {
        let stopped = client.sdk.stop_query_execution().query_execution_id(id).send().await;
        match stopped.map_err(|error| AthenaError::of(&error, &client.settings.region)) {
            Ok(_) | Err(AthenaError::Failed(_)) => Ok(()),
            Err(error) => Err(SourceError::from(error)),
        }
    });
    join_all(stops).await.into_iter().collect()
}

struct Executions<'a> {
    client: Client,
    asking: &'a Asking<'a>,
    started: Mutex<Vec<String>>,
    scan: Mutex<Scan>,
}

impl Group for Executions<'_> {
    fn group<'a>(&'a self, grouping: Grouping<'a>) -> BoxFuture<'a, Result<Groups, EngineError>> {
        Box::pin(async move {
            let stretches = self.stretches(&grouping).await?;
            let statement = Statement::of(&grouping, self.asking.table, &Trino, &stretches);
            Ok(self.ask(&statement).await?)
        })
    }
}

impl Executions<'_> {
    /// What has come of it all; None if that is not known in time.
    fn outcome<T>(self, done: Option<Result<T, EngineError>>) -> Result<Outcome<T>, EngineError> {
        let started = self.started.into_inner().unwrap_or_else(PoisonError::into_inner);
        let scan = self.scan.into_inner().unwrap_or_else(PoisonError::into_inner);
        match done {
            Some(done) => Ok(Outcome::Done(done?, scan)),
            None if started.is_empty() => Err(SourceError::from(AthenaError::Busy).into()),
            None => Ok(Outcome::Running(started)),
        }
    }

    /// The first and the last time of the columns that no bounds say it of.
    async fn stretches(&self, grouping: &Grouping<'_>) -> Result<BTreeMap<usize, Stretch>, SourceError> {
        let mut stretches = BTreeMap::new();
        for column in unbounded(grouping) {
            let found = self.ask(&extremes(self.asking.table, column.index, &Trino)).await?;
            let at = |index: usize| found.dimensions.get(index).map_or(0, first_instant);
            stretches.insert(column.index, (at(0), at(1)));
        }
        Ok(stretches)
    }

    /// What a statement answers, once it has.
    async fn ask(&self, statement: &Statement) -> Result<Groups, SourceError> {
        let parameters = literals(statement);
        let Settings { workgroup, catalog, database, .. } = &self.client.settings;
        let reuse = self.asking.window.reuse.as_secs() / 60;
        let asked =
            (self.asking.window.name, workgroup, catalog, database, &statement.text, &parameters, reuse);
        let mut token = name(&format!("{asked:?}"));
        for attempt in 1.. {
            let id = self.start(statement, &parameters, reuse, &token).await?;
            self.started.lock().unwrap_or_else(PoisonError::into_inner).push(id.clone());
            match self.wait(&id).await? {
                Ended::Done { scan, place } => {
                    self.scan.lock().unwrap_or_else(PoisonError::into_inner).add(scan);
                    return pages::read(&self.client, self.asking, &id, place, statement).await;
                }
                // It failed before anybody asked this.
                Ended::Failed { is_void: true, .. } if attempt < MAX_ATTEMPTS => {
                    token = name(&format!("{token} {id}"));
                }
                Ended::Failed { error, .. } => return Err(error.into()),
            }
        }
        Err(AthenaError::Busy.into())
    }

    /// Starts a statement, unless it was started under this token: then it is that execution.
    async fn start(
        &self,
        statement: &Statement,
        parameters: &[String],
        reuse_minutes: u64,
        token: &str,
    ) -> Result<String, SourceError> {
        let Settings { workgroup, catalog, database, region, .. } = &self.client.settings;
        let context = QueryExecutionContext::builder().catalog(catalog).database(database).build();
        // A week is the most.
        let minutes = i32::try_from(reuse_minutes.min(7 * 24 * 60)).unwrap_or_default();
        let by_age = ResultReuseByAgeConfiguration::builder()
            .enabled(minutes > 0)
            .set_max_age_in_minutes((minutes > 0).then_some(minutes))
            .build();
        let start = self
            .client
            .sdk
            .start_query_execution()
            .query_string(&statement.text)
            .set_execution_parameters((!parameters.is_empty()).then(|| parameters.to_vec()))
            .query_execution_context(context)
            .work_group(workgroup)
            .client_request_token(token)
            .result_reuse_configuration(
                ResultReuseConfiguration::builder().result_reuse_by_age_configuration(by_age).build(),
            );
        let mut pauses = Pauses::default();
        loop {
            match start.clone().send().await.map_err(|error| AthenaError::of(&error, region)) {
                Ok(output) => {
                    let id = output.query_execution_id.filter(|id| is_id(id));
                    return id.ok_or_else(|| SourceError::Garbled("an execution without an ID".to_owned()));
                }
                Err(AthenaError::Busy) => pauses.pause().await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// How an execution ends, once it does.
    async fn wait(&self, id: &str) -> Result<Ended, SourceError> {
        let mut pauses = Pauses::default();
        loop {
            let asked = self.client.sdk.get_query_execution().query_execution_id(id).send().await;
            match asked.map_err(|error| AthenaError::of(&error, &self.client.settings.region)) {
                Ok(output) => {
                    if let Some(ended) = output.query_execution.as_ref().and_then(|it| self.ended(it)) {
                        return Ok(ended);
                    }
                }
                Err(AthenaError::Busy) => {}
                Err(error) => return Err(error.into()),
            }
            pauses.pause().await;
        }
    }

    fn ended(&self, execution: &QueryExecution) -> Option<Ended> {
        let status = execution.status()?;
        let state = status.state()?;
        if *state == QueryExecutionState::Succeeded {
            let statistics = execution.statistics();
            let bytes =
                statistics.and_then(aws_sdk_athena::types::QueryExecutionStatistics::data_scanned_in_bytes);
            let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default();
            let reuse = statistics.and_then(|statistics| statistics.result_reuse_information());
            let reused = aws_sdk_athena::types::ResultReuseInformation::reused_previous_result;
            let output = execution.result_configuration().and_then(|results| results.output_location());
            return Some(Ended::Done {
                scan: Scan::of(bytes, reuse.is_some_and(reused)),
                place: output.and_then(Place::of),
            });
        }
        let said = status.athena_error().and_then(|error| error.error_message());
        let reason = status.state_change_reason().or(said).unwrap_or_default();
        let error = match (state, AthenaError::of_reason(reason)) {
            (QueryExecutionState::Failed, error) => error,
            (QueryExecutionState::Cancelled, error @ AthenaError::Cutoff(_)) => error,
            (QueryExecutionState::Cancelled, _) => AthenaError::Cancelled,
            _ => return None,
        };
        let since = self.asking.window.since.as_second();
        let is_void = status.completion_date_time().is_some_and(|completed| completed.secs() < since);
        Some(Ended::Failed { error, is_void })
    }
}

/// Whether that may be the ID of an execution, which becomes part of a key: a UUID, or what is written like one.
fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// How an execution has ended.
enum Ended {
    Done {
        scan: Scan,
        /// Where its rows are, if Athena does not keep them to itself.
        place: Option<Place>,
    },
    Failed {
        error: AthenaError,
        /// Whether that was before anybody asked.
        is_void: bool,
    },
}

/// Pauses that get longer.
struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(PAUSES.0)
    }
}

impl Pauses {
    async fn pause(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 3 / 2).min(PAUSES.1);
    }
}
