//! HTTPS servers of the tests' own, with certificates of an authority of their own: what they answer, a test says, down to the last byte.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

use engine::web::Trust;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};
use tokio_rustls::server::TlsStream;

/// The authority that jobs under test trust, and no other.
static AUTHORITY: LazyLock<CertifiedIssuer<'static, KeyPair>> = LazyLock::new(authority);

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// Trusts the tests' authority, and no other.
pub fn trust() -> Trust {
    Trust::only(AUTHORITY.der().clone()).expect("a root")
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The path and the query.
    pub target: String,
    /// The headers, with lowercase names.
    pub headers: BTreeMap<String, String>,
}

/// What is answered.
#[derive(Clone, Debug)]
pub enum Answered {
    /// These bytes, and the connection stays.
    Bytes(Vec<u8>),
    /// These bytes, and the connection ends.
    Last(Vec<u8>),
    /// These bytes, and then others without end.
    Endless(Vec<u8>),
    /// These bytes, and then nothing, and the connection stays.
    Hang(Vec<u8>),
}

/// An answer of this status, with these headers and this body.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answered {
    let mut head = format!("HTTP/1.1 {status} Some Reason\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    Answered::Bytes(format!("{head}\r\n{body}").into_bytes())
}

/// JSON.
pub fn json(body: &Value) -> Answered {
    answer(200, &[("content-type", "application/json")], &body.to_string())
}

/// What answers a request.
type Script = dyn FnMut(&Asked) -> Answered + Send;

/// A running server. It ends with the test's runtime.
#[derive(Clone)]
pub struct HttpsServer(Arc<Inner>);

struct Inner {
    port: u16,
    script: Mutex<Box<Script>>,
    asked: Mutex<Vec<Asked>>,
}

impl fmt::Debug for HttpsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpsServer({})", self.0.port)
    }
}

impl HttpsServer {
    /// Starts one on a free port, with a certificate for `localhost`.
    pub async fn start(script: impl FnMut(&Asked) -> Answered + Send + 'static) -> Self {
        Self::start_as("localhost", &AUTHORITY, script).await
    }

    /// Starts one with a certificate for another name.
    pub async fn start_named(name: &str, script: impl FnMut(&Asked) -> Answered + Send + 'static) -> Self {
        Self::start_as(name, &AUTHORITY, script).await
    }

    /// Starts one with a certificate of an authority that nobody trusts.
    pub async fn start_untrusted(script: impl FnMut(&Asked) -> Answered + Send + 'static) -> Self {
        Self::start_as("localhost", &authority(), script).await
    }

    async fn start_as(
        name: &str,
        authority: &CertifiedIssuer<'static, KeyPair>,
        script: impl FnMut(&Asked) -> Answered + Send + 'static,
    ) -> Self {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate: CertificateDer<'static> =
            params.signed_by(&key, authority).expect("a certificate").der().clone();
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let inner = Inner { port, script: Mutex::new(Box::new(script)), asked: Mutex::default() };
        let server = Self(Arc::new(inner));
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, acceptor) = (serving.clone(), acceptor.clone());
                tokio::spawn(async move { server.serve(acceptor, stream).await });
            }
        });
        server
    }

    /// A URL of it.
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.0.port)
    }

    /// What was asked since the last time.
    pub fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.0.asked.lock().expect("no panic"))
    }

    /// Answers otherwise from now on.
    pub fn change(&self, script: impl FnMut(&Asked) -> Answered + Send + 'static) {
        *self.0.script.lock().expect("no panic") = Box::new(script);
    }

    async fn serve(&self, acceptor: TlsAcceptor, stream: TcpStream) {
        // Who does not trust the certificate ends the connection.
        let Ok(mut stream) = acceptor.accept(stream).await else { return };
        while let Some(asked) = read(&mut stream).await {
            self.0.asked.lock().expect("no panic").push(asked.clone());
            let answered = (self.0.script.lock().expect("no panic"))(&asked);
            if !write(&mut stream, answered).await {
                return;
            }
        }
    }
}

async fn read(stream: &mut TlsStream<TcpStream>) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).expect("an ASCII head");
    let mut lines = head.lines();
    let target = lines.next()?.split(' ').nth(1)?.to_owned();
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    Some(Asked { target, headers: lines.filter_map(header).collect() })
}

/// Whether the connection stays.
async fn write(stream: &mut TlsStream<TcpStream>, answered: Answered) -> bool {
    let (bytes, then) = match &answered {
        Answered::Bytes(bytes) | Answered::Last(bytes) | Answered::Endless(bytes) | Answered::Hang(bytes) => {
            (bytes, &answered)
        }
    };
    // Who had enough ends the connection.
    if stream.write_all(bytes).await.is_err() || stream.flush().await.is_err() {
        return false;
    }
    match then {
        Answered::Bytes(_) => true,
        Answered::Last(_) => {
            let _ = stream.shutdown().await;
            false
        }
        Answered::Endless(_) => {
            while stream.write_all(&[b' '; 4_096]).await.is_ok() {}
            false
        }
        Answered::Hang(_) => std::future::pending().await,
    }
}
