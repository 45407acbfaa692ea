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

/// Revoke an API key
///
/// The next request with it is refused.
#[utoipa::path(
    delete,
    path = "/api/api-keys/{id}/",
    operation_id = "delete_api_key",
    tag = "API keys",
    responses((status = 204, description = "Revoked.")),
)]
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
