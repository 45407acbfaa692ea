//! The sessions of an instance: up to four at once for a data source, of which one is kept between queries.
//!
//! What is kept is used again only after everything went well with it, and not for long: servers close what is idle, and an instance of
//! Lambda sleeps between requests, so that it may learn of that too late. Before it sleeps, all transactions have to end: an open one
//! keeps the server from cleaning up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::session::Session;

/// How many sessions there are at once with a data source.
const AT_ONCE: usize = 4;

/// How long a session is kept without being used: shorter than what servers and what is between allow.
const IDLE: Duration = Duration::from_mins(1);

/// How many data sources have a session kept.
const KEPT: usize = 50;

/// How long ending a transaction may take.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The sessions of an instance, by keys that name how a data source is reached.
#[derive(Clone, Default)]
pub(super) struct Sessions(Arc<Inner>);

#[derive(Default)]
struct Inner {
    sources: Mutex<HashMap<String, Source>>,
    /// What begins and ends transactions.
    tasks: TaskTracker,
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
    fn ending(mut session: Session, permit: OwnedSemaphorePermit, tasks: &TaskTracker) -> Self {
        let end = async move {
            // The answer goes out first: the task that writes it is next.
            yield_now().await;
            let ended = timeout(END_TIMEOUT, session.end()).await;
            let kept = ended.is_ok_and(|ended| ended.is_ok()).then_some(session);
            drop(permit);
            kept
        };
        Self { since: SystemTime::now(), session: tasks.spawn(end) }
    }

    /// The session, if it is good for another query.
    async fn session(self) -> Option<Session> {
        let is_fresh = self.since.elapsed().is_ok_and(|idle| idle < IDLE);
        // An attempt to end it that has panicked leaves no session.
        let session = self.session.await.ok().flatten();
        session.filter(|_| is_fresh)
    }
}

impl Sessions {
    /// How many more sessions there may be with a data source.
    pub(super) fn permits(&self, key: &str) -> Arc<Semaphore> {
        self.source(key, |source| Arc::clone(&source.permits))
    }

    /// The session that is kept, if it is good for another query. It is not kept any more.
    pub(super) async fn kept(&self, key: &str) -> Option<Session> {
        self.source(key, |source| source.kept.take())?.session().await
    }

    /// Ends the transaction of a session by which something was done, and keeps the session if it may be idle.
    pub(super) fn keep(&self, key: &str, session: Session, permit: OwnedSemaphorePermit) {
        let may_idle = session.may_idle(IDLE);
        let kept = Kept::ending(session, permit, &self.0.tasks);
        if may_idle {
            self.source(key, |source| source.kept = Some(kept));
        }
        let mut sources = self.0.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() > KEPT {
            // Those that nobody uses now, but for this one.
            sources.retain(|other, source| other == key || source.permits.available_permits() < AT_ONCE);
        }
    }

    /// Begins a transaction in the session that is kept, if there is one, and room for another: nobody waits for either.
    pub(super) fn begin(&self, key: &str, limit: Duration) -> Option<Begun> {
        let kept = self.source(key, |source| {
            let permit = Arc::clone(&source.permits).try_acquire_owned().ok()?;
            Some((source.kept.take()?, permit))
        });
        let (kept, permit) = kept?;
        let begin = async move {
            // What else is asked meanwhile goes out first.
            yield_now().await;
            let mut session = kept.session().await?;
            let begun = timeout(limit, session.begin(limit)).await;
            begun.is_ok_and(|begun| begun.is_ok()).then_some(session)
        };
        let beginning = Some((self.0.tasks.spawn(begin), permit));
        Some(Begun { sessions: self.clone(), key: key.to_owned(), beginning })
    }

    /// Waits until the transactions have ended that nobody needs any more.
    pub(super) async fn settled(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn source<T>(&self, key: &str, take: impl FnOnce(&mut Source) -> T) -> T {
        let mut sources = self.0.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let source = sources
            .entry(key.to_owned())
            .or_insert_with(|| Source { permits: Arc::new(Semaphore::new(AT_ONCE)), kept: None });
        take(source)
    }
}

/// A transaction that begins while it is not known yet whether something will be asked in it. If nothing is, it is ended.
pub(crate) struct Begun {
    sessions: Sessions,
    key: String,
    /// There until somebody takes it.
    beginning: Option<(JoinHandle<Option<Session>>, OwnedSemaphorePermit)>,
}

impl Begun {
    /// The session, in its transaction, if it could begin; and its permit.
    pub(super) async fn session(mut self) -> Option<(Option<Session>, OwnedSemaphorePermit)> {
        let (beginning, _) = self.beginning.as_mut()?;
        let session = beginning.await.ok().flatten();
        let (_, permit) = self.beginning.take()?;
        Some((session, permit))
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let (Some((beginning, permit)), Ok(runtime)) = (self.beginning.take(), Handle::try_current()) else {
            return;
        };
        let (sessions, key) = (self.sessions.clone(), std::mem::take(&mut self.key));
        let end = async move {
            if let Ok(Some(session)) = beginning.await {
                sessions.keep(&key, session, permit);
            }
        };
        self.sessions.0.tasks.spawn_on(end, &runtime);
    }
}
