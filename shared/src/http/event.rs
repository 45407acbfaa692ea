//! From an API Gateway event to a request that cannot break anything.
//!
//! `lambda_http` 1.3 trusts the event: it joins decoded query parameters without encoding them (so `a=%26` becomes
//! two parameters and a space panics), and panics on a host or a base64 body that does not parse. API Gateway passes
//! on much of what a client sends, so the event is put in order first.

use std::collections::HashMap;

use lambda_http::Request;
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::http::header::HOST;
use lambda_http::http::{HeaderMap, HeaderValue, Uri};
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
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

/// The event as a request.
pub fn request(event: &RawValue) -> Result<Request, serde_json::Error> {
    read(event).map(Request::from)
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
            encode_path(&mut event.path);
            event.query_string_parameters = encoded(&event.query_string_parameters);
            event.multi_value_query_string_parameters = encoded(&event.multi_value_query_string_parameters);
            drop_unfit_host(&mut event.headers);
            drop_unfit_host(&mut event.multi_value_headers);
            event.is_base64_encoded &= is_base64(event.body.as_deref());
        }
        LambdaRequest::ApiGatewayV2(event) => {
            encode_path(&mut event.raw_path);
            if let Some(query) = &mut event.raw_query_string {
                *query = utf8_percent_encode(query, NOT_IN_PATH).to_string();
            }
            drop_unfit_host(&mut event.headers);
            event.is_base64_encoded &= is_base64(event.body.as_deref());
        }
        _ => {}
    }
}

fn encode_path(path: &mut Option<String>) {
    if let Some(path) = path {
        *path = utf8_percent_encode(path, NOT_IN_PATH).to_string();
    }
}

/// REST API events hold query parameters decoded; joining them again needs them encoded.
fn encoded(parameters: &QueryMap) -> QueryMap {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in parameters.iter() {
        all.entry(encode(name)).or_default().push(encode(value));
    }
    all.into()
}

fn drop_unfit_host(headers: &mut HeaderMap) {
    let fits = |host: &HeaderValue| {
        host.to_str().is_ok_and(|host| {
            let uri = format!("https://{host}/").parse::<Uri>();
            uri.is_ok_and(|uri| uri.authority().is_some_and(|authority| authority.as_str() == host))
        })
    };
    if !headers.get(HOST).is_none_or(fits) {
        headers.remove(HOST);
    }
}

fn is_base64(body: Option<&str>) -> bool {
    use base64::Engine as _;
    body.is_none_or(|body| base64::engine::general_purpose::STANDARD.decode(body).is_ok())
}
