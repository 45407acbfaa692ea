//! Asking databases over connections that are kept, or made.
//!
//! Where a session that was kept turns out to have ended, the query is asked once more by a new one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::TimestampMicrosecondType;
use futures_util::future::{BoxFuture, try_join};
use shared::model::data_source::Engine;
use shared::model::data_source::Networks;
use shared::model::resolved::Resolved;
use shared::model::table::Table;
use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::cancel::CancelOnDrop;
use super::error::SourceError;
use super::session::Session;
use super::sessions::{Begun, Sessions};
use super::target::Target;
use super::{mysql, postgresql};
use crate::answer::{Assembled, Group, assemble};
use crate::error::EngineError;
use crate::groups::{Grouping, Groups};
use crate::result::Records;
use crate::sql::{Dialect, MySql, PostgreSql, Statement, Stretch, Trino, extremes, first_rows, unbounded};

/// The connections of an instance to databases.
pub(crate) struct Connections {
    networks: Networks,
    sessions: Sessions,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Connections").field("networks", &self.networks).finish_non_exhaustive()
    }
}

/// What is asked of a database.
pub(crate) struct Asked<'a> {
    /// Names the connections that may be used: the organization's, to the data source, as it is reached now.
    pub(crate) key: &'a str,
    pub(crate) target: &'a Target,
    pub(crate) table: &'a Table,
    /// How long it may take.
    pub(crate) deadline: Duration,
    /// How large a reply may be.
    pub(crate) most_bytes: usize,
}

/// The dialect of an engine.
pub(crate) fn dialect(engine: Engine) -> &'static dyn Dialect {
    match engine {
        Engine::PostgreSql => &PostgreSql,
        Engine::Athena => &Trino,
        _ => &MySql,
    }
}

impl Connections {
    /// None yet. They may lead to hosts in these networks.
    pub(crate) fn new(networks: Networks) -> Self {
        Self { networks, sessions: Sessions::default() }
    }

    /// Begins a transaction where that takes a round trip of its own, and a connection is there for it.
    pub(crate) fn begin(&self, engine: Engine, key: &str, limit: Duration) -> Option<Begun> {
        // PostgreSQL's begins along with what is asked first.
        if engine == Engine::MySql { self.sessions.begin(key, limit) } else { None }
    }

    /// The records that answer a query: in the transaction that has begun for it, if one has.
    pub(crate) async fn records(
        &self,
        asked: &Asked<'_>,
        resolved: &Resolved,
        begun: Option<Begun>,
    ) -> Result<Records, EngineError> {
        let assembled = self.run(asked, Work::Query(resolved), begun).await?;
        Ok(Records::new(resolved, &assembled))
    }

    /// The first rows of the table, column by column.
    pub(crate) async fn first_rows(
        &self,
        asked: &Asked<'_>,
        count: usize,
    ) -> Result<Vec<ArrayRef>, EngineError> {
        Ok(self.run(asked, Work::FirstRows(count), None).await?.columns)
    }

    /// Waits until the transactions have ended that nobody needs any more.
    pub(crate) async fn settled(&self) {
        self.sessions.settled().await;
    }

    /// Does something in a transaction of a session.
    async fn run(
        &self,
        asked: &Asked<'_>,
        work: Work<'_>,
        begun: Option<Begun>,
    ) -> Result<Assembled, EngineError> {
        let end = Instant::now() + asked.deadline;
        let (kept, permit) = timeout_at(end, self.open(asked.key, begun))
            .await
            .map_err(|_| EngineError::Timeout(asked.deadline))??;
        let (assembled, session) = self.attempts(asked, end, work, kept).await?;
        self.sessions.keep(asked.key, session, permit);
        Ok(assembled)
    }

    /// The transaction that has begun, or else a permit for a session, and the one that is kept.
    async fn open(
        &self,
        key: &str,
        begun: Option<Begun>,
    ) -> Result<(Option<Open>, OwnedSemaphorePermit), EngineError> {
        if let Some(begun) = begun
            && let Some((session, permit)) = begun.session().await
        {
            return Ok((session.map(|session| Open { session, has_begun: true }), permit));
        }
        let permit = self.sessions.permits(key).acquire_owned().await;
        let permit = permit.map_err(|error| EngineError::Internal(error.to_string()))?;
        let kept = self.sessions.kept(key).await;
        Ok((kept.map(|session| Open { session, has_begun: false }), permit))
    }

    /// Does it in the session that is open, and if that has ended, in another one. It is good for more then.
    async fn attempts(
        &self,
        asked: &Asked<'_>,
        end: Instant,
        work: Work<'_>,
        open: Option<Open>,
    ) -> Result<(Assembled, Session), EngineError> {
        if let Some(open) = open {
            match self.attempt(asked, open, end, work).await {
                Err(EngineError::Source(error)) if error.is_closed() => {}
                done => return done,
            }
        }
        let connected = timeout_at(end, Session::connect(asked.target, &self.networks)).await;
        let session = connected.map_err(|_| EngineError::Timeout(asked.deadline))??;
        self.attempt(asked, Open { session, has_begun: false }, end, work).await
    }

    async fn attempt(
        &self,
        asked: &Asked<'_>,
        Open { mut session, has_begun }: Open,
        end: Instant,
        work: Work<'_>,
    ) -> Result<(Assembled, Session), EngineError> {
        let canceller = CancelOnDrop::of(&session);
        let limit = end.saturating_duration_since(Instant::now());
        let all = async {
            match &mut session {
                Session::PostgreSql(session) => {
                    let talk = Talk::PostgreSql(session);
                    let begin = async { Ok(session.begin(limit).await?) };
                    // What is asked goes along with the beginning.
                    Ok(try_join(begin, work.run(asked, &talk)).await?.1)
                }
                Session::MySql(session) => {
                    if !has_begun {
                        session.begin(limit).await?;
                    }
                    work.run(asked, &Talk::MySql(AsyncMutex::new(session))).await
                }
            }
        };
        let done: Result<Assembled, EngineError> = match timeout_at(end, all).await {
            Ok(Err(EngineError::Source(SourceError::Timeout(_)))) => {
                Err(EngineError::Timeout(asked.deadline))
            }
            Ok(done) => done,
            Err(_) => {
                canceller.cancel().await;
                return Err(EngineError::Timeout(asked.deadline));
            }
        };
        match &done {
            Ok(_) => canceller.disarm(),
            Err(EngineError::Source(error)) if error.is_closed() => canceller.disarm(),
            // What runs beside the statement that has failed is ended, too.
            Err(_) => canceller.cancel().await,
        }
        Ok((done?, session))
    }
}

/// A session that is there already.
struct Open {
    session: Session,
    /// Whether a transaction has begun in it.
    has_begun: bool,
}

/// What is done in a transaction.
#[derive(Clone, Copy, Debug)]
enum Work<'a> {
    /// A query is answered.
    Query(&'a Resolved),
    /// So many rows are read.
    FirstRows(usize),
}

impl Work<'_> {
    async fn run(self, asked: &Asked<'_>, talk: &Talk<'_>) -> Result<Assembled, EngineError> {
        let Asked { table, most_bytes, .. } = *asked;
        let dialect = dialect(asked.target.engine);
        match self {
            Self::Query(resolved) => {
                let rows = Rows { talk, table, dialect, most_bytes, stretches: AsyncMutex::default() };
                assemble(resolved, &rows).await
            }
            Self::FirstRows(count) => {
                let groups = talk.ask(&first_rows(table, count, dialect), most_bytes).await?;
                Ok(Assembled { columns: groups.dimensions, totals: None, other_row: None, truncated: false })
            }
        }
    }
}

/// A session in a transaction.
enum Talk<'a> {
    PostgreSql(&'a postgresql::Session),
    MySql(AsyncMutex<&'a mut Box<mysql::Session>>),
}

impl Talk<'_> {
    async fn ask(&self, statement: &Statement, most_bytes: usize) -> Result<Groups, SourceError> {
        let reply = match self {
            Self::PostgreSql(session) => session.ask(statement, most_bytes).await?,
            Self::MySql(session) => session.lock().await.ask(statement, most_bytes).await?,
        };
        Ok(reply.groups())
    }
}

/// The rows of a table in a database.
struct Rows<'a, 'b> {
    talk: &'a Talk<'b>,
    table: &'a Table,
    dialect: &'static dyn Dialect,
    most_bytes: usize,
    /// The first and the last time of columns that were asked for it.
    stretches: AsyncMutex<BTreeMap<usize, Stretch>>,
}

impl Rows<'_, '_> {
    /// The first and the last time of the columns that no bounds say it of.
    async fn stretches(&self, grouping: &Grouping<'_>) -> Result<BTreeMap<usize, Stretch>, SourceError> {
        let columns = unbounded(grouping);
        if columns.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut known = self.stretches.lock().await;
        for column in columns {
            if let Entry::Vacant(unknown) = known.entry(column.index) {
                let extremes = extremes(self.table, column.index, self.dialect);
                let found = self.talk.ask(&extremes, self.most_bytes).await?;
                let at = |index: usize| found.dimensions.get(index).map_or(0, first_instant);
                unknown.insert((at(0), at(1)));
            }
        }
        Ok(known.clone())
    }
}

/// The instant in the first row. Where there is none, there is none to be shown by clocks either.
pub(crate) fn first_instant(values: &ArrayRef) -> i64 {
    let instants = values.as_primitive_opt::<TimestampMicrosecondType>();
    instants
        .filter(|instants| !instants.is_empty() && instants.is_valid(0))
        .map_or(0, |instants| instants.value(0))
}

impl Group for Rows<'_, '_> {
    fn group<'a>(&'a self, grouping: Grouping<'a>) -> BoxFuture<'a, Result<Groups, EngineError>> {
        Box::pin(async move {
            let stretches = self.stretches(&grouping).await?;
            let statement = Statement::of(&grouping, self.table, self.dialect, &stretches);
            Ok(self.talk.ask(&statement, self.most_bytes).await?)
        })
    }
}
