//! The connections of an instance: up to four at once for a data source, of which one is kept between queries.
//!
//! What is kept is used again only after everything went well with it, and not for long: servers close what is idle, and an instance of
//! Lambda sleeps between requests, so that it may learn of that too late. Then the query is asked once more by a new connection.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::TimestampMicrosecondType;
use futures_util::future::{BoxFuture, try_join};
use shared::model::data_source::Engine;
use shared::model::data_source::Networks;
use shared::model::resolved::Resolved;
use shared::model::table::Table;
use tokio::runtime::Handle;
use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::error::SourceError;
use super::session::Session;
use super::target::Target;
use super::{mysql, postgresql};
use crate::answer::{Assembled, Group, assemble};
use crate::error::EngineError;
use crate::groups::{Grouping, Groups};
use crate::result::Records;
use crate::sql::{Dialect, MySql, PostgreSql, Statement, Stretch, Trino, extremes, first_rows, unbounded};

/// How many connections there are at once to a data source.
const AT_ONCE: usize = 4;

/// How long a connection is kept without being used: shorter than what servers and what is between allow.
const IDLE: Duration = Duration::from_mins(1);

/// How many data sources have a connection kept.
const KEPT: usize = 50;

/// How long ending a transaction may take.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// How long ending a statement in the server may take.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(2);

/// The connections of an instance.
pub(crate) struct Connections {
    networks: Networks,
    sources: Mutex<HashMap<String, Source>>,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Connections").field("networks", &self.networks).finish_non_exhaustive()
    }
}

struct Source {
    permits: Arc<Semaphore>,
    kept: Option<Kept>,
}

/// A session that is kept, once its transaction has ended: nobody waits for that, since all that was asked is answered.
struct Kept {
    since: SystemTime,
    session: JoinHandle<Option<Session>>,
}

impl Kept {
    /// Ends the transaction of a session, which counts as one of those at once until then. It may be kept only if that goes well, and soon.
    fn ending(mut session: Session, permit: OwnedSemaphorePermit) -> Self {
        let end = async move {
            let ended = timeout(END_TIMEOUT, session.end()).await;
            let kept = ended.is_ok_and(|ended| ended.is_ok()).then_some(session);
            drop(permit);
            kept
        };
        Self { since: SystemTime::now(), session: tokio::spawn(end) }
    }

    /// The session, if it is good for another query.
    async fn session(self) -> Option<Session> {
        let is_fresh = self.since.elapsed().is_ok_and(|idle| idle < IDLE);
        // An attempt to end it that has panicked leaves no session.
        let session = self.session.await.ok().flatten();
        session.filter(|_| is_fresh)
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
        Self { networks, sources: Mutex::default() }
    }

    /// The records that answer a query.
    pub(crate) async fn records(
        &self,
        asked: &Asked<'_>,
        resolved: &Resolved,
    ) -> Result<Records, EngineError> {
        let assembled = self.run(asked, Work::Query(resolved)).await?;
        Ok(Records::new(resolved, &assembled))
    }

    /// The first rows of the table, column by column.
    pub(crate) async fn first_rows(
        &self,
        asked: &Asked<'_>,
        count: usize,
    ) -> Result<Vec<ArrayRef>, EngineError> {
        Ok(self.run(asked, Work::FirstRows(count)).await?.columns)
    }

    /// Does something in a transaction of a session.
    async fn run(&self, asked: &Asked<'_>, work: Work<'_>) -> Result<Assembled, EngineError> {
        let end = Instant::now() + asked.deadline;
        let permits = self.source(asked.key, |source| Arc::clone(&source.permits));
        let permit = timeout_at(end, permits.acquire_owned()).await;
        let permit = permit.map_err(|_| EngineError::Timeout(asked.deadline))?;
        let permit = permit.map_err(|error| EngineError::Internal(error.to_string()))?;
        let (assembled, session) = self.attempts(asked, end, work).await?;
        self.keep(asked.key, session, permit);
        Ok(assembled)
    }

    /// Does it in the session that is kept, and if that has ended, in another one. It is good for more then.
    async fn attempts(
        &self,
        asked: &Asked<'_>,
        end: Instant,
        work: Work<'_>,
    ) -> Result<(Assembled, Session), EngineError> {
        let kept = self.source(asked.key, |source| source.kept.take());
        if let Some(kept) = kept
            && let Some(session) = kept.session().await
        {
            match self.attempt(asked, session, end, work).await {
                Err(EngineError::Source(error)) if error.is_closed() => {}
                done => return done,
            }
        }
        let connected = timeout_at(end, Session::connect(asked.target, &self.networks)).await;
        let session = connected.map_err(|_| EngineError::Timeout(asked.deadline))??;
        self.attempt(asked, session, end, work).await
    }

    async fn attempt(
        &self,
        asked: &Asked<'_>,
        mut session: Session,
        end: Instant,
        work: Work<'_>,
    ) -> Result<(Assembled, Session), EngineError> {
        let canceller = CancelOnDrop(Some(Canceller::of(&session)));
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
                    session.begin(limit).await?;
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

    fn source<T>(&self, key: &str, take: impl FnOnce(&mut Source) -> T) -> T {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let source = sources
            .entry(key.to_owned())
            .or_insert_with(|| Source { permits: Arc::new(Semaphore::new(AT_ONCE)), kept: None });
        take(source)
    }

    /// Keeps a session by which something was done, if it may be idle.
    fn keep(&self, key: &str, session: Session, permit: OwnedSemaphorePermit) {
        let may_idle = match &session {
            Session::PostgreSql(session) => session.may_idle(IDLE),
            Session::MySql(session) => session.idle_limit > IDLE,
        };
        let kept = Kept::ending(session, permit);
        if may_idle {
            self.source(key, |source| source.kept = Some(kept));
        }
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() > KEPT {
            // Those that nobody uses now, but for this one.
            sources.retain(|other, source| other == key || source.permits.available_permits() < AT_ONCE);
        }
    }
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

#[derive(Clone)]
enum Canceller {
    PostgreSql(postgresql::cancel::Canceller),
    MySql(mysql::cancel::Canceller),
}

impl Canceller {
    fn of(session: &Session) -> Self {
        match session {
            Session::PostgreSql(session) => Self::PostgreSql(session.canceller()),
            Session::MySql(session) => Self::MySql(session.canceller()),
        }
    }

    async fn cancel(self) {
        let cancel = async {
            match &self {
                Self::PostgreSql(canceller) => canceller.cancel().await,
                Self::MySql(canceller) => canceller.cancel().await,
            }
        };
        // The server ends it by itself, when its own limit is reached.
        let _ = timeout(CANCEL_TIMEOUT, cancel).await;
    }
}

/// Ends what runs in the server when nobody waits for it any more.
struct CancelOnDrop(Option<Canceller>);

impl CancelOnDrop {
    fn disarm(mut self) {
        self.0 = None;
    }

    async fn cancel(mut self) {
        if let Some(canceller) = self.0.clone() {
            canceller.cancel().await;
        }
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let (Some(canceller), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(canceller.cancel());
        }
    }
}
