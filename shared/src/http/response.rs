//! From a response to what API Gateway is handed.
//!
//! `lambda_http` would go by the type that a response says and turn texts of any encoding into UTF-8, with the tables of all encodings that
//! there are: a twentieth of a function, for responses that are all UTF-8.

use std::pin::Pin;

use axum::body::{Body as ResponseBody, to_bytes};
use axum::http::{Response, StatusCode};
use lambda_http::{Body, IntoResponse};

/// A response for API Gateway: what is UTF-8 is handed over as it is, and anything else in base64. The gateway sends both as they
/// were, whatever their type is (`BinaryMediaTypes` in `template.yaml`).
pub(crate) struct GatewayResponse(pub(crate) Response<ResponseBody>);

impl IntoResponse for GatewayResponse {
    fn into_response(self) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>> {
        Box::pin(async move {
            let (mut parts, body) = self.0.into_parts();
            let body = match to_bytes(body, usize::MAX).await {
                Ok(bytes) => match String::from_utf8(bytes.into()) {
                    Ok(text) => Body::Text(text),
                    Err(error) => Body::Binary(error.into_bytes()),
                },
                Err(error) => {
                    tracing::error!(%error, "a response breaks off");
                    parts.status = StatusCode::INTERNAL_SERVER_ERROR;
                    Body::Text(String::new())
                }
            };
            Response::from_parts(parts, body)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::task::{Context, Poll};

    use axum::body::{Bytes, HttpBody};
    use hyper::body::Frame;

    use super::*;

    async fn handed_over(body: ResponseBody) -> (StatusCode, Body) {
        let response = GatewayResponse(Response::new(body)).into_response().await;
        (response.status(), response.into_body())
    }

    #[tokio::test]
    async fn what_is_utf8_is_a_text_and_anything_else_is_binary() {
        let text = "{\"name\":\"Größe 📈\"}";
        assert_eq!(handed_over(text.into()).await, (StatusCode::OK, Body::Text(text.to_owned())));
        assert_eq!(handed_over(ResponseBody::empty()).await, (StatusCode::OK, Body::Text(String::new())));
        let gzip = vec![0x1f, 0x8b, 0x08, 0x00];
        assert_eq!(handed_over(gzip.clone().into()).await, (StatusCode::OK, Body::Binary(gzip)));
    }

    #[tokio::test]
    async fn a_response_that_breaks_off_is_an_error() {
        struct BreaksOff;
        impl HttpBody for BreaksOff {
            type Data = Bytes;
            type Error = Error;

            fn poll_frame(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
                Poll::Ready(Some(Err(ErrorKind::UnexpectedEof.into())))
            }
        }
        let (status, body) = handed_over(ResponseBody::new(BreaksOff)).await;
        assert_eq!((status, body), (StatusCode::INTERNAL_SERVER_ERROR, Body::Text(String::new())));
    }
}
