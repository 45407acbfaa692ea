//! What the front door says about a request, read in one place: on Lambda from API Gateway's request context,
//! locally from the connection. Never from a header that a client can set.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::HeaderValue;
use lambda_http::request::RequestContext as Gateway;
use uuid::Uuid;

/// The other end of the connection, left in the request's extensions by a server that has one.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

/// Where a request came from, and its name in the logs.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// API Gateway's id of the request, or one of our own.
    pub request_id: HeaderValue,
    /// The client's address.
    pub source_ip: Option<IpAddr>,
}

impl RequestContext {
    /// Reads what the front door left in the request's extensions.
    pub fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        let (request_id, source_ip) = match extensions.get::<Gateway>() {
            Some(Gateway::ApiGatewayV1(gateway)) => (
                gateway.request_id.clone(),
                gateway.identity.source_ip.as_deref().and_then(|ip| ip.parse().ok()),
            ),
            Some(Gateway::ApiGatewayV2(gateway)) => {
                (gateway.request_id.clone(), gateway.http.source_ip.as_deref().and_then(|ip| ip.parse().ok()))
            }
            _ => (None, extensions.get::<PeerAddress>().map(|PeerAddress(ip)| *ip)),
        };
        let request_id =
            request_id.and_then(|id| HeaderValue::try_from(id).ok()).unwrap_or_else(new_request_id);
        Self { request_id, source_ip }
    }
}

fn new_request_id() -> HeaderValue {
    HeaderValue::try_from(Uuid::new_v4().to_string()).unwrap_or(HeaderValue::from_static("unknown"))
}
