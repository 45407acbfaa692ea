//! Looking at keys: those of one's own, or everybody's.

use axum::Json;
use deserr::Deserr;
use shared::Error;
use shared::access::{Permission, Tenant};
use shared::error::Fields;
use shared::http::page::{Page, PageNumber, PageSize};
use shared::http::{ListRequest, PathId, Query, Tagged};
use shared::model::ApiKey;
use shared::model::api_key::created_by;
use shared::store::collection;
use utoipa::IntoParams;

use crate::api_key::{ApiKeyView, check_visible};

#[derive(Deserr, IntoParams)]
#[deserr(error = Fields, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct List {
    /// Which page, from 1.
    #[deserr(default)]
    #[param(inline, required = false)]
    page: PageNumber,
    /// How many results a page has, up to 100.
    #[deserr(default)]
    #[param(inline, required = false)]
    page_size: PageSize,
}

/// List API keys
///
/// In ascending order of ID: one's own, or everybody's with the permission `api_keys:any`.
#[utoipa::path(
    get,
    path = "/api/api-keys/",
    operation_id = "list_api_keys",
    tag = "API keys",
    params(List),
    responses((status = 200, description = "A page of them.", body = Page<ApiKeyView>)),
)]
pub(crate) async fn list(
    request: ListRequest,
    Query(List { page, page_size }): Query<List>,
) -> Result<Json<Page<ApiKeyView>>, Error> {
    let keys = request.page::<ApiKey>(page, page_size, |caller| {
        if caller.may(Permission::ManageAnyApiKeys) { Vec::new() } else { vec![created_by(caller.user().id)] }
    });
    Ok(Json(keys.await?.map(ApiKeyView::from)))
}

/// Read an API key
#[utoipa::path(
    get,
    path = "/api/api-keys/{id}/",
    operation_id = "get_api_key",
    tag = "API keys",
    responses((status = 200, description = "It.", body = ApiKeyView)),
)]
pub(crate) async fn get(tenant: Tenant, PathId(id): PathId) -> Result<Tagged<ApiKeyView>, Error> {
    let found = async { Ok(collection::get::<ApiKey>(&tenant, tenant.organization, id).await?) };
    let (key, caller) = tokio::try_join!(found, tenant.caller())?;
    check_visible(&caller, &key.entity)?;
    Ok(Tagged::new(key, ApiKeyView::from))
}
