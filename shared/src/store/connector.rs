//! How calls to AWS get there: HTTP/1.1 over TLS.
//!
//! The SDK's own connector would bring HTTP/2 and proxies along, which nothing here speaks: a twentieth of a function.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use axum::http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{self, Client, connect};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tower::Service;

use crate::store::dns::Resolver;

/// How long connecting may take: the look-up of the name and the TLS handshake, too.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Certificates that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the certificates of authorities cannot be read")]
pub struct UnreadableRoots(#[source] Box<dyn Error + Send + Sync>);

/// Connects with whoever has a certificate of these authorities (PEM), and speaks plain HTTP to an `http://` endpoint. Connections are
/// kept for further calls.
pub(super) fn connector(roots: &[&[u8]]) -> Result<SharedHttpConnector, UnreadableRoots> {
    let tls = tls(roots).map_err(UnreadableRoots)?;
    let mut tcp = connect::HttpConnector::new_with_resolver(Resolver::default());
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connect = Connect(HttpsConnector::from((tcp, tls)));
    // Without a timer, connections that are idle stay in the pool for ever.
    let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connect);
    Ok(SharedHttpConnector::new(Http(client)))
}

fn tls(roots: &[&[u8]]) -> Result<ClientConfig, Box<dyn Error + Send + Sync>> {
    let mut store = RootCertStore::empty();
    for certificate in roots.iter().flat_map(|roots| CertificateDer::pem_slice_iter(roots)) {
        store.add(certificate?)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(store).with_no_client_auth())
}

/// Makes the SDK's calls.
#[derive(Clone, Debug)]
struct Http(Client<Connect, SdkBody>);

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(failure)?;
            let answer = HttpResponse::try_from(answer.map(SdkBody::from_body_1_x));
            answer.map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// What kind of failure it is: the SDK tries again what the network or time is to blame for.
fn failure(error: legacy::Error) -> ConnectorError {
    let broken =
        |error: &hyper::Error| error.is_closed() || error.is_canceled() || error.is_incomplete_message();
    if cause::<Elapsed>(&error).is_some() {
        ConnectorError::timeout(error.into())
    } else if error.is_connect()
        || cause::<io::Error>(&error).is_some()
        || cause::<hyper::Error>(&error).is_some_and(broken)
    {
        ConnectorError::io(error.into())
    } else {
        ConnectorError::other(error.into(), None)
    }
}

/// The first cause of that type.
fn cause<'a, T: Error + 'static>(mut error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    loop {
        match error.downcast_ref() {
            Some(found) => return Some(found),
            None => error = error.source()?,
        }
    }
}

/// Opens connections, within [`CONNECT_TIMEOUT`].
#[derive(Clone, Debug)]
struct Connect(HttpsConnector<connect::HttpConnector<Resolver>>);

type Stream = <HttpsConnector<connect::HttpConnector<Resolver>> as Service<Uri>>::Response;

impl Service<Uri> for Connect {
    type Response = Stream;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let opening = self.0.call(uri);
        Box::pin(async { timeout(CONNECT_TIMEOUT, opening).await? })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// What a call comes to whose connection is treated so.
    async fn call<F>(
        scheme: &str,
        treat: impl Fn(TcpStream) -> F + Send + 'static,
    ) -> Result<u16, ConnectorError>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("{scheme}://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(treat(stream));
            }
        });
        ask(&url).await
    }

    async fn ask(url: &str) -> Result<u16, ConnectorError> {
        let request = HttpRequest::get(url).unwrap();
        connector(&[]).unwrap().call(request).await.map(|answer| answer.status().as_u16())
    }

    #[tokio::test]
    async fn a_call_without_tls_is_answered() {
        let answer = |mut stream: TcpStream| async move {
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        };
        assert_eq!(call("http", answer).await.unwrap(), 204);
    }

    #[tokio::test]
    async fn what_the_network_is_to_blame_for_is_tried_again() {
        let nowhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
        assert!(ask(&format!("http://{nowhere}/")).await.unwrap_err().is_io());
        assert!(ask("http://no-such-host.invalid/").await.unwrap_err().is_io());
        for scheme in ["http", "https"] {
            let ends = |mut stream: TcpStream| async move {
                let _ = stream.read(&mut [0; 1024]).await;
            };
            assert!(call(scheme, ends).await.unwrap_err().is_io(), "{scheme}");
        }
        let breaks_off = |mut stream: TcpStream| async move {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 O").await;
        };
        assert!(call("http", breaks_off).await.unwrap_err().is_io());
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_that_does_not_come_to_an_end_is_given_up() {
        let silent = |stream: TcpStream| async move {
            let _stream = stream;
            std::future::pending::<()>().await;
        };
        let before = tokio::time::Instant::now();
        assert!(call("https", silent).await.unwrap_err().is_timeout());
        assert!(before.elapsed() < CONNECT_TIMEOUT * 2);
    }

    #[test]
    fn certificates_that_are_none_are_refused() {
        let none = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(connector(&[none.as_bytes()]).is_err());
    }
}
