//! The id in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::{Code, Error, shown};

/// The `{id}` of a route. What is no id names nothing: a 404, as for an id that is not there.
#[derive(Clone, Copy, Debug)]
pub struct PathId(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::new(Code::NotFound, "The ID in the path is not percent-encoded UTF-8."))?;
        let id = text.parse().ok().filter(|id| *id > 0 && text.bytes().all(|byte| byte.is_ascii_digit()));
        id.map(Self).ok_or_else(|| {
            Error::new(
                Code::NotFound,
                format!("{:?} is not an ID: IDs are whole numbers from 1.", shown(&text)),
            )
        })
    }
}
