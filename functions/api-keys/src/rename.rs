//! Renaming a key.

use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use shared::access::Caller;
use shared::base::{Fields, Name};
use shared::http::{IfMatch, MergePatch, Tagged};
use shared::model::ApiKey;
use shared::store::Versioned;
use shared::store::collection::{self, Change};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::api_key::{ApiKeyPath, ApiKeyView, check_own, tagged};

/// What may be changed of an API key.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ApiKeyUpdate, examples(json!({ "name": "weekly job" })))]
pub(crate) struct ApiKeyFields {
    name: Name,
}

/// Rename an API key
///
/// One's own only.
#[utoipa::path(
    patch,
    path = "/api/api-keys/{id}/",
    operation_id = "update_api_key",
    tag = "API keys",
    params(ApiKeyPath),
    request_body = ApiKeyFields,
    responses((status = 200, description = "The key as it is now.", body = ApiKeyView)),
)]
pub(crate) async fn rename(
    State(app): State<App>,
    caller: Caller,
    ApiKeyPath { id }: ApiKeyPath,
    if_match: IfMatch,
    patch: MergePatch<ApiKeyFields>,
) -> Result<Tagged<ApiKeyView>, Error> {
    let change = |key: &Versioned<ApiKey>| {
        check_own(&caller, &key.entity)?;
        let ApiKeyFields { name } = patch.apply(&ApiKeyFields { name: key.entity.name.clone() })?;
        if_match.check(key.tag())?;
        if name == key.entity.name {
            return Ok(Change::Keep);
        }
        Ok::<_, Error>(Change::Replace(ApiKey { name, ..key.entity.clone() }, Vec::new()))
    };
    let key = collection::modify(&app.store, caller.organization(), id.into(), change).await?;
    Ok(tagged(key))
}
