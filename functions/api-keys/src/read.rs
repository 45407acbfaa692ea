//! Looking at keys: those of one's own, or everybody's.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use deserr::Deserr;
use shared::access::{Permission, Tenant};
use shared::error::Fields;
use shared::http::page::{Page, PageLinks, PageNumber, PageRequest, PageSize};
use shared::http::{PathId, Query, RequestContext};
use shared::model::ApiKey;
use shared::model::api_key::created_by;
use shared::store::{Collection, collection};
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
    State(app): State<App>,
    tenant: Tenant,
    context: RequestContext,
    uri: Uri,
    Query(List { page, page_size }): Query<List>,
) -> Result<Json<Page<ApiKeyView>>, Error> {
    let organization = tenant.organization;
    let directory = async { Ok(collection::directory::<ApiKey>(&app.store, organization).await?) };
    let (directory, caller) = tokio::try_join!(directory, tenant.caller())?;
    let filters = if caller.may(Permission::ManageAnyApiKeys) {
        Vec::new()
    } else {
        vec![created_by(caller.user().id)]
    };
    let page = PageRequest { number: page, size: page_size };
    let (count, ids) = directory.select(&filters, page.offset(), page.limit());
    let links = PageLinks::new(page, count, &context, &uri)?;
    let keys = collection::rows::<ApiKey>(&app.store, organization, &ids).await?;
    Ok(Json(links.with(keys.into_iter().map(ApiKeyView::from).collect())))
}

pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    PathId(id): PathId,
) -> Result<Json<ApiKeyView>, Error> {
    let organization = tenant.organization;
    let found = async { Ok(collection::find::<ApiKey>(&app.store, organization, id).await?) };
    let (found, caller) = tokio::try_join!(found, tenant.caller())?;
    let key = found.ok_or_else(|| collection::not_found(ApiKey::NOUN, id))?.entity;
    check_visible(&caller, &key)?;
    Ok(Json(key.into()))
}
