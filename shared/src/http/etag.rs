//! Versions of single objects on the wire: `ETag`, `If-None-Match` and `If-Match` (RFC 9110, sections 8.8 and 13.1).
//!
//! A tag is `"<version>.<side changes>"`. Reading again compares all of it. Writing compares the version alone: a key
//! that is in use changes its count all the time, which is no reason to refuse its new name.

use std::fmt;

use axum::Json;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::input::Input;
use crate::base::{Code, Error};

/// How single objects may be cached: by their reader, who asks each time whether it is still good.
pub const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The version of a single object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Counts its changes.
    pub version: u64,
    /// Counts those that are no reason to refuse a write, such as the uses of an API key.
    pub side_changes: u64,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}.{}\"", self.version, self.side_changes)
    }
}

impl Tag {
    /// The value of `ETag`.
    pub(crate) fn header(self) -> HeaderValue {
        // Digits, a dot and quotes are fit for a header.
        HeaderValue::try_from(self.to_string()).expect("visible ASCII")
    }
}

/// A single object, with its tag.
#[derive(Debug)]
pub struct Tagged<T> {
    /// Its version.
    pub tag: Tag,
    /// What is shown of it.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([(CACHE_CONTROL, REVALIDATE), (ETAG, self.tag.header())], Json(self.body)).into_response()
    }
}

/// What a write is conditioned on.
#[derive(Clone, Debug)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// `Ok` if the client may change the object whose version this is: it sent no condition, or saw that version. To be asked
    /// last: what is refused anyway is refused for its own reason (RFC 9110, section 13.2.1).
    pub fn check(&self, current: Tag) -> Result<(), Error> {
        let version = current.version.to_string();
        let is_seen =
            |tag: &String| tag == "*" || opaque(tag).and_then(|tag| tag.split('.').next()) == Some(&*version);
        if self.0.as_ref().is_none_or(|tags| tags.iter().any(is_seen)) {
            return Ok(());
        }
        let detail = format!("If-Match names another version; the current one is {current}. Read it again.");
        Err(Error::new(Code::PreconditionFailed, detail))
    }
}

impl Input for IfMatch {}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(Self(tags(&parts.headers, &IF_MATCH)?))
    }
}

/// What a client has already.
#[derive(Clone, Debug)]
pub struct IfNoneMatch(Option<Vec<String>>);

impl IfNoneMatch {
    /// Whether the client has what is tagged so: the text between the quotes.
    pub fn has(&self, tag: &str) -> bool {
        self.0.as_ref().is_some_and(|tags| tags.iter().any(|known| known == "*" || weak(known) == Some(tag)))
    }
}

impl Input for IfNoneMatch {}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(Self(tags(&parts.headers, &IF_NONE_MATCH)?))
    }
}

/// Answers a `GET` or `HEAD` of what the client has already with 304.
pub(crate) async fn not_modified(request: Request, next: Next) -> Response {
    let known = if request.method().is_safe() { tags(request.headers(), &IF_NONE_MATCH) } else { Ok(None) };
    let known = match known {
        Ok(known) => known,
        Err(refusal) => return refusal.into_response(),
    };
    let mut response = next.run(request).await;
    let tag = response.headers().get(ETAG).and_then(|tag| opaque(tag.to_str().ok()?));
    let is_known = |known: &String| known == "*" || (tag.is_some() && weak(known) == tag);
    if response.status() == StatusCode::OK
        && tag.is_some()
        && known.is_some_and(|known| known.iter().any(is_known))
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(axum::http::header::CONTENT_TYPE);
        response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
    }
    response
}

/// The tags of a header, which may be there more than once; `None` if it is not.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Vec<String>>, Error> {
    if !headers.contains_key(name) {
        return Ok(None);
    }
    let malformed =
        || Error::new(Code::BadRequest, format!("{name} must be * or tags as ETag gave them, in quotes."));
    let mut tags = Vec::new();
    for value in headers.get_all(name) {
        // Empty elements of a list do not count (RFC 9110, section 5.6.1.2).
        let elements = value.to_str().map_err(|_| malformed())?.split(',').map(str::trim);
        for tag in elements.filter(|tag| !tag.is_empty()) {
            if tag != "*" && weak(tag).is_none() {
                return Err(malformed());
            }
            tags.push(tag.to_owned());
        }
    }
    Ok(Some(tags))
}

/// What is between the quotes of a strong tag.
fn opaque(tag: &str) -> Option<&str> {
    tag.strip_prefix('"')?.strip_suffix('"')
}

/// What is between the quotes of a tag, strong or weak: reading compares weakly.
fn weak(tag: &str) -> Option<&str> {
    opaque(tag.strip_prefix("W/").unwrap_or(tag))
}
