//! Revoking a key: the next request with it is refused.

use axum::extract::State;
use axum::http::StatusCode;
use shared::access::Caller;
use shared::http::IfMatch;
use shared::model::ApiKey;
use shared::store::{Versioned, collection};
use shared::{App, Error};

use crate::api_key::{ApiKeyPath, check_visible};

/// Revoke an API key
///
/// The next request with it is refused.
#[utoipa::path(
    delete,
    path = "/api/api-keys/{id}/",
    operation_id = "delete_api_key",
    tag = "API keys",
    params(ApiKeyPath),
    responses((status = 204, description = "The key is revoked.")),
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    ApiKeyPath { id }: ApiKeyPath,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    let check = |key: &Versioned<ApiKey>| {
        check_visible(&caller, &key.entity)?;
        if_match.check(key.tag())
    };
    collection::delete(&app.store, caller.organization(), id.into(), check).await?;
    Ok(StatusCode::NO_CONTENT)
}
