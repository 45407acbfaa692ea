//! Reading keys: those of one's own, or everybody's.

use axum::Json;
use shared::Error;
use shared::access::{Permission, Tenant};
use shared::http::Tagged;
use shared::http::page::{Page, Paging};
use shared::model::ApiKey;
use shared::service::{ListRequest, NoFilters};
use shared::store::api_keys::created_by;
use shared::store::collection;

use crate::api_key::{ApiKeyPath, ApiKeyView, check_visible, tagged};

/// List API keys
///
/// In ascending order of ID: one's own, or everybody's with the permission `api_keys:any`.
#[utoipa::path(
    get,
    path = "/api/api-keys/",
    operation_id = "list_api_keys",
    tag = "API keys",
    params(Paging),
    responses((status = 200, description = "A page of API keys.", body = Page<ApiKeyView>)),
)]
pub(crate) async fn list(request: ListRequest<NoFilters>) -> Result<Json<Page<ApiKeyView>>, Error> {
    let keys = request.page_of::<ApiKey>(|caller| {
        if caller.may(Permission::ManageAnyApiKeys) { Vec::new() } else { vec![created_by(caller.user().id)] }
    });
    Ok(Json(keys.await?.map(ApiKeyView::from)))
}

/// Get an API key
#[utoipa::path(
    get,
    path = "/api/api-keys/{id}/",
    operation_id = "get_api_key",
    tag = "API keys",
    params(ApiKeyPath),
    responses((status = 200, description = "The API key.", body = ApiKeyView)),
)]
pub(crate) async fn get(tenant: Tenant, ApiKeyPath { id }: ApiKeyPath) -> Result<Tagged<ApiKeyView>, Error> {
    let key = collection::get::<ApiKey>(&tenant, tenant.organization, id.into());
    let (key, caller) = tokio::try_join!(key, tenant.caller())?;
    check_visible(&caller, &key.entity)?;
    Ok(tagged(key))
}
