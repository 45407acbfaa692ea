//! What a request shows to say who is calling.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use secrecy::SecretString;

use crate::base::{Code, Error};

/// A credential as presented, not yet verified.
#[derive(Clone, Debug)]
pub enum Credential {
    /// `Authorization: Bearer …`
    AccessToken(SecretString),
    /// `X-API-Key: …`
    ApiKey(SecretString),
}

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

impl Credential {
    /// The request's one credential.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, Error> {
        match (headers.contains_key(AUTHORIZATION), headers.contains_key(X_API_KEY)) {
            (false, true) => Self::api_key(headers),
            (true, true) => Err(missing("Authorization and X-API-Key are both there: send one of them.")),
            (_, false) => Self::access_token(headers),
        }
    }

    fn api_key(headers: &HeaderMap) -> Result<Self, Error> {
        let mut values = headers.get_all(X_API_KEY).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => {
                let Ok(key) = value.to_str() else {
                    return Err(missing("The X-API-Key header has characters outside ASCII."));
                };
                let key = key.trim();
                if key.is_empty() {
                    return Err(missing("The X-API-Key header is empty."));
                }
                Ok(Self::ApiKey(key.to_owned().into()))
            }
            _ => Err(missing("There are two X-API-Key headers: send one.")),
        }
    }

    fn access_token(headers: &HeaderMap) -> Result<Self, Error> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Err(missing("Send \"Authorization: Bearer <access token>\" or \"X-API-Key: <key>\"."));
        };
        if values.next().is_some() {
            return Err(missing("There are two Authorization headers: send one."));
        }
        let Ok(value) = value.to_str() else {
            return Err(missing("The Authorization header has characters outside ASCII."));
        };
        let (scheme, token) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        // Schemes compare without regard to case: RFC 9110, section 11.1.
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(missing("The Authorization header's scheme must be Bearer."));
        }
        let token = token.trim();
        if token.is_empty() {
            return Err(missing("The Authorization header has no token after Bearer."));
        }
        if token.contains(|c: char| c.is_ascii_whitespace() || c == ',') {
            return Err(missing("The Authorization header has more than one token after Bearer."));
        }
        Ok(Self::AccessToken(token.to_owned().into()))
    }
}

fn missing(detail: &'static str) -> Error {
    Error::new(Code::NotAuthenticated, detail)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use secrecy::ExposeSecret;

    use super::*;

    fn read(values: &[&str]) -> Result<String, Error> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        Credential::from_headers(&headers).map(|credential| match credential {
            Credential::AccessToken(secret) | Credential::ApiKey(secret) => secret.expose_secret().to_owned(),
        })
    }

    #[test]
    fn an_access_token_is_found() {
        assert_eq!(read(&["Bearer abc.def"]).unwrap(), "abc.def");
        assert_eq!(read(&["bearer   abc "]).unwrap(), "abc");
    }

    #[test]
    fn anything_else_says_what_to_send() {
        for values in [
            &[][..],
            &[""],
            &["Bearer"],
            &["Bearer "],
            &["Basic dXNlcjpwYXNz"],
            &["Bearer a b"],
            &["Bearer a, Bearer b"],
            &["Bearer a", "Bearer a"],
        ] {
            let error = read(values).unwrap_err();
            assert_eq!(error.code(), Code::NotAuthenticated, "{values:?}");
        }
    }
}
