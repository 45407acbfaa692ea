//! Why a database does not answer, in words for whoever has set up its data source: what happened, and what would help.

use std::time::Duration;

use shared::Error;
use shared::base::Code;
use shared::store::hosts::LookupError;

use crate::athena::AthenaError;

/// How much of a server's own message is passed on, in characters.
const MAX_MESSAGE_CHARACTERS: usize = 300;

/// Why a database does not answer. What it says itself is passed on; it knows no secret of ours but the password, which it never says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Its name leads nowhere, or to where the API must not connect to.
    #[error(transparent)]
    Host(#[from] LookupError),
    /// It is Athena, and says why.
    #[error(transparent)]
    Athena(#[from] AthenaError),
    /// Nothing listens there.
    #[error("The host does not accept connections at port {0}.")]
    Refused(u16),
    /// Nobody answers there, for so long.
    #[error("The host did not answer within {} s.", .0.as_secs())]
    Silent(Duration),
    /// The network failed otherwise.
    #[error("The connection failed: {0}.")]
    Network(String),
    /// It does not speak TLS.
    #[error("The server does not offer TLS.")]
    NoTls,
    /// It does not prove to be the host.
    #[error("The server's certificate is not accepted: {0}.")]
    Certificate(String),
    /// It does not know the user, or the password is another one.
    #[error("The server does not accept the username and the password: {0}")]
    Credentials(String),
    /// It lets nobody in from here, or in this way.
    #[error("The server does not let this connection in: {0}")]
    NotAdmitted(String),
    /// There is no such database.
    #[error("There is no such database: {0}")]
    NoDatabase(String),
    /// The user may not do it.
    #[error("The user may not read it: {0}")]
    Permission(String),
    /// It has no room for another connection.
    #[error("The server takes no more connections: {0}")]
    TooManyConnections(String),
    /// It is not as the catalog says.
    #[error("The tables are not as they were imported: {0}")]
    Outdated(String),
    /// It cannot do what it was asked.
    #[error("The server said: {0}")]
    Statement(String),
    /// It went away.
    #[error("The server closed the connection before it had answered.")]
    Closed,
    /// What it sends makes no sense.
    #[error("The server sent what is no answer: {0}.")]
    Garbled(String),
    /// There are no tables that the user may read.
    #[error("There is no table that the user may read.")]
    Nothing,
    /// There are too many tables.
    #[error("There are more than {0} tables that the user may read.")]
    TooManyTables(usize),
    /// It took too long.
    #[error("The server took longer than {} s.", .0.as_secs())]
    Timeout(Duration),
    /// Its answer is too large to be held.
    #[error("The answer has more than {0} MB.")]
    TooLarge(usize),
}

#[cfg(feature = "queries")]
impl From<crate::sql::UnexpectedReply> for SourceError {
    fn from(error: crate::sql::UnexpectedReply) -> Self {
        Self::Garbled(error.to_string())
    }
}

impl SourceError {
    /// What would help.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Athena(error) => error.hint(),
            Self::Host(LookupError::Unknown(_)) => {
                "Check the spelling of the host, and that its name is in public DNS."
            }
            Self::Host(LookupError::Refused(_)) => {
                "Use a host on the public internet, or have the operator add its network to AllowedNetworks."
            }
            Self::Refused(_) => "Check the port, and that the server listens on its public address.",
            Self::Silent(_) => "Check the host, and that its firewall lets connections from the API in.",
            Self::Network(_) | Self::Closed => "Try again; if it stays, look into the server's log.",
            Self::NoTls => "Switch TLS on at the server, or set ssl_mode to disable if its network is safe.",
            Self::Certificate(_) => {
                "Check the host's name, set ca_certificate to the authority that signed the server's certificate, or ssl_mode \
                 to require, which does not check it."
            }
            Self::Credentials(_) => "Check the username, and send the password again.",
            Self::NotAdmitted(_) => {
                "Let the user in from the API's network: in pg_hba.conf for PostgreSQL, as the user's host for MySQL."
            }
            Self::NoDatabase(_) => "Check the name of the database.",
            Self::Permission(_) | Self::Nothing => {
                "Grant the user SELECT on the tables, and USAGE on their schema; check schemas and excluded_schemas."
            }
            Self::TooManyConnections(_) => "Try again later, or give the user more connections.",
            Self::Outdated(_) => "Import the catalog again.",
            Self::Statement(_) => {
                "Ask for the statement by /api/analytics/explain/, and try it at the server."
            }
            Self::Garbled(_) => "Check that host and port are those of the database, not of something else.",
            Self::TooManyTables(_) => "Name the schemas that are needed in schemas.",
            Self::Timeout(_) => "Take a shorter time range, add filters, or add an index to the table.",
            Self::TooLarge(_) => "Add filters, or group by less.",
        }
    }

    /// Whether the connection ended before anything was answered, as one does that was kept for too long.
    #[cfg(feature = "queries")]
    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Closed | Self::Network(_))
    }
}

/// A server's message, as it is passed on: one line, without what could be mistaken for more than text, and not too long.
pub(crate) fn message(text: &str) -> String {
    let mut line = String::new();
    for (index, character) in text.trim().trim_end_matches('.').chars().enumerate() {
        if index == MAX_MESSAGE_CHARACTERS {
            line.push('…');
            break;
        }
        line.push(if character.is_control() { ' ' } else { character });
    }
    line.push('.');
    line
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        let code = match error {
            SourceError::Timeout(_) => Code::QueryTimeout,
            SourceError::TooLarge(_) => Code::BadRequest,
            _ => Code::SourceError,
        };
        Self::new(code, format!("{error} {}", error.hint()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_one_line_of_some_length() {
        assert_eq!(message("a\nb\u{1b}[31m."), "a b [31m.");
        assert_eq!(message(&"é".repeat(1_000)).chars().count(), 302);
    }
}
