//! Mail, by way of SES.
//!
//! A message whose answer was lost may have been sent, so it is not sent again here: who asks decides, and knows by the error.

mod address;
mod message;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

pub use self::address::Mailbox;
pub use self::message::{Attachment, Message};
use crate::base::error::Invalid;
use crate::store::StoreError;
use crate::store::aws::{self, Settings, optional_variable};
use crate::store::error::never_connected;
use crate::store::signed_request::{Answer, Service, Signer};

/// How long one attempt may take: a message of 10 MB is sent and answered within it also over a slow connection.
const SEND_LIMIT: Duration = Duration::from_secs(30);

/// How long to wait after each throttled attempt, at most: SES counts by the second.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1)];

/// Sends mail from one address. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mail(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    signer: Signer,
    url: String,
    from: Mailbox,
}

type Cause = Box<dyn StdError + Send + Sync>;

/// A message that was not sent, as far as is known.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It cannot be sent to this recipient, now or later.
    #[error("the message is refused: {0}")]
    Refused(String),
    /// Nothing can be sent until somebody changes the account's settings: it is paused, in the sandbox, or may not send from that
    /// address.
    #[error("sending is not allowed: {0}")]
    NotAllowed(String),
    /// It was not sent: throttled, not connected, or failed on the other side. Trying again later may help.
    #[error("mail is unavailable")]
    Unavailable(#[source] Cause),
    /// There was no answer: it may have been sent. Trying again may send it twice.
    #[error("it is not known whether the message was sent")]
    Unconfirmed(#[source] Cause),
}

impl MailError {
    /// Whether trying again later is right: it may help, and sends nothing twice.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail<'a> {
    from_email_address: &'a str,
    destination: Destination<'a>,
    content: Content,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination<'a> {
    to_addresses: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    raw: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    /// The whole message, in base64.
    data: String,
}

impl Mail {
    /// Sends from that address.
    pub fn new(settings: &Settings, connector: SharedHttpConnector, from: Mailbox) -> Self {
        let Settings { region, ses_endpoint, .. } = settings;
        let endpoint = ses_endpoint.clone();
        let endpoint = endpoint.unwrap_or_else(|| format!("https://email.{region}.{}", aws::domain(region)));
        let url = format!("{endpoint}/v2/email/outbound-emails");
        Self(Arc::new(Parts { signer: Signer::new(Service::Ses, settings, connector), url, from }))
    }

    /// Sends from the address in `MAIL_FROM`: `reports@example.com` or `Reports <reports@example.com>`. Without it, no mail is sent.
    pub fn from_env(settings: &Settings, connector: SharedHttpConnector) -> Result<Option<Self>, Invalid> {
        let from = optional_variable("MAIL_FROM").map(|from| Mailbox::parse(&from)).transpose()?;
        Ok(from.map(|from| Self::new(settings, connector, from)))
    }

    /// Sends the message. Where it is throttled, it is tried again for some two seconds; one attempt takes at most 30.
    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        let Parts { signer, url, from } = &*self.0;
        let to = message.to.for_smtp().map_err(|error| MailError::Refused(error.to_string()))?;
        let sender = from.for_smtp().map_err(|error| MailError::NotAllowed(error.to_string()))?;
        let request = SendEmail {
            from_email_address: &sender,
            destination: Destination { to_addresses: [&to] },
            content: Content {
                raw: Raw { data: BASE64_STANDARD.encode(message.to_mime(from, &sender, &to)) },
            },
        };
        let body = serde_json::to_vec(&request).map_err(|error| MailError::Refused(error.to_string()))?;
        let mut pauses = PAUSES.iter();
        loop {
            let headers = [("content-type", "application/json")];
            let answer = signer.send_once("POST", url, &headers, &body, SEND_LIMIT).await;
            match (answer.map_err(lost)?, pauses.next()) {
                (answer, Some(pause)) if is_throttled(&answer) => {
                    tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
                }
                (answer, _) => return sent(&answer),
            }
        }
    }
}

fn lost(error: StoreError) -> MailError {
    match error {
        StoreError::Unavailable(cause) if never_connected(&*cause) => MailError::Unavailable(cause),
        StoreError::Unavailable(cause) => MailError::Unconfirmed(cause),
        // It could not be put together.
        error => MailError::Refused(error.to_string()),
    }
}

fn is_throttled(answer: &Answer) -> bool {
    answer.status == StatusCode::TOO_MANY_REQUESTS
        || matches!(
            answer.error_name().as_deref(),
            Some("TooManyRequestsException" | "ThrottlingException" | "Throttling")
        )
}

/// What SES's answer means ([errors of `SendEmail`](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors)).
fn sent(answer: &Answer) -> Result<(), MailError> {
    if answer.status.is_success() {
        return Ok(());
    }
    let told = answer.error_message().unwrap_or_else(|| answer.told());
    if is_throttled(answer) || answer.status.is_server_error() {
        return Err(MailError::Unavailable(told.into()));
    }
    Err(match answer.error_name().as_deref() {
        // A quota of the account's.
        Some("LimitExceededException") => MailError::Unavailable(told.into()),
        // In the sandbox, it says so of recipients as well.
        Some("MessageRejected") if told.contains("not verified") => MailError::NotAllowed(told),
        Some("MessageRejected" | "BadRequestException") => MailError::Refused(told),
        // Paused, suspended, not verified, no permission.
        _ => MailError::NotAllowed(told),
    })
}
