//! An answer as it is kept for an `Idempotency-Key`: its body as it was sent, since JSON within JSON would outgrow it.

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use crate::base::Error;

/// The largest body that is kept, in bytes. DynamoDB's items have 400 KB; the largest answer of a create, a dashboard with all the
/// widgets that it can have, has 320.
const MAX_BODY_BYTES: usize = 380_000;

/// A status, some headers and the body; `None` for one that was too large.
#[derive(Debug, PartialEq)]
pub(super) struct KeptAnswer {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Bytes>,
}

/// What comes before the body, in a line.
#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    has_body: bool,
}

impl KeptAnswer {
    /// A line of JSON, then the body.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let body = self.body.as_ref().filter(|body| body.len() <= MAX_BODY_BYTES);
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let head = Head {
            status: self.status.as_u16(),
            headers: self.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            has_body: body.is_some(),
        };
        let mut bytes = serde_json::to_vec(&head).map_err(Error::internal)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(body.map(Bytes::as_ref).unwrap_or_default());
        Ok(bytes)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| Error::internal("no line"))?;
        let Head { status, headers, has_body } =
            serde_json::from_slice(&bytes[..end]).map_err(Error::internal)?;
        let header = |(name, value): (String, String)| {
            Ok((
                HeaderName::try_from(name).map_err(Error::internal)?,
                HeaderValue::try_from(value).map_err(Error::internal)?,
            ))
        };
        Ok(Self {
            status: StatusCode::from_u16(status).map_err(Error::internal)?,
            headers: headers.into_iter().map(header).collect::<Result<_, Error>>()?,
            body: has_body.then(|| Bytes::from(bytes).slice(end + 1..)),
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::LOCATION;

    use super::*;

    fn answer(body: Vec<u8>) -> KeptAnswer {
        let headers = vec![(LOCATION, HeaderValue::from_static("https://example.com/api/dashboards/1/"))];
        KeptAnswer { status: StatusCode::CREATED, headers, body: Some(body.into()) }
    }

    #[test]
    fn an_answer_is_kept_as_it_was_sent() {
        let sent = answer(b"{\"name\": \"\\n\"}\n\n".to_vec());
        assert_eq!(KeptAnswer::from_bytes(sent.to_bytes().unwrap()).unwrap(), sent);
    }

    #[test]
    fn one_that_dynamodb_could_not_hold_is_kept_without_its_body() {
        let bytes = answer(vec![b'x'; 5_000_000]).to_bytes().unwrap();
        assert!(bytes.len() < 1_000);
        let kept = KeptAnswer::from_bytes(bytes).unwrap();
        assert_eq!((kept.status, kept.body), (StatusCode::CREATED, None));
    }
}
