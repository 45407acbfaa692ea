//! The answer to a `POST` that made something.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// 201, with `Location` and what was made.
#[derive(Debug)]
pub struct Created<T> {
    /// Where it is, as an absolute URL.
    pub location: String,
    /// What it is.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, [(LOCATION, self.location)], axum::Json(self.body)).into_response()
    }
}
