//! Revoking a key: the next request with it is refused.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Caller;
use shared::http::{IfMatch, PathId};
use shared::model::ApiKey;
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};

use crate::api_key::check_visible;

pub(crate) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    collection::modify(&app.store, caller.organization(), id, &[], |key: &Versioned<ApiKey>, _| {
        check_visible(&caller, &key.entity)?;
        if_match.check(key)?;
        Ok(Change::Delete(Vec::new()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
