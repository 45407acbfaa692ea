//! Renaming a key.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{JsonBody, PathId};
use shared::model::{ApiKey, Name};
use shared::store::collection::{self, Change};
use shared::{App, Error};

use crate::api_key::{ApiKeyView, check_own};

#[derive(Deserr)]
#[deserr(error = Fields, deny_unknown_fields)]
pub(crate) struct Rename {
    #[deserr(default)]
    name: Option<Name>,
}

pub(crate) async fn rename(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    JsonBody(Rename { name }): JsonBody<Rename>,
) -> Result<Json<ApiKeyView>, Error> {
    let key = collection::modify(&app.store, caller.organization(), id, |key: &ApiKey| {
        check_own(&caller, key)?;
        Ok(match &name {
            None => Change::Keep,
            Some(name) => Change::Replace(ApiKey { name: name.clone(), ..key.clone() }),
        })
    })
    .await?;
    Ok(Json(key.into()))
}
