//! Sessions with MySQL and MariaDB.

#[cfg(feature = "queries")]
pub(super) mod ask;
#[cfg(feature = "queries")]
pub(super) mod cancel;
pub(super) mod catalog;
mod link;

use std::net::SocketAddr;
use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, DriverError, IoError, Opts, OptsBuilder, SslOpts};
use secrecy::ExposeSecret as _;
use shared::model::data_source::Networks;
use shared::model::data_source::connection::SslMode;
use tokio_rustls::rustls;

use super::address::{self, CONNECT_TIMEOUT, of_io};
use super::error::{SourceError, message};
use super::target::Target;
use super::tls;
use link::Link;

/// The largest packet that is read: a row has no more.
const MAX_PACKET_BYTES: usize = 16 << 20;

/// A connection to a server, as one user.
#[cfg_attr(
    not(feature = "queries"),
    expect(dead_code, reason = "only queries keep sessions, and end statements")
)]
pub(super) struct Session {
    connection: Link,
    /// The server, as it calls itself.
    pub(super) version: String,
    /// How long it may be idle.
    pub(super) idle_limit: Duration,
    options: Opts,
}

impl Session {
    /// Connects to the target.
    pub(super) async fn connect(target: &Target, networks: &Networks) -> Result<Self, SourceError> {
        let addresses = address::addresses(target, networks).await?;
        let mut last = SourceError::Closed;
        for address in addresses {
            match tokio::time::timeout(CONNECT_TIMEOUT, Self::connect_to(target, address)).await {
                Ok(Ok(session)) => return Ok(session),
                Ok(Err(error)) => last = error,
                // There is no time left to try another one.
                Err(_) => return Err(SourceError::Silent(CONNECT_TIMEOUT)),
            }
        }
        Err(last)
    }

    async fn connect_to(target: &Target, address: SocketAddr) -> Result<Self, SourceError> {
        let settings = &target.settings;
        let options = OptsBuilder::default()
            .ip_or_hostname(address.ip().to_string())
            .tcp_port(address.port())
            .user(Some(settings.username.clone()))
            .pass(target.password.as_ref().map(|password| password.expose_secret().to_owned()))
            .db_name(Some(settings.database.clone()))
            // Not by a socket of this machine, whatever the server says.
            .prefer_socket(false)
            .max_allowed_packet(Some(MAX_PACKET_BYTES))
            .wait_timeout(Some(28_800))
            .ssl_opts(ssl(target)?);
        let options = Opts::from(options);
        let open = async {
            let mut connection = Conn::new(options.clone()).await?;
            let about: Option<(String, u64)> =
                connection.query_first("SELECT @@version, @@wait_timeout").await?;
            Ok((connection, about))
        };
        let opened: Result<_, mysql_async::Error> = open.await;
        let (connection, about) = opened.map_err(|error| of_error(&error, address.port()))?;
        let (version, idle_seconds) = about.unwrap_or_default();
        let product = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
        Ok(Self {
            connection: Link::new(connection),
            version: format!("{product} {}", message(&version).trim_end_matches('.')),
            idle_limit: Duration::from_secs(idle_seconds),
            options,
        })
    }

    /// Begins a transaction that only reads, in which all statements see the same data. Each may take so long: MySQL counts that in
    /// milliseconds, MariaDB, which reads another comment, in seconds.
    pub(super) async fn begin(&mut self, limit: Duration) -> Result<(), SourceError> {
        // A right to a database that was taken away is missed from when it is chosen again.
        let begin = format!(
            "USE `{}`; SET time_zone = '+00:00', sql_mode = '' /*!50708 , max_execution_time = {} */ \
             /*M! , max_statement_time = {} */; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
            self.options.db_name().unwrap_or_default().replace('`', "``"),
            limit.as_millis().max(1),
            limit.as_secs_f64().max(0.001),
        );
        self.connection.is_waiting = true;
        self.connection.query_drop(begin).await.map_err(|error| self.explain(&error))
    }

    /// Ends it.
    pub(super) async fn end(&mut self) -> Result<(), SourceError> {
        self.connection.query_drop("COMMIT").await.map_err(|error| self.explain(&error))?;
        self.connection.is_waiting = false;
        Ok(())
    }

    /// Why something failed.
    pub(super) fn explain(&self, error: &mysql_async::Error) -> SourceError {
        of_error(error, self.options.tcp_port())
    }
}

fn ssl(target: &Target) -> Result<Option<SslOpts>, SourceError> {
    let settings = &target.settings;
    let to_host = SslOpts::default().with_danger_tls_hostname_override(Some(settings.host.clone()));
    Ok(match (settings.ssl_mode, &settings.ca_certificate) {
        (SslMode::Disable, _) => None,
        (SslMode::Require, _) => Some(to_host.with_danger_accept_invalid_certs(true)),
        (SslMode::VerifyFull, None) => {
            Some(to_host.with_root_certs(vec![tls::RDS_AUTHORITIES.as_bytes().to_vec().into()]))
        }
        (SslMode::VerifyFull, Some(authority)) => {
            tls::authorities(authority)?;
            let own = to_host.with_root_certs(vec![authority.as_bytes().to_vec().into()]);
            Some(own.with_disable_built_in_roots(true))
        }
    })
}

/// Why something failed. The numbers are those of
/// [MySQL](https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html) and
/// [MariaDB](https://mariadb.com/kb/en/mariadb-error-codes/).
fn of_error(error: &mysql_async::Error, port: u16) -> SourceError {
    match error {
        mysql_async::Error::Server(said) => {
            let text = message(&said.message);
            match said.code {
                1045 | 1698 | 3118 => SourceError::Credentials(text),
                1130 | 3159 | 1129 => SourceError::NotAdmitted(text),
                1044 | 1142 | 1143 | 1227 | 1345 | 1356 | 1370 => SourceError::Permission(text),
                1049 => SourceError::NoDatabase(text),
                1040 | 1203 | 1226 => SourceError::TooManyConnections(text),
                1146 | 1054 => SourceError::Outdated(text),
                1317 | 1969 | 3024 => SourceError::Timeout(Duration::ZERO),
                // The server is being stopped.
                1053 | 1077 | 1079 | 1927 => SourceError::Closed,
                _ => SourceError::Statement(text),
            }
        }
        mysql_async::Error::Io(IoError::Io(error)) => {
            match error.get_ref().and_then(|within| within.downcast_ref::<rustls::Error>()) {
                Some(error) => tls::of_rustls(error),
                None if error.kind() == std::io::ErrorKind::InvalidData => {
                    SourceError::Garbled("it is not MySQL's protocol".to_owned())
                }
                None => of_io(error, port),
            }
        }
        mysql_async::Error::Io(IoError::Tls(_)) => {
            SourceError::Certificate("it cannot be checked".to_owned())
        }
        mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer) => SourceError::NoTls,
        mysql_async::Error::Driver(DriverError::ConnectionClosed) => SourceError::Closed,
        error => SourceError::Garbled(message(&error.to_string()).trim_end_matches('.').to_owned()),
    }
}
