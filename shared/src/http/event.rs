//! From an API Gateway event to a request that cannot break anything.
//!
//! `lambda_http` 1.3 trusts the event: it panics on a path, a host or a query that does not make a URI, and on a
//! base64 body that does not decode. API Gateway passes on much of what a client sends, so the event is put in order
//! first. The `Host` header goes: it is the client's to choose, and nothing here may depend on it.

use lambda_http::http::HeaderValue;
use lambda_http::http::header::HOST;
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;
use serde_json::value::RawValue;

/// What may not stand in a path as it is (RFC 3986, section 3.3). `%` may: the path is still encoded.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Reads an event of a REST API (v1) or, as `cargo lambda watch` sends them, of an HTTP API (v2).
pub fn read(event: &RawValue) -> Result<LambdaRequest, serde_json::Error> {
    let mut request = match serde_json::from_str(event.get()) {
        Ok(request) => request,
        Err(_) => serde_json::from_value(without_unfit_headers(serde_json::from_str(event.get())?))?,
    };
    put_in_order(&mut request);
    Ok(request)
}

/// A header value outside visible ASCII makes the whole event unreadable; without it, the request gets its answer.
fn without_unfit_headers(mut event: Value) -> Value {
    let fits = |value: &Value| match value {
        Value::String(text) => HeaderValue::from_str(text).is_ok(),
        Value::Array(texts) => {
            texts.iter().all(|text| text.as_str().is_some_and(|text| HeaderValue::from_str(text).is_ok()))
        }
        _ => false,
    };
    for name in ["headers", "multiValueHeaders"] {
        if let Some(Value::Object(headers)) = event.get_mut(name) {
            headers.retain(|_, value| fits(value));
        }
    }
    event
}

fn put_in_order(request: &mut LambdaRequest) {
    match request {
        LambdaRequest::ApiGatewayV1(event) => {
            // With a stage, `lambda_http` puts it before the path, where no route expects it.
            event.request_context.stage = None;
            encode_path(&mut event.path);
            event.headers.remove(HOST);
            event.multi_value_headers.remove(HOST);
            event.is_base64_encoded = event.is_base64_encoded && is_base64(event.body.as_deref());
        }
        LambdaRequest::ApiGatewayV2(event) => {
            encode_path(&mut event.raw_path);
            if let Some(query) = &mut event.raw_query_string {
                *query = utf8_percent_encode(query, NOT_IN_PATH).to_string();
            }
            event.headers.remove(HOST);
            event.is_base64_encoded = event.is_base64_encoded && is_base64(event.body.as_deref());
        }
        _ => {}
    }
}

fn encode_path(path: &mut Option<String>) {
    if let Some(path) = path {
        let slash = if path.starts_with('/') { "" } else { "/" };
        *path = format!("{slash}{}", utf8_percent_encode(path, NOT_IN_PATH));
    }
}

fn is_base64(body: Option<&str>) -> bool {
    use base64::Engine as _;
    body.is_none_or(|body| base64::engine::general_purpose::STANDARD.decode(body).is_ok())
}
