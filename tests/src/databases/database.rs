//! A database of a test's own: with an owner, and a reader who may only read.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::{ADDRESSES, Kind, Server};

/// The password of every user: what must be quoted wherever it is written. No log line may have its beginning in it.
pub const PASSWORD: &str = "hunter 2'\"\\$%;é";

/// MariaDB's socket, in its folder.
pub(super) const SOCKET: &str = "socket";

/// A user of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// May do everything in it.
    Owner,
    /// May read what there is in it.
    Reader,
}

/// A database of a test's own. In PostgreSQL its tables are in the schema `sales`; in MariaDB, the database is the schema.
#[derive(Debug)]
pub struct Database {
    /// The server that it is in.
    pub server: &'static Server,
    /// Its name, which no other test has.
    pub name: String,
}

/// A command that sends statements to a server through its socket, as the one who may do everything.
pub(super) fn client(kind: Kind, program: &Path, folder: &Path, port: u16, database: &str) -> Command {
    let mut command = Command::new(program);
    match kind {
        Kind::PostgreSql => {
            command.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]);
            command.args(["--username=postgres", "--dbname", database, "--port", &port.to_string()]);
            command.arg("--host").arg(folder).env("PGCLIENTENCODING", "UTF8");
            // As the dialect of the tests has it, whatever the server is set to.
            command.env("PGOPTIONS", "-c standard_conforming_strings=on -c timezone=UTC -c datestyle=ISO");
        }
        Kind::MariaDb => {
            let setup = "SET sql_mode = 'NO_BACKSLASH_ESCAPES', time_zone = '+00:00'";
            command.args([
                "--no-defaults",
                "--batch",
                "--skip-column-names",
                "--default-character-set=utf8mb4",
            ]);
            command.args(["--user=root", "--init-command", setup, "--database", database]);
            command.arg("--socket").arg(folder.join(SOCKET));
        }
    }
    command
}

impl Server {
    /// Makes a database.
    pub fn database(&'static self) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let database = Database { server: self, name };
        let [owner, reader] = [User::Owner, User::Reader].map(|user| database.user(user));
        let (name, password) = (&database.name, self.kind.text(PASSWORD));
        match self.kind {
            Kind::PostgreSql => {
                self.run(
                    "postgres",
                    &format!(
                        "CREATE ROLE {owner} LOGIN PASSWORD {password}; CREATE ROLE {reader} LOGIN PASSWORD {password};
                         CREATE DATABASE {name} OWNER {owner};"
                    ),
                );
                database.run(&format!(
                    "CREATE SCHEMA sales AUTHORIZATION {owner}; GRANT USAGE ON SCHEMA sales TO {reader};
                     ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO {reader};
                     ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT ALL ON TABLES TO {owner};"
                ));
            }
            Kind::MariaDb => self.run(
                "mysql",
                &format!(
                    "CREATE DATABASE {name};
                     CREATE USER {owner} IDENTIFIED BY {password}; GRANT ALL ON {name}.* TO {owner};
                     CREATE USER {reader} IDENTIFIED BY {password}; GRANT SELECT, SHOW VIEW ON {name}.* TO {reader};"
                ),
            ),
        }
        database
    }

    fn run(&self, database: &str, sql: &str) {
        self.try_run(database, sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    /// Runs statements in one of its databases. What they print, a line for each row.
    fn try_run(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut command = client(self.kind, &self.client, &self.process.path(""), self.port, database);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut client = command.spawn().map_err(|error| error.to_string())?;
        let mut input = client.stdin.take().expect("it is piped");
        let sql = sql.to_owned();
        let writer = std::thread::spawn(move || input.write_all(sql.as_bytes()));
        let output = client.wait_with_output().map_err(|error| error.to_string())?;
        // Fails if the client has ended at a mistake before.
        let _ = writer.join().expect("it does not panic");
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// What the server logged.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

impl Database {
    /// The name of a user, as it is in statements.
    pub fn user(&self, user: User) -> String {
        match user {
            User::Owner => format!("{}_owner", self.name),
            User::Reader => format!("{}_reader", self.name),
        }
    }

    /// The schema of its tables.
    pub fn schema(&self) -> &str {
        match self.server.kind {
            Kind::PostgreSql => "sales",
            Kind::MariaDb => &self.name,
        }
    }

    /// The API's name of a table.
    pub fn table(&self, table: &str) -> String {
        format!("{}.{table}", self.schema())
    }

    /// A table's name, as it is in statements.
    pub fn quoted(&self, table: &str) -> String {
        let kind = self.server.kind;
        format!("{}.{}", kind.name(self.schema()), kind.name(table))
    }

    /// Runs statements as the one who may do everything. What they print, a line for each row.
    pub fn run(&self, sql: &str) -> String {
        self.try_run(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"))
    }

    /// Runs statements that may fail.
    pub fn try_run(&self, sql: &str) -> Result<String, String> {
        self.server.try_run(&self.name, sql)
    }

    /// The `connection` of a data source: over TLS, to the address that the certificate is for.
    pub fn connection(&self, user: User) -> Value {
        json!({
            "host": ADDRESSES[0],
            "port": self.server.port,
            "database": self.name,
            "username": self.user(user),
            "password": PASSWORD,
            "ssl_mode": "verify_full",
            "ca_certificate": self.server.authority.pem(),
        })
    }
}

impl Drop for Database {
    /// Ends the test's sessions, so that those of all tests are never too many for the server.
    fn drop(&mut self) {
        let name = &self.name;
        let (database, sql) = match self.server.kind {
            Kind::PostgreSql => ("postgres", format!("DROP DATABASE {name} WITH (FORCE)")),
            // A transaction that is open would be waited for.
            Kind::MariaDb => {
                let [owner, reader] = [User::Owner, User::Reader].map(|user| self.user(user));
                ("mysql", format!("KILL USER {owner}; KILL USER {reader}; DROP DATABASE {name}"))
            }
        };
        let done = self.server.try_run(database, &sql);
        assert!(done.is_ok() || std::thread::panicking(), "{done:?}");
    }
}
