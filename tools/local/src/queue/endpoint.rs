//! `SendMessage`, as an endpoint that the SDK talks to over
//! [awsJson 1.0](https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Queue;
use super::message::md5;
use crate::server::{Server, without_delay};
use crate::start_error::StartError;

/// How large a message may be, in bytes, and how long it may be delayed, in seconds:
/// [SQS's own limits](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html).
const MAX_BODY_BYTES: usize = 1 << 20;
const MAX_DELAY_SECONDS: u64 = 900;

/// How large a request may be: a body whose every character is escaped, and what is around it.
const MAX_REQUEST_BYTES: usize = 6 * MAX_BODY_BYTES + 4_096;

/// A running SQS, stopped when dropped.
#[derive(Debug)]
pub struct Sqs(Server);

impl Sqs {
    /// Starts with those queues.
    pub fn start(queues: Vec<Queue>) -> Result<Self, StartError> {
        let router = router(queues);
        Server::start("sqs", move |listener, stopped| async move {
            let until_stopped = async {
                let _ = stopped.await;
            };
            let served =
                axum::serve(without_delay(listener), router).with_graceful_shutdown(until_stopped).await;
            if let Err(error) = served {
                eprintln!("the embedded SQS stopped: {error}");
            }
        })
        .map(Self)
        .map_err(|error| StartError(format!("The embedded SQS did not start: {error}.")))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// The URL of a queue.
    pub fn queue_url(&self, queue: &Queue) -> String {
        format!("http://{}/{}", self.address(), queue.path())
    }
}

/// What answers, for those queues.
pub fn router(queues: Vec<Queue>) -> Router {
    let queues: Arc<[Queue]> = queues.into();
    Router::new().route("/", post(call)).layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES)).with_state(queues)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessage {
    queue_url: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u64,
}

async fn call(State(queues): State<Arc<[Queue]>>, headers: HeaderMap, body: String) -> Response {
    if headers.get("x-amz-target").is_none_or(|target| target != "AmazonSQS.SendMessage") {
        return refused(&UNSUPPORTED, "Only SendMessage is there.");
    }
    let request: SendMessage = match serde_json::from_str(&body) {
        Ok(request) => request,
        Err(error) => return refused(&INVALID, &error.to_string()),
    };
    let Some(queue) = queues.iter().find(|queue| request.queue_url.ends_with(&queue.path())) else {
        return refused(&NO_QUEUE, "The specified queue does not exist.");
    };
    if request.message_body.is_empty() || request.message_body.len() > MAX_BODY_BYTES {
        return refused(&INVALID, "MessageBody must have 1 to 1,048,576 bytes.");
    }
    if request.delay_seconds > MAX_DELAY_SECONDS {
        return refused(&INVALID, "DelaySeconds must be 0 to 900.");
    }
    let digest = md5(&request.message_body);
    match queue.send(request.message_body, Duration::from_secs(request.delay_seconds)) {
        Ok(id) => answer(StatusCode::OK, &json!({ "MessageId": id, "MD5OfMessageBody": digest })),
        Err(error) => {
            eprintln!("a message was not saved: {error}");
            answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "__type": "com.amazonaws.sqs#InternalError" }))
        }
    }
}

/// An error: as the protocol names it, and as clients that knew the one before it do, to which the SDK listens.
struct Refusal {
    name: &'static str,
    query_code: &'static str,
}

const INVALID: Refusal =
    Refusal { name: "InvalidParameterValueException", query_code: "InvalidParameterValue" };
const NO_QUEUE: Refusal =
    Refusal { name: "QueueDoesNotExist", query_code: "AWS.SimpleQueueService.NonExistentQueue" };
const UNSUPPORTED: Refusal =
    Refusal { name: "UnsupportedOperation", query_code: "AWS.SimpleQueueService.UnsupportedOperation" };

fn refused(refusal: &Refusal, message: &str) -> Response {
    let body = json!({ "__type": format!("com.amazonaws.sqs#{}", refusal.name), "message": message });
    let query_error = [("x-amzn-query-error", format!("{};Sender", refusal.query_code))];
    (query_error, answer(StatusCode::BAD_REQUEST, &body)).into_response()
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
}
