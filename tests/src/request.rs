//! Requests to the router, in process. Awaiting one sends it.

use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Request};
use serde_json::Value;
use tower::ServiceExt;

use crate::{Reply, contract};

/// A request that can be added to, then sent.
#[must_use]
pub struct TestRequest {
    router: Router,
    request: Request<Body>,
}

impl TestRequest {
    /// A request without body or headers.
    pub fn new(router: Router, method: &str, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        Self { router, request: request.expect("a request") }
    }

    /// Shows an access token.
    pub fn token(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), format!("Bearer {token}"))
    }

    /// Shows an API key.
    pub fn api_key(self, key: &str) -> Self {
        self.header("x-api-key", key)
    }

    /// Adds a header; one of the same name stays.
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        self.request.headers_mut().append(name, value);
        self
    }

    /// Sends `body` as JSON.
    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string())
    }

    /// Sends `body` as it is, saying that it is JSON unless another type was set.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        if self.request.headers().contains_key(CONTENT_TYPE) {
            return self;
        }
        self.header(CONTENT_TYPE.as_str(), "application/json")
    }

    /// Leaves something in the request's extensions, as the front door does.
    pub fn extension(mut self, extension: impl Clone + Send + Sync + 'static) -> Self {
        self.request.extensions_mut().insert(extension);
        self
    }

    /// Sends it, and checks of the reply what holds for every reply.
    async fn send(self) -> Reply {
        let (method, uri) = (self.request.method().clone(), self.request.uri().clone());
        let Ok(response) = self.router.oneshot(self.request).await;
        let reply = Reply::read(response).await;
        contract::check(&method, &uri, &reply);
        reply
    }
}

impl IntoFuture for TestRequest {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
