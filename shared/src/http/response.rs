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
