//! Tables that are asked where they are.

use std::time::Duration;

use shared::Error;
use shared::base::{OrganizationId, Timestamp};
use shared::model::DataSource;
use shared::model::data_source::Engine;
use shared::model::query::Query;
use shared::model::resolved::Resolved;
use shared::model::result::{ResultColumn, ResultEngine, Role, Rows};
use shared::model::table::{Cell, Table};
use tokio::task::yield_now;

use crate::answer::measures::Measures;
use crate::answers::Answers;
use crate::athena::{AthenaTarget, Outcome};
use crate::cell::cell;
use crate::database::{self, Asked, Begun, Target};
use crate::engine::Reading;
use crate::error::EngineError;
use crate::groups::Grouping;
use crate::question::name;
use crate::result::{Records, Scanned};
use crate::sql::{Statement, unbounded};
use crate::standing::{self, Standing, StandingId};

/// How many rows a preview has.
const PREVIEW_ROWS: usize = 10;

/// How large a preview may be, in bytes.
const PREVIEW_BYTES: usize = 1 << 20;

/// A table that is asked where it is.
#[derive(Clone, Debug)]
pub(crate) struct LiveTable {
    pub(crate) table: Table,
    pub(crate) organization: OrganizationId,
    pub(crate) source: DataSource,
    /// What is asked of it.
    pub(crate) query: Query,
    /// Names what is asked, whenever it is.
    question: String,
    /// Names how the source is reached: as whom, too.
    key: String,
}

impl LiveTable {
    fn of(
        organization: OrganizationId,
        source: &DataSource,
        table: Table,
        query: Query,
        question: &str,
    ) -> Result<Self, Error> {
        // Another organization's source of the same address has another key, though it may have guessed the password.
        let reached = serde_json::to_string(&(organization, source.id, &source.settings, &source.secrets));
        let key = name(&reached.map_err(Error::internal)?);
        let question = name(&format!("{question} {key}"));
        Ok(Self { table, organization, source: source.clone(), query, question, key })
    }

    /// Whether it may take longer than a request.
    pub(crate) fn stands(&self) -> bool {
        self.source.engine == Engine::Athena
    }

    /// The ID of the question, if it takes longer.
    pub(crate) fn id(&self) -> StandingId {
        StandingId::new(self.source.id, self.question.clone())
    }

    pub(crate) fn engine(&self) -> ResultEngine {
        match self.source.engine {
            Engine::PostgreSql => ResultEngine::PostgreSql,
            Engine::Athena => ResultEngine::Athena,
            _ => ResultEngine::MySql,
        }
    }
}

/// How long answers of a source serve.
pub(crate) fn cache(source: &DataSource) -> Result<Duration, Error> {
    if source.engine == Engine::Athena { AthenaTarget::cache(source) } else { Target::cache(source) }
}

/// The digest of a question, good for the source's `cache_seconds`, and the table that is asked. `question` names what is asked.
pub(crate) fn ask(
    organization: OrganizationId,
    source: &DataSource,
    table: Table,
    query: &Query,
    question: &str,
    now: Timestamp,
) -> Result<(String, LiveTable), Error> {
    let table = LiveTable::of(organization, source, table, query.clone(), question)?;
    Ok((window(&table, cache(source)?, now), table))
}

/// Names a question in the window of time that answers serve in.
pub(crate) fn window(table: &LiveTable, cache: Duration, at: Timestamp) -> String {
    let (digest, cache_seconds) = (&table.question, cache.as_secs().max(1));
    // Not all windows begin at once: a dashboard's queries would all be asked in the same second.
    let shift = u64::from_str_radix(digest.get(..8).unwrap_or_default(), 16).unwrap_or_default();
    let window = (at.as_second().unsigned_abs() + shift % cache_seconds) / cache_seconds;
    name(&format!("{digest} {window}"))
}

/// A database that is about to be asked.
pub(crate) struct Opened {
    target: Target,
    begun: Option<Begun>,
}

/// Does what there is to do before the database is asked. It may turn out not to be needed.
pub(crate) async fn open(answers: &Answers, table: &LiveTable) -> Result<Opened, EngineError> {
    let begun = answers.connections.begin(table.source.engine, &table.key, answers.limits.deadline);
    // What else is asked meanwhile goes out first.
    yield_now().await;
    Ok(Opened { target: target(answers, table).await?, begun })
}

async fn target(answers: &Answers, table: &LiveTable) -> Result<Target, EngineError> {
    let target = Target::open(&answers.secrets, table.organization, &table.source).await;
    target.map_err(|error| EngineError::Internal(format!("{error:?}")))
}

/// The records that answer a query.
pub(crate) async fn records(
    answers: &Answers,
    table: &LiveTable,
    resolved: &Resolved,
    Opened { target, begun }: Opened,
) -> Result<Records, EngineError> {
    answers.connections.records(&asked(answers, table, &target), resolved, begun).await
}

/// The records that answer a query, whatever it takes, and what was gone through for them, where the database says so.
pub(crate) async fn all_records(
    answers: &Answers,
    table: &LiveTable,
    resolved: &Resolved,
    asked_at: Timestamp,
) -> Result<(Records, Scanned), EngineError> {
    if table.stands() {
        let asked = Standing { query: table.query.clone(), asked_at, ended: false, forgotten: None };
        return match standing::records(answers, table, resolved, &asked, answers.limits.deadline).await? {
            Outcome::Done(records, scan) => Ok((records, Scanned { rows: 0, bytes: scan.bytes })),
            Outcome::Running(_) => Err(EngineError::Timeout(answers.limits.deadline)),
        };
    }
    let opened = Opened { target: target(answers, table).await?, begun: None };
    Ok((records(answers, table, resolved, opened).await?, Scanned::default()))
}

fn asked<'a>(answers: &Answers, table: &'a LiveTable, target: &'a Target) -> Asked<'a> {
    Asked {
        key: &table.key,
        target,
        table: &table.table,
        deadline: answers.limits.deadline,
        most_bytes: answers.limits.query_bytes,
    }
}

/// What would be asked at a time.
pub(crate) fn explain(table: &LiveTable, resolved: &Resolved, now: Timestamp) -> Reading {
    let measures = Measures::of(&resolved.measures);
    let all = Grouping::of(resolved, &measures.aggregates);
    let grouping = Grouping { first: measures.first(resolved), ..all };
    // Nothing is asked, so the times that there are are not known: clocks are shown as they go in these days.
    let day = now.as_second() * 1_000_000;
    let days = unbounded(&grouping).into_iter().map(|column| (column.index, (day, day)));
    let dialect = database::dialect(table.source.engine);
    let statement = Statement::of(&grouping, &table.table, dialect, &days.collect());
    let columns = statement.columns.iter().map(|column| table.table.columns[*column].name.clone());
    Reading { columns: columns.collect(), rows: None, bytes: None, plan: statement.text }
}

/// The first rows of a table.
pub(crate) async fn preview(
    answers: &Answers,
    organization: OrganizationId,
    source: &DataSource,
    table: Table,
    now: Timestamp,
) -> Result<Rows, Error> {
    let table = LiveTable::of(organization, source, table, Query::default(), "preview")?;
    let values = if table.stands() {
        standing::first_rows(answers, &table, PREVIEW_ROWS, 16 * PREVIEW_BYTES, now).await
    } else {
        let target = Target::open(&answers.secrets, organization, source).await?;
        let asked = Asked { most_bytes: 16 * PREVIEW_BYTES, ..asked(answers, &table, &target) };
        answers.connections.first_rows(&asked, PREVIEW_ROWS).await
    };
    let values = values.map_err(|error| error.told(""))?;
    let count = values.first().map_or(0, |values| values.len());
    let columns = table.table.columns.iter().map(|column| ResultColumn {
        name: column.name.clone(),
        column_type: column.column_type,
        role: Role::Dimension,
        grain: None,
    });
    let columns: Vec<_> = columns.collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut bytes = 0;
    for row in 0..count {
        let cells: Vec<Cell> = values.iter().map(|values| cell(values, row)).collect();
        bytes += cells.iter().map(|cell| cell.get().len()).sum::<usize>();
        if bytes > PREVIEW_BYTES {
            break;
        }
        rows.push(cells);
    }
    let truncated = rows.len() < count || count == PREVIEW_ROWS;
    Ok(Rows { columns, row_count: rows.len() as u64, rows, truncated })
}
