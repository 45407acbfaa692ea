//! Revoking a key: the next request with it is refused.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Caller;
use shared::http::PathId;
use shared::model::ApiKey;
use shared::store::collection::{self, Change};
use shared::{App, Error};

use crate::api_key::check_visible;

pub(crate) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    collection::modify(&app.store, caller.organization(), id, |key: &ApiKey| {
        check_visible(&caller, key)?;
        Ok(Change::Delete)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
