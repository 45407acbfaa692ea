//! A small HTTP client for plain HTTP on this machine, over the connector that the AWS clients have.

use std::error::Error;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode};
use shared::base::error::chain;
use shared::store::aws;

/// A client that keeps its connections.
#[derive(Clone, Debug)]
pub(crate) struct HttpClient(SharedHttpConnector);

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    #[cfg_attr(not(test), expect(dead_code, reason = "tests look at them"))]
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// There was no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NoAnswer(String);

impl HttpClient {
    pub(crate) fn new() -> Self {
        Self(aws::connector().expect("the authorities that are compiled in are certificates"))
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Answer, NoAnswer> {
        self.try_send(request).await.map_err(|error| NoAnswer(chain(&*error)))
    }

    async fn try_send(&self, request: Request<Bytes>) -> Result<Answer, Box<dyn Error + Send + Sync>> {
        let request = HttpRequest::try_from(request.map(SdkBody::from))?;
        let response = self.0.call(request).await?.try_into_http1x()?;
        let (head, body) = response.into_parts();
        let body = ByteStream::new(body).collect().await?.into_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}
