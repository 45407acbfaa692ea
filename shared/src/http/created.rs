//! The answer to a `POST` that made something.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::etag::{REVALIDATE, Tagged};
use crate::base::Error;

/// 201, or 202 for what is done later, with `Location`, `ETag` and what was made. Written out once: what is kept for an `Idempotency-Key` is what is sent.
#[derive(Clone, Debug)]
pub struct Created<T> {
    status: StatusCode,
    headers: [(HeaderName, HeaderValue); 4],
    body: Bytes,
    shows: PhantomData<fn() -> T>,
}

impl<T: Serialize> Created<T> {
    /// What is at `url` from now on.
    pub(crate) fn new(status: StatusCode, url: &str, made: &Tagged<T>) -> Result<Self, Error> {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (LOCATION, HeaderValue::try_from(url).map_err(Error::internal)?),
            (ETAG, made.tag.header()),
            (CACHE_CONTROL, REVALIDATE),
        ];
        let body = serde_json::to_vec(&made.body).map_err(Error::internal)?.into();
        Ok(Self { status, headers, body, shows: PhantomData })
    }
}

impl<T> Created<T> {
    /// The status, the headers and the body.
    pub(crate) fn parts(&self) -> (StatusCode, &[(HeaderName, HeaderValue)], &Bytes) {
        (self.status, &self.headers, &self.body)
    }
}

impl<T> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}
