//! Ending what runs in MySQL and MariaDB.

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts};

use super::{Session, of_error};
use crate::database::error::SourceError;

impl Session {
    /// What ends the statements that run in it.
    pub(in crate::database) fn canceller(&self) -> Canceller {
        Canceller { options: self.options.clone(), id: self.connection.id() }
    }
}

/// Ends the statements that run in a session, by another connection.
#[derive(Clone)]
pub(in crate::database) struct Canceller {
    options: Opts,
    id: u32,
}

impl Canceller {
    pub(in crate::database) async fn cancel(&self) -> Result<(), SourceError> {
        let cancel = async {
            let mut connection = Conn::new(self.options.clone()).await?;
            connection.query_drop(format!("KILL QUERY {}", self.id)).await?;
            connection.disconnect().await
        };
        cancel.await.map_err(|error: mysql_async::Error| of_error(&error, self.options.tcp_port()))
    }
}
