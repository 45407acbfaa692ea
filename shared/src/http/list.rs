//! Answering a list: which of its entities, how many, and where the other pages are.

use axum::http::Uri;

use super::RequestContext;
use super::page::{Page, PageLinks, PageRequest};
use crate::access::{Caller, Tenant};
use crate::store::collection::{self, Row};
use crate::store::directory::Filter;
use crate::{App, Error};

/// What a list handler asks for.
pub struct ListRequest<'a> {
    /// The stores.
    pub app: &'a App,
    /// Whose list.
    pub tenant: Tenant,
    /// For the links.
    pub context: &'a RequestContext,
    /// For the links.
    pub uri: &'a Uri,
    /// Which page.
    pub page: PageRequest,
}

/// A page of the tenant's rows that pass the filters. The directory is read beside admission; `filters` is asked after
/// it, and then the rows are read.
pub async fn list<R: Row>(
    request: ListRequest<'_>,
    filters: impl FnOnce(&Caller) -> Vec<Filter>,
) -> Result<Page<R>, Error> {
    let ListRequest { app, tenant, context, uri, page } = request;
    let organization = tenant.organization;
    let directory = async { Ok(collection::directory::<R>(&app.store, organization).await?) };
    let (directory, caller) = tokio::try_join!(directory, tenant.caller())?;
    let (count, ids) = directory.select(&filters(&caller), page.offset(), page.limit());
    let links = PageLinks::new(page, count, context, uri)?;
    let rows = collection::rows::<R>(&app.store, organization, &ids).await?;
    Ok(links.with(rows))
}
