//! A session with a database, whichever it is.

use std::time::{Duration, Instant};

use shared::model::data_source::Engine;
use shared::model::data_source::Networks;

use super::error::SourceError;
use super::target::Target;
use super::{mysql, postgresql};
use crate::greeting::Greeting;

/// A session with a database.
pub(crate) enum Session {
    PostgreSql(postgresql::Session),
    MySql(Box<mysql::Session>),
}

impl Session {
    /// Connects to the target.
    pub(crate) async fn connect(target: &Target, networks: &Networks) -> Result<Self, SourceError> {
        match target.engine {
            Engine::PostgreSql => postgresql::Session::connect(target, networks).await.map(Self::PostgreSql),
            _ => mysql::Session::connect(target, networks).await.map(Box::new).map(Self::MySql),
        }
    }

    /// The server, as it calls itself.
    pub(super) fn version(&self) -> &str {
        match self {
            Self::PostgreSql(session) => &session.version,
            Self::MySql(session) => &session.version,
        }
    }

    /// Begins a transaction that only reads. Each of its statements may take so long.
    pub(super) async fn begin(&mut self, limit: Duration) -> Result<(), SourceError> {
        match self {
            Self::PostgreSql(session) => session.begin(limit).await,
            Self::MySql(session) => session.begin(limit).await,
        }
    }

    /// Whether the server lets it be idle for so long.
    #[cfg(feature = "queries")]
    pub(super) fn may_idle(&self, idle: Duration) -> bool {
        match self {
            Self::PostgreSql(session) => session.may_idle(idle),
            Self::MySql(session) => session.idle_limit > idle,
        }
    }

    /// Ends it.
    pub(super) async fn end(&mut self) -> Result<(), SourceError> {
        match self {
            Self::PostgreSql(session) => session.end().await,
            Self::MySql(session) => session.end().await,
        }
    }
}

/// How long a greeting, or reading the catalog, may take.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Connects, and asks whether there is a table that the user may read.
pub async fn greet(target: &Target, networks: &Networks) -> Result<Greeting, SourceError> {
    let greet = async {
        let mut session = Session::connect(target, networks).await?;
        session.begin(PATIENCE).await?;
        let asked = Instant::now();
        session.end().await?;
        let greeting = Greeting { server: Some(session.version().to_owned()), latency: asked.elapsed() };
        super::catalog::read(&mut session, target).await?;
        Ok(greeting)
    };
    within(PATIENCE, greet).await
}

/// What comes of something within so long.
pub(crate) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, SourceError>>,
) -> Result<T, SourceError> {
    match tokio::time::timeout(limit, work).await {
        Ok(Err(SourceError::Timeout(_))) | Err(_) => Err(SourceError::Timeout(limit)),
        Ok(done) => done,
    }
}
