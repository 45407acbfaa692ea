//! Query parameters: each known, each given once.

use axum::extract::{FromRequestParts, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use deserr::Deserr;
use serde_json::{Map, Value};

use super::input::Input;
use crate::base::error::unknown_name;
use crate::base::{Code, Error, Fields};

/// The query, read into `T`, whose fields are made from strings. A route whose handler takes none refuses any parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T> Input for Query<T> {
    const TAKES_QUERY: bool = true;
}

impl<T: Deserr<Fields>, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        deserr::deserialize(Value::Object(parameters(&parts.uri)?)).map(Self).map_err(Error::validation)
    }
}

/// Refuses every parameter: a typo must not pass silently.
pub(crate) async fn refuse_parameters(request: Request, next: Next) -> Response {
    let checked = parameters(request.uri()).and_then(|parameters| check_names(&parameters, &[]));
    match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Refuses parameters of other names than these.
pub(crate) fn check_names(parameters: &Map<String, Value>, known: &[&str]) -> Result<(), Error> {
    let mut fields = Fields::default();
    for name in parameters.keys().filter(|name| !known.contains(&name.as_str())) {
        fields.add(crate::base::error::excerpt(name), unknown_name(known));
    }
    fields.into_result()
}

/// The parameters, decoded.
pub(crate) fn parameters(uri: &Uri) -> Result<Map<String, Value>, Error> {
    let mut values = Map::new();
    let mut fields = Fields::default();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        // What was not UTF-8 comes out as U+FFFD, which no parameter of ours can use.
        if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Error::new(Code::BadRequest, "The query string is not percent-encoded UTF-8."));
        }
        if values.contains_key(&*name) {
            fields.add(crate::base::error::excerpt(&name), "Given more than once.");
        }
        values.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    fields.into_result()?;
    Ok(values)
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

    fn read(query: &str) -> Result<Filter, Error> {
        let uri = format!("/?{query}").parse::<Uri>().unwrap();
        deserr::deserialize(Value::Object(parameters(&uri)?)).map_err(Error::validation)
    }

    fn refusal(query: &str) -> String {
        format!("{:?}", read(query).unwrap_err())
    }

    #[test]
    fn values_are_decoded() {
        assert_eq!(read("").unwrap(), Filter { status: None });
        assert_eq!(read("status=a+b%2Fc").unwrap(), Filter { status: Some("a b/c".into()) });
    }

    #[test]
    fn mistakes_are_named() {
        assert!(refusal("satus=active").contains("satus: Unknown; expected status."));
        assert!(refusal("status=a&status=b").contains("status: Given more than once."));
        assert!(refusal("status=%ff").contains("UTF-8"));
    }
}
