//! TLS before the embedded stores, which speak plain HTTP: functions must make the handshake that they make on AWS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rcgen::CertifiedKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::AnyError;

/// A certificate for localhost.
pub(crate) struct Certificate {
    acceptor: TlsAcceptor,
    /// What a client must trust.
    pub(crate) pem: String,
}

impl Certificate {
    pub(crate) fn new() -> Result<Self, AnyError> {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), pem: cert.pem() })
    }

    /// Serves what is at `upstream` over TLS, each answer held back for `delay`. Returns the URL.
    pub(crate) async fn serve(&self, upstream: SocketAddr, delay: Duration) -> Result<String, AnyError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("https://localhost:{}", listener.local_addr()?.port());
        let acceptor = self.acceptor.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                // A connection ends when either side has had enough of it.
                tokio::spawn(async move { forward(acceptor, client, upstream, delay).await.ok() });
            }
        });
        Ok(url)
    }
}

async fn forward(
    acceptor: TlsAcceptor,
    client: TcpStream,
    upstream: SocketAddr,
    delay: Duration,
) -> Result<(), AnyError> {
    client.set_nodelay(true)?;
    let (mut from_client, mut to_client) = tokio::io::split(acceptor.accept(client).await?);
    let upstream = TcpStream::connect(upstream).await?;
    upstream.set_nodelay(true)?;
    let (mut from_store, mut to_store) = upstream.into_split();
    let requests = tokio::io::copy(&mut from_client, &mut to_store);
    let answers = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = from_store.read(&mut buffer).await?;
            if length == 0 {
                return Ok::<_, std::io::Error>(());
            }
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            to_client.write_all(&buffer[..length]).await?;
            to_client.flush().await?;
        }
    };
    tokio::select! {
        ended = requests => ended.map(drop)?,
        ended = answers => ended?,
    }
    Ok(())
}
