//! The one table of error codes, and the envelope every error leaves in.
//!
//! An error has two sides that never mix: what its sender may read (`code`, `detail`, `fields`) and why it
//! happened (`cause`), which only the log gets.

mod fields;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub use fields::{Fields, Invalid};
pub(crate) use fields::{excerpt, kind_name, unknown_name};

/// Declares [`Code`] from its table, so that a code cannot be without its row.
macro_rules! codes {
    ($($variant:ident $status:literal $name:tt $message:literal)+) => {
        /// The codes of the `error` member, each with its status and its unchanging `message`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
        #[schema(as = ErrorCode)]
        pub enum Code {
            $(#[doc = concat!(stringify!($status), ": ", $message)] #[schema(rename = $name)] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the contract's table.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            const fn row(self) -> (u16, &'static str, &'static str) {
                match self {
                    $(Code::$variant => ($status, $name, $message),)+
                }
            }
        }
    };
}

codes! {
    BadRequest           400 "bad_request"            "The request is malformed."
    InvalidJson          400 "invalid_json"           "The request body is not valid JSON."
    ValidationError      400 "validation_error"       "The request has invalid or missing fields."
    NotAuthenticated     401 "not_authenticated"      "Authentication credentials were not provided."
    InvalidToken         401 "invalid_token"          "The token is not valid."
    TokenExpired         401 "token_expired"          "The token has expired."
    InvalidApiKey        401 "invalid_api_key"        "The API key is not valid."
    InvalidCredentials   401 "invalid_credentials"    "The email or the password is wrong."
    PermissionDenied     403 "permission_denied"      "You do not have permission to perform this action."
    ReadOnlyKey          403 "read_only_key"          "This API key can only read."
    HttpsRequired        403 "https_required"         "This API is served over HTTPS only."
    PlanLimitReached     403 "plan_limit_reached"     "The plan does not allow more."
    NotFound             404 "not_found"              "The requested resource does not exist."
    MethodNotAllowed     405 "method_not_allowed"     "This resource does not support the request's method."
    RequestTimeout       408 "request_timeout"        "The request did not arrive in time."
    Conflict             409 "conflict"               "The request conflicts with the current state of the resource."
    PreconditionFailed   412 "precondition_failed"    "The resource has changed since it was read."
    PayloadTooLarge      413 "payload_too_large"      "The request body is too large."
    UnsupportedMediaType 415 "unsupported_media_type" "The request body's media type is not supported."
    RateLimited          429 "rate_limited"           "Too many requests."
    InternalError        500 "internal_error"         "Something went wrong on our side."
    SourceError          502 "source_error"           "The data source could not be read."
    QueryTimeout         504 "query_timeout"          "The query took too long."
    ServiceUnavailable   503 "service_unavailable"    "The service is temporarily unavailable."
}

impl Code {
    /// The HTTP status that goes with the code.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The code as the envelope's `error` member spells it.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The envelope's `message`: the same for every error of the code.
    pub fn message(self) -> &'static str {
        self.row().2
    }

    /// What `WWW-Authenticate` says with the code (RFC 6750, section 3), for those that answer 401.
    fn challenge(self) -> Option<&'static str> {
        match self {
            Code::InvalidToken | Code::TokenExpired => {
                Some(r#"Bearer realm="claribi", error="invalid_token""#)
            }
            Code::NotAuthenticated | Code::InvalidApiKey | Code::InvalidCredentials => {
                Some(r#"Bearer realm="claribi""#)
            }
            _ => None,
        }
    }
}

type Cause = Box<dyn StdError + Send + Sync>;

/// What a handler answers when it cannot do what it was asked. Becomes the envelope by [`IntoResponse`].
pub struct Error(Box<Parts>);

struct Parts {
    code: Code,
    detail: Cow<'static, str>,
    fields: Option<Fields>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Cause>,
}

impl Error {
    /// An error whose `detail` tells its sender what happened this time and what to change.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        let headers = code
            .challenge()
            .map(|challenge| (WWW_AUTHENTICATE, HeaderValue::from_static(challenge)))
            .into_iter()
            .collect();
        Self(Box::new(Parts { code, detail: detail.into(), fields: None, headers, cause: None }))
    }

    /// A 400 that names each wrong field and why it is wrong.
    pub fn validation(fields: Fields) -> Self {
        let mut error = Self::new(Code::ValidationError, fields.summary());
        error.0.fields = Some(fields);
        error
    }

    /// A 500. The sender learns nothing about `cause`; the log does.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(
            Code::InternalError,
            "The request failed unexpectedly. Quote the X-Request-Id of this response when reporting it.",
        )
        .caused_by(cause)
    }

    /// A 503 with `Retry-After: 1`, for a dependency that throttles or does not answer.
    pub fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::new(
            Code::ServiceUnavailable,
            "A service this API depends on did not answer in time. Nothing is wrong with the request: try it again.",
        )
        .retry_after(1)
        .caused_by(cause)
    }

    /// Adds `Retry-After`: waiting that many seconds must be enough.
    pub fn retry_after(self, seconds: u32) -> Self {
        self.header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Adds a response header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Says why, for the log only.
    pub fn caused_by(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What its sender is told.
    pub fn envelope(&self) -> Envelope<'_> {
        let Parts { code, detail, fields, .. } = &*self.0;
        Envelope { error: code.as_str(), message: code.message(), detail, fields: fields.as_ref() }
    }

    /// Why, for the log only.
    pub fn cause(&self) -> Option<String> {
        self.0.cause.as_ref().map(|cause| chain(&**cause))
    }

    /// The error's code.
    pub fn code(&self) -> Code {
        self.0.code
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.0.code)
            .field("detail", &self.0.detail)
            .field("fields", &self.0.fields)
            .field("cause", &self.0.cause)
            .finish()
    }
}

/// What every error is answered with.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct Envelope<'a> {
    /// What kind of error it is, for programs.
    #[schema(value_type = Code)]
    error: &'static str,
    /// The same for all errors of a kind.
    message: &'static str,
    /// What happened this time, and what to change.
    detail: &'a str,
    /// The reasons by field, a nested one named by its path (`widgets[0].title`). Only with `validation_error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = BTreeMap<String, Vec<String>>, nullable = false)]
    fields: Option<&'a Fields>,
}

impl Envelope<'_> {
    /// What happened this time.
    pub fn detail(&self) -> &str {
        self.detail
    }
}

/// Left in the response's extensions for the request's log line.
#[derive(Clone)]
pub struct Report {
    /// The code that was sent.
    pub code: Code,
    /// Why, with all its sources; never sent.
    pub cause: Option<Arc<str>>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.code().status(), axum::Json(self.envelope())).into_response();
        let Parts { code, headers, cause, .. } = *self.0;
        response.headers_mut().extend(headers);
        let cause = cause.map(|cause| Arc::from(chain(&*cause)));
        response.extensions_mut().insert(Report { code, cause });
        response
    }
}

/// An error and its sources, outermost first: `a: b: c`.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
