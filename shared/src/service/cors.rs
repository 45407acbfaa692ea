//! Pages of other origins: CORS, as the [Fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol) has it.
//!
//! Any origin is allowed unless the operator names some. That is safe: no cookie is ever read, so a page can only use credentials
//! that it was given.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::base::Invalid;

/// How long a browser may go by the answer to a preflight.
const MAX_AGE: Duration = Duration::from_hours(24);

/// What a page may send, beside what every page may.
const REQUEST_HEADERS: [HeaderName; 6] = [
    AUTHORIZATION,
    CONTENT_TYPE,
    IF_MATCH,
    IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("x-api-key"),
];

/// What a page may read, beside what every page may.
const RESPONSE_HEADERS: [HeaderName; 9] = [
    ETAG,
    LOCATION,
    RETRY_AFTER,
    HeaderName::from_static("idempotent-replayed"),
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-reset"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-truncated"),
];

/// The origins whose pages may call the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// All.
    Any,
    /// These, as browsers send them: `https://app.example.com`.
    These(Vec<HeaderValue>),
}

impl AllowedOrigins {
    /// Reads `*`, or origins with commas between them.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let origins = text.split(',').map(str::trim).map(|origin| {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let is_origin =
                host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ', '?', '#', '@']));
            let malformed = || {
                Invalid(
                    format!("{origin:?} is not an origin: write * or origins like https://app.example.com.")
                        .into(),
                )
            };
            if is_origin { HeaderValue::try_from(origin).map_err(|_| malformed()) } else { Err(malformed()) }
        });
        origins.collect::<Result<_, _>>().map(Self::These)
    }

    /// What answers preflights, and lets pages of these origins read the answers to their requests.
    pub(super) fn layer(&self) -> CorsLayer {
        let origin = match self {
            Self::Any => AllowOrigin::any(),
            Self::These(origins) => AllowOrigin::list(origins.iter().cloned()),
        };
        CorsLayer::new()
            .allow_origin(origin)
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE])
            .allow_headers(REQUEST_HEADERS)
            .expose_headers(RESPONSE_HEADERS)
            .max_age(MAX_AGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_send_them() {
        assert_eq!(AllowedOrigins::parse("*"), Ok(AllowedOrigins::Any));
        let two = AllowedOrigins::parse("https://app.example.com, http://localhost:5173").unwrap();
        let expected = ["https://app.example.com", "http://localhost:5173"].map(HeaderValue::from_static);
        assert_eq!(two, AllowedOrigins::These(expected.to_vec()));
        for text in [
            "",
            "app.example.com",
            "https://",
            "https://app.example.com/",
            "https://*.example.com",
            "*,https://a.b",
            "null",
        ] {
            assert!(AllowedOrigins::parse(text).is_err(), "{text}");
        }
    }
}
