//! Lambda's runtime API ([its specification](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)), as far as a
//! function asks for it: the next event, and a place for its answer.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

use crate::AnyError;

/// The runtime API of one instance.
pub(crate) struct RuntimeApi {
    pub(crate) address: SocketAddr,
    events: mpsc::Sender<String>,
    happened: mpsc::Receiver<Happened>,
    server: tokio::task::JoinHandle<()>,
}

/// What the instance did, and when.
enum Happened {
    AskedForAnEvent(Instant),
    Answered(Instant, Bytes),
    Failed(Bytes),
}

struct Shared {
    events: Mutex<mpsc::Receiver<String>>,
    happened: mpsc::Sender<Happened>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> Result<Self, AnyError> {
        let (events, events_receiver) = mpsc::channel(1);
        let (happened_sender, happened) = mpsc::channel(4);
        let shared = Arc::new(Shared { events: Mutex::new(events_receiver), happened: happened_sender });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(failed))
            .with_state(shared);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // Ends with the process, or when it is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, events, happened, server })
    }

    /// When the instance asked for its next event.
    pub(crate) async fn ready(&mut self) -> Result<Instant, AnyError> {
        match self.happened.recv().await {
            Some(Happened::AskedForAnEvent(at)) => Ok(at),
            Some(Happened::Failed(why)) => Err(String::from_utf8_lossy(&why).into()),
            _ => Err("an answer to nothing".into()),
        }
    }

    /// Hands over an event; when it was answered, and how.
    pub(crate) async fn invoke(&mut self, event: String) -> Result<(Instant, Value), AnyError> {
        self.events.send(event).await?;
        match self.happened.recv().await {
            Some(Happened::Answered(at, answer)) => Ok((at, serde_json::from_slice(&answer)?)),
            Some(Happened::Failed(why)) => Err(String::from_utf8_lossy(&why).into()),
            _ => Err("no answer".into()),
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    // Fails when nobody measures any more.
    let _ = shared.happened.send(Happened::AskedForAnEvent(Instant::now())).await;
    let event = shared.events.lock().await.recv().await.unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", (now + 10_000).to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:bench".to_owned(),
        ),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event)
}

async fn answered(State(shared): State<Arc<Shared>>, answer: Bytes) -> StatusCode {
    let _ = shared.happened.send(Happened::Answered(Instant::now(), answer)).await;
    StatusCode::ACCEPTED
}

async fn failed(State(shared): State<Arc<Shared>>, why: Bytes) -> StatusCode {
    let _ = shared.happened.send(Happened::Failed(why)).await;
    StatusCode::ACCEPTED
}
