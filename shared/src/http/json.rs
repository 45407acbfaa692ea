//! Request bodies: JSON objects, read so that every mistake is named by its field.

use axum::body::{Bytes, HttpBody as _};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use deserr::{Deserr, IntoValue as _};
use serde_json::Value;

use crate::error::{Code, Error, Fields, kind_named};

/// The largest body accepted, in bytes. API Gateway would pass on ten times that; no resource of ours needs it.
pub(super) const BODY_MAX_BYTES: usize = 1024 * 1024;

/// A JSON object, read into `T`.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: Deserr<Fields>, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        check_content_type(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(unreadable)?;
        let object = parse_object(&bytes)?;
        deserr::deserialize(object).map(Self).map_err(Error::validation)
    }
}

impl<T: Deserr<Fields>, S: Send + Sync> OptionalFromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    /// `None` when there is no body and no `Content-Type`, as `curl -X POST` sends it.
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Error> {
        if !request.headers().contains_key(CONTENT_TYPE) && request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Error> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json") {
        return Ok(());
    }
    let detail = match sent {
        None => "Send \"Content-Type: application/json\"; this request has no Content-Type.".to_owned(),
        Some(sent) => format!(
            "Send \"Content-Type: application/json\"; this request has {:?}.",
            crate::error::shown(sent)
        ),
    };
    Err(Error::new(Code::UnsupportedMediaType, detail))
}

pub(super) fn unreadable(rejection: BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::new(
            Code::PayloadTooLarge,
            format!("The body must not be larger than {BODY_MAX_BYTES} bytes."),
        );
    }
    Error::new(Code::BadRequest, "The body ended before it was complete.").caused_by(rejection)
}

fn parse_object(bytes: &[u8]) -> Result<Value, Error> {
    let invalid = |detail: String| Error::new(Code::InvalidJson, detail);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(invalid("The body is empty; send a JSON object.".to_owned()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| invalid(format!("The body is not UTF-8 from byte {} on.", error.valid_up_to())))?;
    match serde_json::from_str(text) {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(other) => {
            Err(invalid(format!("The body must be a JSON object, not {}.", kind_named(other.kind()))))
        }
        Err(error) => Err(invalid(format!("The body is not JSON: {error}."))),
    }
}
