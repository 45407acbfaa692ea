//! Renaming a key.

use axum::extract::State;
use deserr::Deserr;
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{IfMatch, JsonBody, PathId, Tagged};
use shared::model::{ApiKey, Name};
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::api_key::{ApiKeyView, check_own};

/// What is to change of an API key.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ApiKeyUpdate, examples(json!({ "name": "weekly job" })))]
pub(crate) struct Rename {
    #[deserr(default)]
    name: Option<Name>,
}

/// Rename an API key
///
/// One's own only.
#[utoipa::path(
    patch,
    path = "/api/api-keys/{id}/",
    operation_id = "update_api_key",
    tag = "API keys",
    request_body = Rename,
    responses((status = 200, description = "The key as it is now.", body = ApiKeyView)),
)]
pub(crate) async fn rename(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    if_match: IfMatch,
    JsonBody(Rename { name }): JsonBody<Rename>,
) -> Result<Tagged<ApiKeyView>, Error> {
    let key = collection::modify(&app.store, caller.organization(), id, &[], |key: &Versioned<ApiKey>, _| {
        check_own(&caller, &key.entity)?;
        if_match.check(key)?;
        Ok(match &name {
            None => Change::Keep,
            Some(name) => Change::Replace(ApiKey { name: name.clone(), ..key.entity.clone() }, Vec::new()),
        })
    })
    .await?;
    Ok(Tagged::new(key, ApiKeyView::from))
}
