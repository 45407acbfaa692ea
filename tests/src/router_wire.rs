//! A service of AWS's that answers within the call, by its embedded server's own router, and fails as told. Its sockets would not take
//! part in paused time.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt;
use tower::ServiceExt;

/// A call to the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCall {
    /// The method.
    pub method: String,
    /// The path and the query.
    pub uri: String,
    /// The body, where it is one of a kilobyte or less.
    pub body: String,
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceFault {
    /// A 503; nothing is done.
    Unavailable,
    /// A 503 after it was done.
    LostAnswer,
    /// The answer ends in its middle.
    Truncated,
    /// No answer, ever.
    Hang,
    /// An error of that status and name; nothing is done.
    Refused(u16, &'static str),
}

type FaultPlan = dyn FnMut(&ServiceCall) -> Option<ServiceFault> + Send;

/// The service.
#[derive(Clone)]
pub struct RouterWire(Arc<Inner>);

struct Inner {
    router: Router,
    calls: Mutex<Vec<ServiceCall>>,
    plan: Mutex<Box<FaultPlan>>,
}

impl fmt::Debug for RouterWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouterWire")
    }
}

/// How much of a body a call shows.
const SHOWN_BYTES: usize = 1_024;

impl RouterWire {
    /// The service that the router answers for.
    pub fn new(router: Router) -> Self {
        let (calls, plan) =
            (Mutex::default(), Mutex::new(Box::new(|_: &ServiceCall| None) as Box<FaultPlan>));
        Self(Arc::new(Inner { router, calls, plan }))
    }

    /// Fails calls as `plan` says.
    pub fn fail(&self, plan: impl FnMut(&ServiceCall) -> Option<ServiceFault> + Send + 'static) {
        *self.0.plan.lock().expect("not poisoned") = Box::new(plan);
    }

    /// The calls since the last time this was asked.
    pub fn take_calls(&self) -> Vec<ServiceCall> {
        std::mem::take(&mut self.0.calls.lock().expect("not poisoned"))
    }

    /// For whoever calls the service.
    pub fn connector(&self) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }

    /// Sends a request that no SDK has made.
    pub async fn send(&self, request: axum::http::Request<Body>) -> axum::http::Response<Body> {
        let Ok(response) = self.0.router.clone().oneshot(request).await;
        response
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mut request = request.try_into_http1x().expect("a request");
        // An HTTP client adds it.
        let host = request.uri().authority().map(|authority| authority.as_str().to_owned());
        if let Some(host) = host {
            request.headers_mut().insert("host", host.parse().expect("a header value"));
        }
        let (parts, body) = request.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let call = ServiceCall {
            method: parts.method.to_string(),
            uri: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            body: String::from_utf8_lossy(&body[..body.len().min(SHOWN_BYTES)]).into_owned(),
        };
        // S3 alone answers in XML.
        let is_of_s3 = call.uri.contains("x-id=") || call.uri.contains("list-type=");
        let fault = (self.0.plan.lock().expect("not poisoned"))(&call);
        self.0.calls.lock().expect("not poisoned").push(call);
        if fault == Some(ServiceFault::Hang) {
            std::future::pending::<()>().await;
        }
        if fault == Some(ServiceFault::Unavailable) {
            return Ok(unavailable());
        }
        if let Some(ServiceFault::Refused(status, name)) = fault {
            let body = if is_of_s3 {
                format!("<Error><Code>{name}</Code><Message>refused by a test</Message></Error>")
            } else {
                format!(r#"{{"__type":"{name}","message":"refused by a test"}}"#)
            };
            return Ok(HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body)));
        }
        let response = self.send(axum::http::Request::from_parts(parts, body.into())).await;
        if fault == Some(ServiceFault::LostAnswer) {
            return Ok(unavailable());
        }
        let (parts, body) = response.into_parts();
        let mut body = body.collect().await.expect("a body").to_bytes();
        if fault == Some(ServiceFault::Truncated) {
            body.truncate(body.len() / 2);
        }
        let response = axum::http::Response::from_parts(parts, SdkBody::from(body));
        Ok(HttpResponse::try_from(response).expect("a response"))
    }
}

fn unavailable() -> HttpResponse {
    HttpResponse::new(
        503.try_into().expect("a status"),
        SdkBody::from("<Error><Code>SlowDown</Code></Error>"),
    )
}

impl HttpConnector for RouterWire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}
