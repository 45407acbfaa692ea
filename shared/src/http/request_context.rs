//! What the front door says about a request, read in one place: on Lambda from API Gateway's request context,
//! locally from the connection. Never from a header that a client can set.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use lambda_http::request::RequestContext as Gateway;
use uuid::Uuid;

use super::input::Input;
use crate::base::Error;

/// The other end of the connection, left in the request's extensions by a server that has one.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

/// Where a request came from, where it was sent, and its name in the logs.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// API Gateway's id of the request, or one of our own.
    pub request_id: HeaderValue,
    /// The client's address.
    pub source_ip: Option<IpAddr>,
    /// Scheme, host and, on the gateway's default domain, stage: what comes before the path.
    base_url: String,
}

impl RequestContext {
    /// Reads what the front door left in the request's extensions.
    pub fn of(request: &Request, public_base_url: Option<&str>) -> Self {
        let extensions = request.extensions();
        let path = request.uri().path();
        let (request_id, source_ip, gateway_url) = match extensions.get::<Gateway>() {
            Some(Gateway::ApiGatewayV1(gateway)) => (
                gateway.request_id.as_deref(),
                gateway.identity.source_ip.as_deref().and_then(|ip| ip.parse().ok()),
                https_url(gateway.domain_name.as_deref(), gateway.path.as_deref(), path),
            ),
            Some(Gateway::ApiGatewayV2(gateway)) => (
                gateway.request_id.as_deref(),
                gateway.http.source_ip.as_deref().and_then(|ip| ip.parse().ok()),
                https_url(gateway.domain_name.as_deref(), gateway.http.path.as_deref(), path),
            ),
            _ => (None, extensions.get::<PeerAddress>().map(|PeerAddress(ip)| *ip), None),
        };
        let request_id = request_id.and_then(|id| HeaderValue::from_str(id).ok());
        Self {
            request_id: request_id.unwrap_or_else(new_request_id),
            source_ip,
            base_url: public_base_url.map(str::to_owned).or(gateway_url).unwrap_or_default(),
        }
    }

    /// The URL of a path as the client would call it: `PUBLIC_BASE_URL` comes before it where that is set, and what the
    /// gateway was called by where not.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }
}

impl Input for RequestContext {}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let context = parts.extensions.get::<Self>().cloned();
        context.ok_or_else(|| Error::internal("a request that was not logged"))
    }
}

/// What comes before `path` in the gateway's own path is the stage.
fn https_url(domain: Option<&str>, gateway_path: Option<&str>, path: &str) -> Option<String> {
    let stage = gateway_path.and_then(|whole| whole.strip_suffix(path)).unwrap_or_default();
    Some(format!("https://{}{stage}", domain?))
}

fn new_request_id() -> HeaderValue {
    HeaderValue::try_from(Uuid::new_v4().to_string()).unwrap_or(HeaderValue::from_static("unknown"))
}
