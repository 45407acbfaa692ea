//! A connection that ends as it has earned: with a farewell if all that was asked is answered, and at once if not.
//!
//! The driver reads all that is still to come before it says farewell. From a server that floods, that would never end.

use std::ops::{Deref, DerefMut};
use std::thread;

use mysql_async::Conn;

/// A connection.
pub(super) struct Link {
    /// There until it is dropped.
    connection: Option<Conn>,
    /// Whether something was asked that is not known to be answered.
    pub(super) is_waiting: bool,
}

impl Link {
    /// Of a connection over which nothing is asked.
    pub(super) fn new(connection: Conn) -> Self {
        Self { connection: Some(connection), is_waiting: false }
    }
}

impl Deref for Link {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.connection.as_ref().expect("it is there until it is dropped")
    }
}

impl DerefMut for Link {
    fn deref_mut(&mut self) -> &mut Conn {
        self.connection.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take().filter(|_| self.is_waiting) else { return };
        // Outside of a runtime, the driver has no way to go on reading, and closes the socket.
        let closing = thread::Builder::new().name("close".to_owned()).spawn(move || drop(connection));
        if let Err(error) = closing {
            tracing::warn!(%error, "a connection is not closed at once");
        }
    }
}
