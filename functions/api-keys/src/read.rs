//! Looking at keys: those of one's own, or everybody's.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use shared::access::{Permission, Tenant};
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageSize};
use shared::http::{ListRequest, PathId, Query, Tagged};
use shared::model::ApiKey;
use shared::model::api_key::created_by;
use shared::store::collection;
use shared::{App, Error};

use crate::api_key::{ApiKeyView, check_visible};

#[derive(Deserr)]
#[deserr(error = Fields, deny_unknown_fields)]
pub(crate) struct List {
    #[deserr(default)]
    page: PageNumber,
    #[deserr(default)]
    page_size: PageSize,
}

pub(crate) async fn list(
    request: ListRequest,
    Query(List { page, page_size }): Query<List>,
) -> Result<Json<Page<ApiKeyView>>, Error> {
    let keys = request.page::<ApiKey>(page, page_size, |caller| {
        if caller.may(Permission::ManageAnyApiKeys) { Vec::new() } else { vec![created_by(caller.user().id)] }
    });
    Ok(Json(keys.await?.map(ApiKeyView::from)))
}

pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    PathId(id): PathId,
) -> Result<Tagged<ApiKeyView>, Error> {
    let organization = tenant.organization;
    let found = async { Ok(collection::get::<ApiKey>(&app.store, organization, id).await?) };
    let (key, caller) = tokio::try_join!(found, tenant.caller())?;
    check_visible(&caller, &key.entity)?;
    Ok(Tagged::new(key, ApiKeyView::from))
}
