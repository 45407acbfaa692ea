//! Sessions with PostgreSQL.

#[cfg(feature = "queries")]
pub(super) mod ask;
#[cfg(feature = "queries")]
pub(super) mod cancel;
pub(super) mod catalog;
mod framing;

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rustls_pki_types::ServerName;
use secrecy::ExposeSecret as _;
use shared::model::data_source::Networks;
use shared::model::data_source::connection::SslMode;
use shared::store::hosts::LookupError;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_postgres::{CancelToken, Client, Config, Connection, NoTls, config};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{self, ClientConfig};

use self::framing::Framed;
use super::address::{CONNECT_TIMEOUT, of_io};
use super::error::{SourceError, message};
use super::target::Target;
use super::{address, tls};

/// A connection to a server, as one user.
#[cfg_attr(
    not(feature = "queries"),
    expect(dead_code, reason = "only queries keep sessions, and end statements")
)]
pub(super) struct Session {
    pub(super) client: Client,
    /// The server, as it calls itself.
    pub(super) version: String,
    /// How long it may be idle, where there is a limit.
    idle_limit: Option<Duration>,
    cancel: CancelToken,
    address: SocketAddr,
    tls: Option<Tls>,
}

impl Session {
    /// Connects to the target.
    pub(super) async fn connect(target: &Target, networks: &Networks) -> Result<Self, SourceError> {
        let tls = match target.settings.ssl_mode {
            SslMode::Disable => None,
            SslMode::Require | SslMode::VerifyFull => Some(Tls::to(target)?),
        };
        let (stream, address) = address::connect(target, networks).await?;
        let mut config = Config::new();
        let settings = &target.settings;
        config.user(&settings.username).dbname(&settings.database).application_name("claribi");
        if let Some(password) = &target.password {
            config.password(password.expose_secret());
        }
        config.ssl_mode(if tls.is_some() { config::SslMode::Require } else { config::SslMode::Disable });
        let open = async {
            Ok(match &tls {
                None => start(config.connect_raw(Framed::new(stream), NoTls).await?),
                Some(tls) => start(config.connect_raw(stream, tls.clone()).await?),
            })
        };
        let opened = tokio::time::timeout(CONNECT_TIMEOUT, open).await;
        let opened: Result<_, tokio_postgres::Error> =
            opened.map_err(|_| SourceError::Silent(CONNECT_TIMEOUT))?;
        let (client, version) = opened.map_err(|error| of_error(&error, address.port()))?;
        let idle_limit = idle_limit(&client).await.map_err(|error| of_error(&error, address.port()))?;
        Ok(Self { cancel: client.cancel_token(), client, version, idle_limit, address, tls })
    }

    /// Begins a transaction that only reads, in which all statements see the same data. Each may take so long. What is found by
    /// unqualified names is PostgreSQL's own.
    pub(super) async fn begin(&self, limit: Duration) -> Result<(), SourceError> {
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {}; \
             SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'",
            limit.as_millis().max(1)
        );
        self.client.batch_execute(&begin).await.map_err(|error| self.explain(&error))
    }

    /// Ends it.
    pub(super) async fn end(&self) -> Result<(), SourceError> {
        self.client.batch_execute("COMMIT").await.map_err(|error| self.explain(&error))
    }

    /// Whether the server lets a session be idle for so long.
    #[cfg(feature = "queries")]
    pub(super) fn may_idle(&self, idle: Duration) -> bool {
        self.idle_limit.is_none_or(|limit| limit > idle)
    }

    /// Why something failed.
    pub(super) fn explain(&self, error: &tokio_postgres::Error) -> SourceError {
        of_error(error, self.address.port())
    }
}

/// How long the server lets a session be idle. None if for ever, or if it has no such limit.
async fn idle_limit(client: &Client) -> Result<Option<Duration>, tokio_postgres::Error> {
    let setting = "SELECT setting::int8 FROM pg_settings WHERE name = 'idle_session_timeout'";
    let rows = client.query_typed(setting, &[]).await?;
    let milliseconds: Option<i64> = rows.first().and_then(|row| row.try_get(0).ok());
    let milliseconds = milliseconds.and_then(|limit| u64::try_from(limit).ok());
    Ok(milliseconds.filter(|limit| *limit > 0).map(Duration::from_millis))
}

/// Lets a connection run for as long as its client is there.
fn start<S, T>((client, connection): (Client, Connection<S, T>)) -> (Client, String)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: TlsStream + Unpin + Send + 'static,
{
    let version = connection.parameter("server_version").unwrap_or_default();
    let version = format!("PostgreSQL {}", message(version).trim_end_matches('.'));
    tokio::spawn(async move {
        // Whoever asks is told that it has ended.
        let _ = connection.await;
    });
    (client, version)
}

/// Why something failed.
fn of_error(error: &tokio_postgres::Error, port: u16) -> SourceError {
    if let Some(said) = error.as_db_error() {
        let text = message(said.message());
        return match said.code() {
            code if *code == SqlState::INVALID_PASSWORD => SourceError::Credentials(text),
            code if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => SourceError::NotAdmitted(text),
            code if *code == SqlState::INVALID_CATALOG_NAME => SourceError::NoDatabase(text),
            code if *code == SqlState::INSUFFICIENT_PRIVILEGE => SourceError::Permission(text),
            code if *code == SqlState::TOO_MANY_CONNECTIONS => SourceError::TooManyConnections(text),
            code if *code == SqlState::QUERY_CANCELED => SourceError::Timeout(Duration::ZERO),
            code if *code == SqlState::UNDEFINED_TABLE
                || *code == SqlState::UNDEFINED_COLUMN
                || *code == SqlState::INVALID_SCHEMA_NAME =>
            {
                SourceError::Outdated(text)
            }
            // The server is being stopped, or starts.
            code if code.code().starts_with("57P") => SourceError::Closed,
            _ => SourceError::Statement(text),
        };
    }
    if error.is_closed() {
        return SourceError::Closed;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            let within = error.get_ref().and_then(|within| within.downcast_ref::<rustls::Error>());
            return match within {
                Some(error) => tls::of_rustls(error),
                None if error.kind() == io::ErrorKind::InvalidData
                    || error.kind() == io::ErrorKind::InvalidInput =>
                {
                    SourceError::Garbled("it is not PostgreSQL's protocol".to_owned())
                }
                None => of_io(error, port),
            };
        }
        source = cause.source();
    }
    // The driver has no types for these.
    let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    if text.contains("server does not support TLS") {
        SourceError::NoTls
    } else if text.contains("password missing") {
        SourceError::Credentials("a password is needed.".to_owned())
    } else {
        SourceError::Garbled(message(&text).trim_end_matches('.').to_owned())
    }
}

/// TLS to a host of that name.
#[derive(Clone)]
struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Tls {
    fn to(target: &Target) -> Result<Self, SourceError> {
        let name = ServerName::try_from(target.settings.host.clone())
            .map_err(|_| SourceError::Host(LookupError::Unknown(target.settings.host.clone())))?;
        Ok(Self { config: tls::config(target)?, name })
    }
}

impl TlsConnect<TcpStream> for Tls {
    type Stream = Secured;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Secured>>;

    fn connect(self, stream: TcpStream) -> Self::Future {
        Box::pin(async move {
            let stream = TlsConnector::from(self.config).connect(self.name, stream).await?;
            Ok(Secured(Framed::new(stream)))
        })
    }
}

/// A stream under TLS.
struct Secured(Framed<tokio_rustls::client::TlsStream<TcpStream>>);

impl TlsStream for Secured {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
