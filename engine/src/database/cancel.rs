//! Ending statements in the server that nobody waits for any more.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;

use super::session::Session;
use super::{mysql, postgresql};

/// How long ending a statement in the server may take.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(2);

/// Ends the statements that run in a session, by another connection.
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
pub(super) struct CancelOnDrop(Option<Canceller>);

impl CancelOnDrop {
    /// For what runs in a session.
    pub(super) fn of(session: &Session) -> Self {
        Self(Some(Canceller::of(session)))
    }

    /// Nothing runs any more.
    pub(super) fn disarm(mut self) {
        self.0 = None;
    }

    /// Ends it now.
    pub(super) async fn cancel(mut self) {
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
