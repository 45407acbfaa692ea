//! The answer to a `POST` that made something.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::RequestContext;
use super::etag::Tagged;

/// 201, with `Location` and what was made.
#[derive(Debug)]
pub struct Created<T> {
    pub(super) location: String,
    pub(super) body: Tagged<T>,
}

impl<T> Created<T> {
    /// What is at `path` from now on.
    pub fn new(context: &RequestContext, path: &str, body: Tagged<T>) -> Self {
        Self { location: context.url(path), body }
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, [(LOCATION, self.location)], self.body).into_response()
    }
}
