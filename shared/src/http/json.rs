//! Request bodies: JSON objects, read so that every mistake is named by its field.

use std::time::Duration;

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use deserr::{Deserr, IntoValue as _};
use serde_json::{Number, Value};

use super::input::Input;
use crate::base::error::{excerpt, kind_name};
use crate::base::{Code, Error, Fields};

/// The largest body accepted, in bytes. API Gateway would pass on ten times that; no resource of ours needs it.
pub(crate) const BODY_MAX_BYTES: usize = 1024 * 1024;

/// How long a client may take to send a body. Less than a request may take, so that it is the client who is told to hurry.
/// API Gateway has the whole body before it calls a function; a server that a client connects to has not.
const BODY_TIMEOUT: Duration = Duration::from_secs(4);

/// A JSON object, read into `T`.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T> Input for JsonBody<T> {}

impl<T> Input for Option<JsonBody<T>> {}

impl<T: Deserr<Fields>, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        deserr::deserialize(read_object(request).await?).map(Self).map_err(Error::validation)
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

/// The body as a JSON object.
pub(super) async fn read_object(request: Request) -> Result<Value, Error> {
    check_content_type(request.headers())?;
    parse_object(&read_body(request).await?)
}

/// The whole body, if it comes in time and is not too large.
pub(crate) async fn read_body(request: Request) -> Result<Bytes, Error> {
    let body = tokio::time::timeout(BODY_TIMEOUT, Bytes::from_request(request, &())).await;
    let seconds = BODY_TIMEOUT.as_secs();
    let body = body.map_err(|_| {
        Error::new(
            Code::RequestTimeout,
            format!("The body was not complete within {seconds} seconds: send it again."),
        )
    })?;
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(
            Code::PayloadTooLarge,
            format!("The body must not be larger than {BODY_MAX_BYTES} bytes."),
        ),
        _ => Error::new(Code::RequestTimeout, "The body ended before it was complete: send it again.")
            .caused_by(rejection),
    })
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Error> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json") {
        return Ok(());
    }
    let detail = match sent {
        None => "Send \"Content-Type: application/json\"; this request has no Content-Type.".to_owned(),
        Some(sent) => {
            format!("Send \"Content-Type: application/json\"; this request has {:?}.", excerpt(sent))
        }
    };
    Err(Error::new(Code::UnsupportedMediaType, detail))
}

fn parse_object(bytes: &[u8]) -> Result<Value, Error> {
    let invalid = |detail: String| Error::new(Code::InvalidJson, detail);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(invalid("The body is empty; send a JSON object.".to_owned()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| invalid(format!("The body is not UTF-8 from byte {} on.", error.valid_up_to())))?;
    match serde_json::from_str(text) {
        Ok(mut object @ Value::Object(_)) => {
            make_whole_numbers_integers(&mut object);
            Ok(object)
        }
        Ok(other) => {
            Err(invalid(format!("The body must be a JSON object, not {}.", kind_name(other.kind()))))
        }
        Err(error) => Err(invalid(format!("The body is not JSON: {error}."))),
    }
}

/// The largest integer up to which a 64-bit float tells all integers apart: 2^53.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Makes integers of numbers like `368.0` and `1e3`: to JSON Schema, and to clients whose numbers are all floats, they are the
/// same.
fn make_whole_numbers_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number
                .as_f64()
                .filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() <= MAX_EXACT);
            if let Some(float) = whole {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 2^53 fits")]
                let integer = float as i64;
                *number = Number::from(integer);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_whole_numbers_integers),
        Value::Object(members) => members.values_mut().for_each(make_whole_numbers_integers),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        let read =
            |text: &str| parse_object(format!(r#"{{"n": [{text}]}}"#).as_bytes()).unwrap()["n"][0].clone();
        for (text, expected) in [
            ("368.0", json!(368)),
            ("3.68e2", json!(368)),
            ("-1.0", json!(-1)),
            ("-0.0", json!(0)),
            ("9007199254740992.0", json!(9_007_199_254_740_992_i64)),
            ("18446744073709551615", json!(u64::MAX)),
            ("0.5", json!(0.5)),
            ("1e300", json!(1e300)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
