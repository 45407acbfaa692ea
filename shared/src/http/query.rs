//! Query parameters: each known, each given once.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use deserr::Deserr;
use serde_json::{Map, Value};

use crate::error::{Code, Error, Fields};

/// The query, read into `T`, whose fields are made from strings. A route whose handler takes one says so
/// ([`super::Routes::with_query`]); all others refuse any parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: Deserr<Fields>, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Refuses every parameter: a typo must not pass silently.
pub(super) async fn refuse_parameters(request: Request, next: Next) -> Response {
    match read::<NoParameters>(request.uri().query().unwrap_or_default()) {
        Ok(NoParameters {}) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

#[derive(Deserr)]
#[deserr(deny_unknown_fields)]
struct NoParameters {}

fn read<T: Deserr<Fields>>(query: &str) -> Result<T, Error> {
    let mut values = Map::new();
    let mut fields = Fields::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // What was not UTF-8 comes out as U+FFFD, which no parameter of ours can use.
        if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Error::new(Code::BadRequest, "The query string is not percent-encoded UTF-8."));
        }
        if values.contains_key(&*name) {
            fields.add(&*name, "Given more than once.");
        }
        values.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    fields.into_result()?;
    deserr::deserialize(Value::Object(values)).map_err(Error::validation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserr, Debug, PartialEq)]
    #[deserr(deny_unknown_fields)]
    struct Filter {
        #[deserr(default)]
        status: Option<String>,
    }

    fn refusal(query: &str) -> String {
        format!("{:?}", read::<Filter>(query).unwrap_err())
    }

    #[test]
    fn values_are_decoded() {
        assert_eq!(read::<Filter>("").unwrap(), Filter { status: None });
        assert_eq!(read::<Filter>("status=a+b%2Fc").unwrap(), Filter { status: Some("a b/c".into()) });
    }

    #[test]
    fn mistakes_are_named() {
        assert!(refusal("satus=active").contains("satus: Unknown; expected status."));
        assert!(refusal("status=a&status=b").contains("status: Given more than once."));
        assert!(refusal("status=%ff").contains("UTF-8"));
    }
}
