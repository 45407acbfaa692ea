//! Ending what runs in PostgreSQL.

use std::net::SocketAddr;

use tokio_postgres::{CancelToken, NoTls};

use super::{Session, Tls, of_error};
use crate::database::address::connect_to;
use crate::database::error::SourceError;

impl Session {
    /// What ends the statements that run in it.
    pub(in crate::database) fn canceller(&self) -> Canceller {
        Canceller { cancel: self.cancel.clone(), address: self.address, tls: self.tls.clone() }
    }
}

/// Ends the statements that run in a session, by another connection.
#[derive(Clone)]
pub(in crate::database) struct Canceller {
    cancel: CancelToken,
    address: SocketAddr,
    tls: Option<Tls>,
}

impl Canceller {
    pub(in crate::database) async fn cancel(&self) -> Result<(), SourceError> {
        let stream = connect_to(self.address).await?;
        let sent = match &self.tls {
            None => self.cancel.cancel_query_raw(stream, NoTls).await,
            Some(tls) => self.cancel.cancel_query_raw(stream, tls.clone()).await,
        };
        sent.map_err(|error| of_error(&error, self.address.port()))
    }
}
