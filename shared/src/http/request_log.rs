//! One log line per request, and the headers that every response carries.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::{RequestContext, canonical};
use crate::App;
use crate::error::Report;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs the request, then logs its route (never its path or query, which may hold what should not be kept), its
/// outcome and, for an error, its cause.
pub(super) async fn log(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let context = RequestContext::of(&request, app.config.public_base_url.as_deref());
    let request_id = context.request_id.clone();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| canonical(path.as_str()));
    request.extensions_mut().insert(context);

    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, request_id.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));

    let report = response.extensions().get::<Report>();
    let line = Line {
        request_id: request_id.to_str().unwrap_or_default(),
        method: method.as_str(),
        route: route.as_deref(),
        status: response.status().as_u16(),
        duration_ms: started.elapsed().as_secs_f64() * 1e3,
        error: report.map(|report| report.code.as_str()),
        cause: report.and_then(|report| report.cause.as_deref()),
    };
    line.write();
    response
}

struct Line<'a> {
    request_id: &'a str,
    method: &'a str,
    route: Option<&'a str>,
    status: u16,
    duration_ms: f64,
    error: Option<&'a str>,
    cause: Option<&'a str>,
}

impl Line<'_> {
    fn write(&self) {
        let Self { request_id, method, route, status, duration_ms, error, cause } = *self;
        if status >= 500 {
            tracing::error!(request_id, method, route, status, duration_ms, error, cause, "request");
        } else {
            tracing::info!(request_id, method, route, status, duration_ms, error, cause, "request");
        }
    }
}
