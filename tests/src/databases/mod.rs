//! Real database servers for tests: PostgreSQL and MariaDB, from Debian's packages `postgresql` and `mariadb-server`.
//!
//! Each is started once a run, when a test first needs it: on a free port of the loopback addresses, in a folder of its own, with TLS.
//! It is stopped when the process of the tests ends, however it ends. Each test makes a [`Database`] of its own in it, with users of its
//! own. The servers are set up as servers can be and clients must not rely on them not to be: with a time zone, an order of texts and a
//! dialect of their own.

mod authority;
mod database;
mod mariadb;
mod postgresql;
mod process;
mod programs;
mod proxy;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

pub use authority::Authority;
pub use database::{Database, PASSWORD, User};
pub use proxy::{Proxy, Way};

use process::Process;

/// What speaks on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PostgreSQL.
    PostgreSql,
    /// MariaDB, which speaks as MySQL does.
    MariaDb,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::PostgreSql, Self::MariaDb];

    /// The API's name of the engine.
    pub fn engine(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::MariaDb => "mysql",
        }
    }

    /// A text as a literal, in the dialect that [`Database::run`] speaks.
    pub fn text(self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A name, quoted.
    pub fn name(self, name: &str) -> String {
        match self {
            Self::PostgreSql => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::MariaDb => format!("`{}`", name.replace('`', "``")),
        }
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    /// What it speaks.
    pub kind: Kind,
    /// Where it listens, at 127.0.0.1 and 127.0.0.2.
    pub port: u16,
    /// Who signed its certificate, which is for `localhost` and 127.0.0.1 and not for 127.0.0.2.
    pub authority: Authority,
    /// The program that sends it statements.
    client: PathBuf,
    process: Process,
}

/// Its addresses: the certificate is for the first, and not for the second.
pub const ADDRESSES: [&str; 2] = ["127.0.0.1", "127.0.0.2"];

/// Set where a missing server is a failure, as in CI.
const REQUIRED: &str = "CLARIBI_TEST_DATABASES";

/// The server of a kind. `None`, with a line that says so, where its programs are not installed: then the calling test has nothing to
/// run against.
pub fn server(kind: Kind) -> Option<&'static Server> {
    static POSTGRESQL: LazyLock<Option<Server>> = LazyLock::new(postgresql::start);
    static MARIADB: LazyLock<Option<Server>> = LazyLock::new(mariadb::start);
    let (server, package) = match kind {
        Kind::PostgreSql => (&*POSTGRESQL, "postgresql"),
        Kind::MariaDb => (&*MARIADB, "mariadb-server"),
    };
    if server.is_none() {
        let current = std::thread::current();
        let test = current.name().unwrap_or("a test");
        let message = format!("{test} did NOT run against {kind:?}: Debian's package {package} is not there");
        assert!(std::env::var_os(REQUIRED).is_none(), "{message}");
        // Past the harness, which shows what is printed only of tests that fail.
        writeln!(std::io::stderr(), "{message}").expect("stderr is open");
    }
    server.as_ref()
}

/// The servers that are there.
pub fn servers() -> impl Iterator<Item = &'static Server> {
    Kind::ALL.into_iter().filter_map(server)
}
