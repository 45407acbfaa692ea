//! Connecting to a host: to an address that was checked, over TLS.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use shared::model::data_source::Networks;
use shared::store::hosts::{self, LookupError};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::web::{Location, Patience, Trouble, Trust};

/// A connection that requests can be sent over.
pub(crate) type Connection = SendRequest<Empty<Bytes>>;

/// Connects to the host of a location.
pub(crate) async fn connect(
    trust: &Trust,
    networks: &Networks,
    patience: &Patience,
    location: &Location,
) -> Result<Connection, Trouble> {
    let connecting = async {
        let (host, port) = (location.host(), location.port());
        let addresses = hosts::look_up(networks, host, port).await.map_err(|error| match error {
            LookupError::Unknown(_) => Trouble::passing(error.to_string()),
            LookupError::Refused(_) => Trouble::Lasting(error.to_string()),
        })?;
        let stream = open(&addresses, location).await?;
        let stream = secure(trust, stream, location).await?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|_| Trouble::passing(format!("{} does not speak HTTP.", location.authority())))?;
        tokio::spawn(async move {
            // What goes wrong is told to whoever waits for the answer.
            let _ = connection.await;
        });
        Ok(sender)
    };
    timeout(patience.connect, connecting).await.unwrap_or_else(|_| {
        let seconds = patience.connect.as_secs();
        Err(Trouble::passing(format!(
            "{} could not be connected to within {seconds} s.",
            location.authority()
        )))
    })
}

/// Connects to the first of the addresses that takes a connection.
async fn open(addresses: &[SocketAddr], location: &Location) -> Result<TcpStream, Trouble> {
    let mut failed = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = Some(error),
        }
    }
    let why = failed.map_or_else(|| "no address".to_owned(), |error| error.kind().to_string());
    Err(Trouble::passing(format!("{} could not be connected to: {why}.", location.authority())))
}

async fn secure(
    trust: &Trust,
    stream: TcpStream,
    location: &Location,
) -> Result<TlsStream<TcpStream>, Trouble> {
    let host = location.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host)
        .map_err(|_| Trouble::Lasting(format!("{} is no name that certificates have.", location.host())))?;
    trust.connector().connect(name, stream).await.map_err(|error| {
        let reason = format!("{} has no trustworthy TLS connection: {error}.", location.authority());
        // Of a certificate that is not accepted, another attempt does not make a better one.
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
        let is_certificate = matches!(cause, Some(rustls::Error::InvalidCertificate(_)));
        if is_certificate { Trouble::Lasting(reason) } else { Trouble::passing(reason) }
    })
}
