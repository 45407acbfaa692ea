//! One log line per request, and the headers that every response carries.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Level;

use crate::access::LoggedCaller;
use crate::base::error::Report;
use crate::base::metrics;
use crate::http::{RequestContext, canonical};
use crate::service::App;
use crate::store::meter::{Meter, Reading};

/// Browsers go to HTTPS by themselves from then on (RFC 6797). Ignored where it comes over HTTP, as locally.
const HTTPS_FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs the request, then logs its route (never its path or query, which may hold what should not be kept), its
/// outcome, what it cost and, for an error, its cause.
pub(super) async fn log(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let context = RequestContext::of(&request, app.config.public_base_url.as_deref());
    let request_id = context.request_id.clone();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| canonical(path.as_str()));
    request.extensions_mut().insert(context);

    let meter = Meter::current();
    let mut response = meter.measure(next.run(request)).await;

    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, request_id.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_FOR_A_YEAR);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));

    let duration = started.elapsed();
    metrics::count_request(response.status(), duration);
    let report = response.extensions().get::<Report>();
    let caller = response.extensions().get::<LoggedCaller>();
    let line = Line {
        request_id: request_id.to_str().unwrap_or_default(),
        method: method.as_str(),
        route: route.as_deref(),
        status: response.status().as_u16(),
        duration_ms: (duration.as_secs_f64() * 1e5).round() / 1e2,
        organization: caller.map(|caller| u64::from(caller.organization)),
        user: caller.map(|caller| u64::from(caller.user)),
        credential: caller.map(|caller| caller.credential),
        cost: meter.read(),
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
    organization: Option<u64>,
    user: Option<u64>,
    credential: Option<&'a str>,
    cost: Reading,
    error: Option<&'a str>,
    cause: Option<&'a str>,
}

impl Line<'_> {
    fn write(&self) {
        /// The fields in their order; a level is fixed where it is logged.
        macro_rules! write_at {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    request_id = self.request_id,
                    method = self.method,
                    route = self.route,
                    status = self.status,
                    duration_ms = self.duration_ms,
                    organization = self.organization,
                    user = self.user,
                    credential = self.credential,
                    rounds = self.cost.rounds,
                    read_units = self.cost.read_units,
                    write_units = self.cost.write_units,
                    bytes_scanned = self.cost.bytes_scanned,
                    error = self.error,
                    cause = self.cause,
                    "request"
                )
            };
        }
        if self.status >= 500 {
            write_at!(Level::ERROR);
        } else {
            write_at!(Level::INFO);
        }
    }
}
