//! Calls to AWS that are signed and sent without the service's SDK.
//!
//! A function that answers requests needs a link to S3, an object of it, and one call of SQS. The SDKs make a binary 1.2 MB larger for
//! these three, zipped, and a small function may have 3 MB (docs/performance.md). Jobs, which do more with files, use the SDK for
//! those; schedules, mail and roles are four calls.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use axum::http::{Request, StatusCode};
use serde::Deserialize;

use crate::base::error::excerpt;
use crate::store::StoreError;
use crate::store::aws::Settings;
use crate::store::backoff::Backoff;

/// How long one attempt may take, answer included, and how long all of them together.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(2);
const CALL_LIMIT: Duration = Duration::from_millis(2_400);

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const ATTEMPTS: u32 = 3;

/// A service, as signatures name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    S3,
    Sqs,
    Scheduler,
    Ses,
    Sts,
}

/// Signs requests to one service.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    service: Service,
    region: String,
    credentials: Credentials,
    connector: SharedHttpConnector,
}

/// What a service answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    /// The name of an error, where the service says it in a header.
    error_type: Option<String>,
}

impl Signer {
    pub(super) fn new(service: Service, settings: &Settings, connector: SharedHttpConnector) -> Self {
        let Settings { region, credentials, .. } = settings;
        Self { service, region: region.clone(), credentials: credentials.clone(), connector }
    }

    /// The URL with a signature in it that is good for that long, for a request with exactly these headers and any body.
    pub(super) fn link(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        good_for: Duration,
    ) -> Result<String, StoreError> {
        let mut settings = self.settings();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(good_for);
        let instructions = self.sign(method, url, headers, SignableBody::UnsignedPayload, settings)?;
        let mut request = Request::builder().method(method).uri(url).body(()).map_err(unfit)?;
        instructions.apply_to_request_http1x(&mut request);
        Ok(request.uri().to_string())
    }

    /// Sends a request that may be repeated, and does so while that may help.
    pub(super) async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, StoreError> {
        let mut backoff = Backoff::new(FIRST_PAUSE, CALL_LIMIT);
        let mut attempts = 1;
        loop {
            let attempt = self.attempt(method, url, headers, body);
            let answered = match tokio::time::timeout(ATTEMPT_LIMIT, attempt).await {
                Ok(answered) => answered,
                Err(elapsed) => Err(StoreError::Unavailable(elapsed.into())),
            };
            match answered.and_then(Answer::for_good) {
                Err(StoreError::Unavailable(_)) if attempts < ATTEMPTS && backoff.pause().await => {
                    attempts += 1;
                }
                answered => return answered,
            }
        }
    }

    /// Sends a request once, for at most that long, answer included. The answer may be any.
    pub(super) async fn send_once(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        limit: Duration,
    ) -> Result<Answer, StoreError> {
        let attempt = self.attempt(method, url, headers, body);
        tokio::time::timeout(limit, attempt)
            .await
            .map_err(|elapsed| StoreError::Unavailable(elapsed.into()))?
    }

    async fn attempt(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, StoreError> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(SdkBody::from(body)).map_err(unfit)?;
        let signed = self.sign(method, url, headers, SignableBody::Bytes(body), self.settings())?;
        signed.apply_to_request_http1x(&mut request);
        let response = self.connector.call(HttpRequest::try_from(request).map_err(unfit)?).await;
        let response = response.map_err(|error| StoreError::Unavailable(error.into()))?;
        let status = StatusCode::from_u16(response.status().as_u16()).map_err(unfit)?;
        let length = response.headers().get("content-length").and_then(|length| length.parse::<usize>().ok());
        let error_type = response.headers().get("x-amzn-errortype").map(str::to_owned);
        let body = ByteStream::new(response.into_body()).collect().await;
        let body = body.map_err(|error| StoreError::Unavailable(error.into()))?.to_vec();
        if length.is_some_and(|length| length != body.len()) {
            return Err(StoreError::Unavailable("the answer ended in its middle".into()));
        }
        Ok(Answer { status, body, error_type })
    }

    fn sign(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: SignableBody<'_>,
        settings: SigningSettings,
    ) -> Result<SigningInstructions, StoreError> {
        let identity = Identity::from(self.credentials.clone());
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(match self.service {
                Service::S3 => "s3",
                Service::Sqs => "sqs",
                Service::Scheduler => "scheduler",
                Service::Ses => "ses",
                Service::Sts => "sts",
            })
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .map_err(unfit)?
            .into();
        let request = SignableRequest::new(method, url, headers.iter().copied(), body).map_err(unfit)?;
        Ok(sign(request, &params).map_err(unfit)?.into_parts().0)
    }

    /// [S3 signs in a way of its own](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html): paths are taken as
    /// they are, and the body's digest is a header.
    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.service == Service::S3 {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        settings
    }
}

impl Answer {
    /// The answer, unless another attempt may have a better one.
    fn for_good(self) -> Result<Self, StoreError> {
        if self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(StoreError::Unavailable(self.told().into()));
        }
        Ok(self)
    }

    /// The name of the error: in a header, or in the body
    /// ([REST-JSON](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization)).
    pub(super) fn error_name(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Error {
            #[serde(rename = "__type", alias = "code")]
            name: String,
        }

        let in_body = || serde_json::from_slice(&self.body).ok().map(|Error { name }| name);
        let name = self.error_type.clone().or_else(in_body)?;
        // Some put a namespace before it or a URL after it.
        let name = name.split(':').next()?;
        Some(name.rsplit('#').next()?.to_owned())
    }

    /// What the error says, where it says something: at most 300 characters.
    pub(super) fn error_message(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Error {
            #[serde(alias = "Message")]
            message: String,
        }

        let Error { message } = serde_json::from_slice(&self.body).ok()?;
        Some(message.chars().take(300).collect())
    }

    /// What the log is told of a refusal: services do not repeat what they were sent.
    pub(super) fn told(&self) -> String {
        format!("{}: {}", self.status, excerpt(&String::from_utf8_lossy(&self.body)))
    }

    /// The body, if the call succeeded.
    pub(super) fn succeeded(self) -> Result<Vec<u8>, StoreError> {
        if self.status.is_success() { Ok(self.body) } else { Err(StoreError::Refused(self.told().into())) }
    }
}

/// A request that lacks a part: a mistake of ours.
fn unfit(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Refused(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_named_wherever_the_service_says_it() {
        let answer = |header: Option<&str>, body: &str| Answer {
            status: StatusCode::BAD_REQUEST,
            body: body.as_bytes().to_vec(),
            error_type: header.map(str::to_owned),
        };
        for (header, body, name) in [
            (Some("ConflictException"), "{}", Some("ConflictException")),
            (Some("ConflictException:http://internal.amazon.com/"), "{}", Some("ConflictException")),
            (None, r#"{"__type":"com.amazonaws.ses#MessageRejected"}"#, Some("MessageRejected")),
            (None, r#"{"code":"MessageRejected","message":"no"}"#, Some("MessageRejected")),
            (None, "<html>", None),
            (None, "", None),
        ] {
            assert_eq!(answer(header, body).error_name().as_deref(), name, "{body}");
        }
    }
}
