//! `SendEmail` of SES's second API, over [restJson1](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).

use std::net::SocketAddr;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Outbox, REFUSED_DOMAIN};
use crate::server::{Server, without_delay};
use crate::start_error::StartError;

/// How large a message may be, in bytes ([quotas](https://docs.aws.amazon.com/ses/latest/dg/quotas.html#quotas-message)), and a request
/// that has one in base64.
const MAX_MESSAGE_BYTES: usize = 40 << 20;
const MAX_REQUEST_BYTES: usize = MAX_MESSAGE_BYTES / 3 * 4 + (1 << 20);

/// How many recipients a message may have.
const MAX_RECIPIENTS: usize = 50;

/// A running SES, stopped when dropped.
#[derive(Debug)]
pub struct Ses(Server);

impl Ses {
    /// Starts with that outbox.
    pub fn start(outbox: Outbox) -> Result<Self, StartError> {
        let router = router(outbox);
        Server::start("ses", move |listener, stopped| async move {
            let until_stopped = async {
                let _ = stopped.await;
            };
            let served =
                axum::serve(without_delay(listener), router).with_graceful_shutdown(until_stopped).await;
            if let Err(error) = served {
                eprintln!("the embedded SES stopped: {error}");
            }
        })
        .map(Self)
        .map_err(|error| StartError(format!("The embedded SES did not start: {error}.")))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

/// What answers, for that outbox.
pub fn router(outbox: Outbox) -> Router {
    let send = post(send).layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES));
    Router::new().route("/v2/email/outbound-emails", send).with_state(outbox)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SendEmail {
    from_email_address: Option<String>,
    destination: Destination,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Destination {
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Content {
    raw: Raw,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Raw {
    data: String,
}

async fn send(State(outbox): State<Outbox>, body: String) -> Response {
    let request: SendEmail = match serde_json::from_str(&body) {
        Ok(request) => request,
        Err(error) => return refused("BadRequestException", &error.to_string()),
    };
    let message = match BASE64_STANDARD.decode(&request.content.raw.data) {
        Ok(message) if message.len() <= MAX_MESSAGE_BYTES => message,
        Ok(_) => return refused("MessageRejected", "Message length is more than 41943040 bytes long."),
        Err(error) => return refused("BadRequestException", &error.to_string()),
    };
    let recipients = request.destination.to_addresses;
    if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
        return refused("BadRequestException", "There must be 1 to 50 recipients.");
    }
    let addresses = recipients.iter().chain(&request.from_email_address);
    if let Some(address) = addresses.clone().find(|address| !is_address(address)) {
        return refused(
            "BadRequestException",
            &format!("Local address contains control or whitespace, or is missing: {address:?}"),
        );
    }
    if !has_sender(&message) {
        return refused("BadRequestException", "Missing required header 'From'.");
    }
    if recipients.iter().any(|address| address.ends_with(&format!("@{REFUSED_DOMAIN}"))) {
        return refused("MessageRejected", "Address is on the suppression list.");
    }
    match outbox.put(recipients, &message) {
        Ok(()) => Json(json!({ "MessageId": Uuid::new_v4() })).into_response(),
        Err(error) => {
            eprintln!("a message was not put into the outbox: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether SES takes the address: without a name, in ASCII.
fn is_address(address: &str) -> bool {
    let parts = address.rsplit_once('@');
    let is_fit = |c: char| c.is_ascii_graphic() && !"<>(),;:\"[]\\@".contains(c);
    parts.is_some_and(|(local, domain)| {
        [local, domain].iter().all(|part| !part.is_empty() && part.chars().all(is_fit))
    })
}

/// Whether there is a `From` among the headers.
fn has_sender(message: &[u8]) -> bool {
    let lines = message.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    let mut names = lines.filter_map(|line| line.get(..5));
    names.any(|name| name.eq_ignore_ascii_case(b"from:"))
}

fn refused(name: &str, message: &str) -> Response {
    let error_type = [("x-amzn-errortype", name.to_owned())];
    (StatusCode::BAD_REQUEST, error_type, Json(json!({ "message": message }))).into_response()
}
