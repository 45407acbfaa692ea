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
