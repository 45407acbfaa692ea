//! The address of a host: looked up once, checked, and connected to.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use shared::model::data_source::Networks;
use shared::store::hosts;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::error::SourceError;
use super::target::Target;

/// How long looking up and connecting may take.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The addresses of the host that may be connected to.
pub(super) async fn addresses(target: &Target, networks: &Networks) -> Result<Vec<SocketAddr>, SourceError> {
    let found = hosts::look_up(networks, &target.settings.host, target.settings.port);
    Ok(timeout(CONNECT_TIMEOUT, found).await.map_err(|_| SourceError::Silent(CONNECT_TIMEOUT))??)
}

/// A connection to the host, and the address that it leads to.
pub(super) async fn connect(
    target: &Target,
    networks: &Networks,
) -> Result<(TcpStream, SocketAddr), SourceError> {
    let connect = async {
        let mut last = SourceError::Closed;
        for address in addresses(target, networks).await? {
            match connect_to(address).await {
                Ok(stream) => return Ok((stream, address)),
                Err(error) => last = error,
            }
        }
        Err(last)
    };
    timeout(CONNECT_TIMEOUT, connect).await.unwrap_or(Err(SourceError::Silent(CONNECT_TIMEOUT)))
}

/// A connection to an address that was checked.
pub(super) async fn connect_to(address: SocketAddr) -> Result<TcpStream, SourceError> {
    let stream = TcpStream::connect(address).await.map_err(|error| of_io(&error, address.port()))?;
    // Statements are small and waited for.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Why the network failed.
pub(super) fn of_io(error: &io::Error, port: u16) -> SourceError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => SourceError::Refused(port),
        io::ErrorKind::TimedOut => SourceError::Silent(CONNECT_TIMEOUT),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => SourceError::Closed,
        kind => SourceError::Network(kind.to_string()),
    }
}
